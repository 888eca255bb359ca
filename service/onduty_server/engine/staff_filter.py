"""Which staff a caller asks for, lists or watches."""

from dataclasses import dataclass

from onduty_server.domain.model.status import Status


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """Which staff: kinds are combined with AND, values of one kind with OR; None does not restrict."""

    staff_ids: frozenset[str] | None = None
    skill_groups: frozenset[str] | None = None
    statuses: frozenset[Status] | None = None

    def matches(self, staff_id: str, groups: tuple[str, ...], status: Status) -> bool:
        """Whether a staff member with these properties is in."""
        return (
            (self.staff_ids is None or staff_id in self.staff_ids)
            and (self.statuses is None or status in self.statuses)
            and (self.skill_groups is None or not self.skill_groups.isdisjoint(groups))
        )

    @property
    def is_open(self) -> bool:
        """Whether everybody is in."""
        return self.staff_ids is None and self.skill_groups is None and self.statuses is None


EVERYBODY = StaffFilter()


@dataclass(frozen=True, slots=True)
class ColleagueFilter(StaffFilter):
    """Which staff, of whom only what colleagues see is shown: changes of which they see nothing are left out."""
