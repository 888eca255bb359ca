"""Finds in the history when staff signed in first and out last on each day; it shows nothing."""

from dataclasses import dataclass, field

from onduty.v1 import history_service_pb2, staff_pb2
from onduty_cli.client_command import Invocation
from onduty_cli.history_pages import transition_pages
from onduty_cli.moments import day_of, instant_of, iso_text, timestamp_of

_OFFLINE = staff_pb2.STATUS_OFFLINE


@dataclass(slots=True)
class SignIns:
    """By day and staff id, as ISO 8601 texts. It holds two instants a person and day."""

    _first_in: dict[tuple[str, str], int] = field(default_factory=dict)
    _last_out: dict[tuple[str, str], int] = field(default_factory=dict)

    def take_in(self, transition: staff_pb2.Transition) -> None:
        """Notes a change, if it is a sign-in or a sign-out. The changes come oldest first."""
        was_out = transition.kind == staff_pb2.TRANSITION_KIND_CREATED or transition.previous_status == _OFFLINE
        is_out = transition.kind == staff_pb2.TRANSITION_KIND_DELETED or transition.status == _OFFLINE
        if was_out == is_out:
            return
        instant = instant_of(transition.changed_at)
        key = day_of(instant).isoformat(), transition.staff_id
        if is_out:
            self._last_out[key] = instant
        else:
            self._first_in.setdefault(key, instant)

    def first_sign_in(self, day: str, staff_id: str) -> str:
        """Returns when the person first signed in on the day; empty if never."""
        instant = self._first_in.get((day, staff_id))
        return "" if instant is None else iso_text(instant)

    def last_sign_out(self, day: str, staff_id: str) -> str:
        """Returns when the person last signed out on the day; empty if never."""
        instant = self._last_out.get((day, staff_id))
        return "" if instant is None else iso_text(instant)


def sign_ins_by_day(run: Invocation, staff: list[str] | None, start: int, end: int) -> SignIns:
    """Reads the status changes of an interval, in microseconds since the epoch."""
    found = SignIns()
    if end <= start:
        return found
    wanted = history_service_pb2.TransitionFilter(
        staff_ids=staff or (), starts_at=timestamp_of(start), ends_at=timestamp_of(end), status_changes_only=True
    )
    for page in transition_pages(run, wanted, newest_first=False):
        for transition in page:
            found.take_in(transition)
    return found
