"""Says in words how a staff member stands: for tables, for one-line answers and for the live view; it prints nothing."""

from collections.abc import Iterable

from google.protobuf.timestamp_pb2 import Timestamp
from rich.text import Text

from onduty.v1 import staff_pb2
from onduty_cli.moments import elapsed_text, instant_of, moment_text
from onduty_cli.output import printable
from onduty_cli.words import STATUS_STYLES, direction_word, short_name, status_word

CAPABILITIES_LEGEND = "can: a = be assigned calls, d = dial out, i = get internal calls"
_IRREGULAR_LEGEND = "a call with ! was reported out of rule"


def status_text(status: int, break_reason: str = "") -> Text:
    """Returns a status with its break reason, in the status's colour."""
    style = STATUS_STYLES.get(short_name(staff_pb2.Status, status), "")
    return Text(printable(status_word(status, break_reason)), style=style)


def elapsed_in_status(staff: staff_pb2.Staff, now: int) -> str:
    """Returns for how long the visible status has lasted at ``now`` (microseconds since the epoch)."""
    return elapsed_text(now - instant_of(staff.status_started_at))


def capabilities_marks(capabilities: staff_pb2.Capabilities) -> str:
    """Returns one letter for each thing that is possible now and a dot for each that is not, as in ``a·i``."""
    marks = (
        ("a", capabilities.assign_inbound),
        ("d", capabilities.dial_out),
        ("i", capabilities.internal_calls),
    )
    return "".join(letter if possible else "·" for letter, possible in marks)


def legend_of(shown: Iterable[staff_pb2.Staff]) -> str:
    """Returns what the marks in a table of these staff mean."""
    is_marked = any(call.irregular for member in shown for call in member.calls)
    return f"{CAPABILITIES_LEGEND}; {_IRREGULAR_LEGEND}" if is_marked else CAPABILITIES_LEGEND


def calls_text(staff: staff_pb2.Staff) -> str:
    """Returns the ids of the calls in progress; a call out of rule bears an exclamation mark."""
    return ", ".join(printable(call.call_id) + ("!" if call.irregular else "") for call in staff.calls)


def next_text(staff: staff_pb2.Staff) -> str:
    """Returns the choice that applies after call and wrap-up; empty if none is set."""
    return printable(status_word(staff.next.status, staff.next.break_reason)) if staff.HasField("next") else ""


def circumstances(staff: staff_pb2.Staff, now: int) -> str:
    """Returns what else is going on: an offer, the wrap-up's rest, an overdue break, a lost workspace; often nothing."""
    said = [_offer(staff, now), _wrap_up(staff, now), _connection(staff, now), _break(staff, now)]
    return ", ".join(part for part in said if part)


def sentence(staff: staff_pb2.Staff) -> str:
    """Returns how a staff member stands in one line, for the answer to a request."""
    said = f"{staff.staff_id} is {status_word(staff.status, staff.break_reason)}"
    if staff.calls:
        said += " in " + ", ".join(f"{call.call_id} ({_call_words(call)})" for call in staff.calls)
    if staff.HasField("offer"):
        said += f", call {staff.offer.call_id} on offer as claim {staff.offer.claim_id}"
    if staff.HasField("wrap_up"):
        ends_at = staff.wrap_up.ends_at
        until = f"until {moment_text(instant_of(ends_at))}" if staff.wrap_up.HasField("ends_at") else "open-ended"
        said += f", wrap-up {until}"
    if staff.HasField("next"):
        said += f", next {status_word(staff.next.status, staff.next.break_reason)}"
    return f"{said} (revision {staff.revision})"


def _call_words(call: staff_pb2.Call) -> str:
    return f"{direction_word(call.direction)}, on hold" if call.on_hold else direction_word(call.direction)


def _left(until: Timestamp, now: int) -> str:
    return f"{elapsed_text(instant_of(until) - now)} left"


def _offer(staff: staff_pb2.Staff, now: int) -> str:
    if not staff.HasField("offer"):
        return ""
    return f"call {printable(staff.offer.call_id)} on offer, {_left(staff.offer.expires_at, now)}"


def _wrap_up(staff: staff_pb2.Staff, now: int) -> str:
    if staff.status != staff_pb2.STATUS_AFTER_CALL_WORK:
        return ""
    if staff.wrap_up.HasField("ends_at"):
        return _left(staff.wrap_up.ends_at, now)
    return f"open-ended, {_left(staff.wrap_up.capped_at, now)}" if staff.wrap_up.HasField("capped_at") else "open-ended"


def _connection(staff: staff_pb2.Staff, now: int) -> str:
    if staff.connection.lapsed:
        return "workspace lost, offline after the call"
    if staff.connection.HasField("offline_at"):
        return f"workspace lost, offline in {elapsed_text(instant_of(staff.connection.offline_at) - now)}"
    return ""


def _break(staff: staff_pb2.Staff, now: int) -> str:
    if staff.overdue:
        return "break overdue"
    return _left(staff.break_ends_at, now) if staff.HasField("break_ends_at") else ""
