"""Draws changes and times in status as tables; it asks the server nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from onduty.v1 import history_service_pb2, staff_pb2
from onduty_server.cli.moments import MICROSECONDS, elapsed_text, instant_of, length_of, moment_text, zone_text
from onduty_server.cli.output import plain_table, printable
from onduty_server.cli.staff_words import status_text
from onduty_server.cli.words import STATUS_ORDER, cause_words, short_name


def transitions_table(transitions: Iterable[staff_pb2.Transition], *, with_heading: bool = True) -> Table:
    """Returns a row for each change, in the order given."""
    transitions = list(transitions)
    when = f"when ({zone_text(instant_of(transitions[0].changed_at))})" if transitions else "when"
    table = plain_table("revision", when, "who", "from → to", "previous lasted", "cause", "actor", "call", "note")
    table.show_header = with_heading
    for transition in transitions:
        table.add_row(
            Text(str(transition.revision)),
            Text(moment_text(instant_of(transition.changed_at))),
            Text(printable(transition.staff_id)),
            from_to(transition),
            Text(time_in_previous(transition)),
            Text(printable(cause_words(transition.cause))),
            Text(printable(actor_words(transition.actor))),
            Text(printable(transition.call_id)),
            Text(printable(transition.note)),
        )
    return table


def from_to(transition: staff_pb2.Transition) -> Text:
    """Returns the statuses before and after, in their colours; the status alone where the change left it."""
    after = status_text(transition.status, transition.break_reason)
    if transition.created:
        return Text("created ") + after
    if transition.deleted:
        return Text("deleted ") + after
    before = status_text(transition.previous_status, transition.previous_break_reason)
    return after if before == after else Text.assemble(before, " → ", after)


def time_table(staff: Sequence[history_service_pb2.StaffTime]) -> Table:
    """Returns the seconds by staff member, status and break reason, each with its share, and totals."""
    table = plain_table("staff", "status", "time", "seconds", "share", "calls")
    for heading in (2, 3, 4, 5):
        table.columns[heading].justify = "right"
    sums: Counter[tuple[int, str]] = Counter()
    for member in staff:
        seconds: dict[tuple[int, str], float] = {(time.status, time.break_reason): time.seconds for time in member.times}
        sums.update(seconds)
        _add_times(table, member.staff_id, seconds, member.calls_started)
    if len(staff) > 1:
        _add_times(table, f"all {len(staff)}", dict(sums), sum(member.calls_started for member in staff))
    return table


def _add_times(table: Table, who: str, seconds: dict[tuple[int, str], float], calls: int) -> None:
    total = sum(seconds.values())
    for status, reason in sorted(seconds, key=_rank):
        spent = seconds[status, reason]
        share = f"{spent / total:.1%}" if total else ""
        row = (Text(printable(who)), status_text(status, reason), *_spent(spent), Text(share), Text(""))
        table.add_row(*row)
    table.add_row(Text(printable(who)), Text("total"), *_spent(total), Text(""), Text(str(calls)), style="bold")


def _rank(status_and_reason: tuple[int, str]) -> tuple[int, str]:
    status, reason = status_and_reason
    return (STATUS_ORDER.index(status) if status in STATUS_ORDER else len(STATUS_ORDER)), reason


def _spent(seconds: float) -> tuple[Text, Text]:
    return Text(elapsed_text(round(seconds * MICROSECONDS))), Text(f"{seconds:.3f}")


def time_in_previous(transition: staff_pb2.Transition) -> str:
    """Returns how long the status before had lasted; empty where the change left it as it was."""
    if not transition.HasField("time_in_previous_status"):
        return ""
    return elapsed_text(length_of(transition.time_in_previous_status))


def actor_words(actor: staff_pb2.Actor) -> str:
    """Returns the part played and the id: ``supervisor ana``."""
    role = short_name(staff_pb2.ActorRole, actor.role).lower()
    return f"{role} {actor.id}".rstrip()
