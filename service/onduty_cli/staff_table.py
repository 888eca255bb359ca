"""Draws staff as a table, and one staff member in full; it asks the server nothing."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from onduty.v1 import staff_pb2
from onduty_cli.moments import elapsed_text, instant_of, moment_text
from onduty_cli.output import plain_table, printable
from onduty_cli.skill_groups import membership_texts
from onduty_cli.staff_words import (
    calls_text,
    capabilities_marks,
    circumstances,
    elapsed_in_status,
    next_text,
    status_text,
)
from onduty_cli.words import direction_word, status_word


def staff_table(staff: Iterable[staff_pb2.Staff], *, now: int) -> Table:
    """Returns a row for each staff member, in the order given; ``now`` is in microseconds since the epoch."""
    table = plain_table("staff", "name", "status", "for", "can", "calls", "next", "also", "groups")
    for member in staff:
        table.add_row(*staff_cells(member, now=now), Text(printable(" ".join(membership_texts(member.skill_groups)))))
    return table


def staff_cells(member: staff_pb2.Staff, *, now: int) -> list[Text]:
    """Returns what a row says of one person, from "staff" to "also"; ``now`` is in microseconds since the epoch."""
    return [
        Text(printable(member.staff_id)),
        Text(printable(member.display_name)),
        status_text(member.status, member.break_reason),
        Text(elapsed_in_status(member, now)),
        Text(capabilities_marks(member.capabilities)),
        Text(calls_text(member)),
        Text(next_text(member)),
        Text(circumstances(member, now)),
    ]


def staff_details(staff: staff_pb2.Staff, *, now: int) -> Table:
    """Returns everything about one staff member, a line each; what is not there is left out."""
    table = Table.grid(padding=(0, 2, 0, 0))
    rows: list[tuple[str, str | Text]] = [
        ("staff", staff.staff_id),
        ("name", staff.display_name),
        ("groups", " ".join(membership_texts(staff.skill_groups))),
        ("status", status_text(staff.status, staff.break_reason)),
        ("since", f"{moment_text(instant_of(staff.status_started_at))} ({elapsed_in_status(staff, now)})"),
        ("choice", status_word(staff.choice.status, staff.choice.break_reason)),
        ("can", _capabilities(staff.capabilities)),
        *(("call", _call(call, now)) for call in staff.calls),
        ("next", next_text(staff)),
        ("offer", _offer(staff)),
        ("also", circumstances(staff, now)),
        ("misses", str(staff.misses or "")),
        *(("workspace", _workspace(one, now)) for one in staff.connection.workspaces),
        ("revision", str(staff.revision)),
    ]
    for label, value in rows:
        if value:
            table.add_row(Text(label, style="bold"), value if isinstance(value, Text) else Text(printable(value)))
    return table


def _capabilities(capabilities: staff_pb2.Capabilities) -> str:
    possible = (
        (capabilities.assign_inbound, "be assigned calls"),
        (capabilities.dial_out, "dial out"),
        (capabilities.internal_calls, "get internal calls"),
        (capabilities.change_status, "change the status"),
        (capabilities.consult, "consult"),
    )
    return ", ".join(words for can, words in possible if can) or "nothing"


def _call(call: staff_pb2.Call, now: int) -> str:
    started_at = instant_of(call.started_at)
    source = f" from {call.source}" if call.source else ""
    irregular = ", irregular" if call.irregular else ""
    return (
        f"{call.call_id} {direction_word(call.direction)}{source}, "
        f"since {moment_text(started_at)} ({elapsed_text(now - started_at)}){irregular}"
    )


def _workspace(workspace: staff_pb2.AttachedWorkspace, now: int) -> str:
    attached_at = instant_of(workspace.attached_at)
    what = f" ({workspace.user_agent})" if workspace.user_agent else ""
    return f"{workspace.workspace_id}{what}, since {moment_text(attached_at)} ({elapsed_text(now - attached_at)})"


def _offer(staff: staff_pb2.Staff) -> str:
    if not staff.HasField("offer"):
        return ""
    return f"claim {staff.offer.claim_id}, call {staff.offer.call_id}, until {moment_text(instant_of(staff.offer.expires_at))}"
