"""Filters of staff: whom a caller is allowed to see, and which of those it lists or watches."""

from collections.abc import Iterable
from dataclasses import dataclass

from onduty_server.domain.model.status import Status


@dataclass(frozen=True, slots=True)
class StaffView:
    """Whom a restricted caller sees: the members of these skill groups. For it nobody else exists."""

    skill_groups: frozenset[str]

    def holds(self, groups: Iterable[str]) -> bool:
        """Whether a member of these groups is seen."""
        return not self.skill_groups.isdisjoint(groups)


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """Which staff: kinds are combined with AND, values of one kind with OR; None does not restrict.

    ``view`` is that of who asks: whoever is not in it is not in the filter.
    """

    staff_ids: frozenset[str] | None = None
    skill_groups: frozenset[str] | None = None
    statuses: frozenset[Status] | None = None
    view: StaffView | None = None

    def matches(self, staff_id: str, groups: tuple[str, ...], status: Status) -> bool:
        """Whether a staff member with these properties is in."""
        return (
            (self.staff_ids is None or staff_id in self.staff_ids)
            and (self.statuses is None or status in self.statuses)
            and (self.skill_groups is None or not self.skill_groups.isdisjoint(groups))
            and (self.view is None or self.view.holds(groups))
        )

    def shows(self, groups: tuple[str, ...]) -> bool:
        """Whether who asks may see somebody with these groups, be they in the filter or not."""
        return self.view is None or self.view.holds(groups)

    @property
    def is_open(self) -> bool:
        """Whether everybody is in."""
        return self.staff_ids is None and self.skill_groups is None and self.statuses is None and self.view is None


EVERYBODY = StaffFilter()


@dataclass(frozen=True, slots=True)
class ColleagueFilter(StaffFilter):
    """Which staff, of whom only what colleagues see is shown: changes of which they see nothing are left out."""
