"""Who of a floor can be assigned an inbound call, in order, of everybody and of each skill group. Pure: no I/O, no clock."""

from bisect import bisect_left, insort
from collections.abc import Iterable

from onduty.v1.staff_pb2 import STATUS_AVAILABLE, Staff

_Place = tuple[int, int, str]
"""Since when somebody is idle, seconds and nanoseconds, and who: the order in which calls are assigned."""


class FreeStaff:
    """Lists that are kept in order change by change, so that asking for them costs only what they hold."""

    def __init__(self) -> None:
        """Nobody is free."""
        self._lists: dict[str, list[_Place]] = {}
        # Where each who is free stands, and in which lists.
        self._places: dict[str, tuple[_Place, tuple[str, ...]]] = {}

    def fill(self, everybody: Iterable[Staff]) -> None:
        """Forget all that was put, and take these."""
        self._lists.clear()
        self._places.clear()
        for staff in everybody:
            if is_free(staff):
                place, groups = self._stand(staff)
                for group in groups:
                    self._lists.setdefault(group, []).append(place)
        for places in self._lists.values():
            places.sort()

    def put(self, staff: Staff) -> None:
        """Somebody is as the message says."""
        self.remove(staff.staff_id)
        if is_free(staff):
            place, groups = self._stand(staff)
            for group in groups:
                insort(self._lists.setdefault(group, []), place)

    def remove(self, staff_id: str) -> None:
        """Somebody is not free, or not there."""
        place, groups = self._places.pop(staff_id, (None, ()))
        for group in groups:
            places = self._lists[group]
            del places[bisect_left(places, place)]  # type: ignore[type-var]

    def ids(self, skill_group: str) -> list[str]:
        """Who is free, longest idle first; of everybody where the group is empty."""
        return [staff_id for _, _, staff_id in self._lists.get(skill_group, ())]

    def _stand(self, staff: Staff) -> tuple[_Place, tuple[str, ...]]:
        place = staff.idle_started_at.seconds, staff.idle_started_at.nanos, staff.staff_id
        groups = ("", *{group.name for group in staff.skill_groups if group.name})
        self._places[staff.staff_id] = place, groups
        return place, groups


def is_free(staff: Staff) -> bool:
    """Whether an inbound call may be assigned."""
    return staff.capabilities.assign_inbound and staff.status == STATUS_AVAILABLE
