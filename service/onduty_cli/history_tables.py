"""Draws changes as a table; it asks the server nothing."""

from collections.abc import Iterable, Mapping

from rich.table import Table
from rich.text import Text

from onduty.v1 import staff_pb2
from onduty_cli.moments import elapsed_text, instant_of, length_of, moment_text, zone_text
from onduty_cli.output import plain_table, printable
from onduty_cli.staff_words import status_text
from onduty_cli.words import cause_words, short_name


def transitions_table(
    transitions: Iterable[staff_pb2.Transition], names: Mapping[str, str], *, with_heading: bool = True
) -> Table:
    """Returns a row for each change, in the order given; ``names`` are those of the staff by id."""
    transitions = list(transitions)
    when = f"when ({zone_text(instant_of(transitions[0].changed_at))})" if transitions else "when"
    table = plain_table("revision", when, "who", "name", "from → to", "previous lasted", "cause", "actor", "call", "note")
    table.show_header = with_heading
    for transition in transitions:
        table.add_row(
            Text(str(transition.revision)),
            Text(moment_text(instant_of(transition.changed_at))),
            Text(printable(transition.staff_id)),
            Text(printable(names.get(transition.staff_id, ""))),
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
    if transition.kind == staff_pb2.TRANSITION_KIND_CREATED:
        return Text("created ") + after
    if transition.kind == staff_pb2.TRANSITION_KIND_DELETED:
        return Text("deleted ") + after
    before = status_text(transition.previous_status, transition.previous_break_reason)
    return after if before == after else Text.assemble(before, " → ", after)


def time_in_previous(transition: staff_pb2.Transition) -> str:
    """Returns how long the status before had lasted; empty where the change left it as it was."""
    if not transition.HasField("time_in_previous_status"):
        return ""
    return elapsed_text(length_of(transition.time_in_previous_status))


def actor_words(actor: staff_pb2.Actor) -> str:
    """Returns the part played and the id: ``supervisor ana``."""
    role = short_name(staff_pb2.ActorRole, actor.role).lower()
    return f"{role} {actor.id}".rstrip()
