"""The arguments and options that several commands share, with their help; reading them is all it does."""

from pathlib import Path
from typing import Annotated

import typer
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

from onduty.v1 import router_service_pb2, staff_pb2
from onduty_cli.completion import (
    complete_choosable,
    complete_direction,
    complete_group,
    complete_reason,
    complete_staff,
    complete_staff_or_status,
    complete_status,
)
from onduty_cli.moments import parse_duration
from onduty_cli.nearness import did_you_mean
from onduty_cli.words import CHOOSABLE, CLAIM_ORDERS, DIRECTIONS, SET_BY_THE_SYSTEM, WITHDRAW_REASONS, full_name


def _choosable_status(text: str) -> str:
    name = full_name(staff_pb2.Status, text)
    typed = text.strip().lower().replace("_", "-")
    if typed in SET_BY_THE_SYSTEM:
        raise typer.BadParameter(f"only the system sets {typed}; choose one of {', '.join(CHOOSABLE)}")
    if name is None:
        raise typer.BadParameter(
            f"{text!r} is not a status; choose one of {', '.join(CHOOSABLE)}{did_you_mean(typed, CHOOSABLE)}"
        )
    return name


def _any_of(enum: EnumTypeWrapper, words: tuple[str, ...], text: str) -> str:
    name = full_name(enum, text)
    if name is None:
        near = did_you_mean(text.strip().replace("_", "-"), words)
        raise typer.BadParameter(f"{text!r} is none of {', '.join(words)}{near}")
    return name


def _any_status(text: str) -> str:
    return _any_of(staff_pb2.Status, CHOOSABLE + SET_BY_THE_SYSTEM, text)


def _direction(text: str) -> str:
    return _any_of(staff_pb2.Direction, DIRECTIONS, text)


def _withdraw_reason(text: str) -> str:
    return _any_of(router_service_pb2.WithdrawReason, WITHDRAW_REASONS, text)


def _claim_order(text: str) -> str:
    return _any_of(router_service_pb2.ClaimOrder, CLAIM_ORDERS, text)


def _duration(text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


StaffId = Annotated[
    str,
    typer.Argument(metavar="STAFF_ID", help="The staff member.", autocompletion=complete_staff, show_default=False),
]
SeveralStaff = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="STAFF_ID", autocompletion=complete_staff_or_status, show_default=False,
        help="The staff member, or several. Left out with --all-of-group or --from.",
    ),
]  # fmt: skip
AllOfGroup = Annotated[
    list[str] | None,
    typer.Option(
        "--all-of-group", metavar="GROUP", autocompletion=complete_group,
        help="All members of this skill group. May be repeated.",
    ),
]  # fmt: skip
FromFile = Annotated[
    Path | None,
    typer.Option(
        "--from", metavar="FILE", show_default=False,
        help="The staff in a file, an id a line, or a CSV file with a column staff_id; - for standard input.",
    ),
]  # fmt: skip
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
CallId = Annotated[str, typer.Argument(metavar="CALL_ID", help="The call.", show_default=False)]
ClaimId = Annotated[
    str, typer.Argument(metavar="CLAIM_ID", help="The claim, as `onduty call claim` gave it.", show_default=False)
]
BreakCode = Annotated[
    str,
    typer.Argument(metavar="CODE", autocompletion=complete_reason, help="The break reason's code.", show_default=False),
]

ChosenStatus = Annotated[
    str,
    typer.Argument(
        metavar="STATUS", parser=_choosable_status, autocompletion=complete_choosable,
        help="One of " + ", ".join(CHOOSABLE) + ".", show_default=False,
    ),
]  # fmt: skip
MaybeChosenStatus = Annotated[
    str | None,
    typer.Argument(
        metavar="STATUS", parser=_choosable_status, autocompletion=complete_choosable,
        help="One of " + ", ".join(CHOOSABLE) + ".", show_default=False,
    ),
]  # fmt: skip
Reason = Annotated[
    str,
    typer.Option(
        "--reason", "-r", metavar="CODE", autocompletion=complete_reason, help="The break reason; goes with on-break."
    ),
]  # fmt: skip
ReasonCode = Annotated[
    str,
    typer.Argument(metavar="REASON", autocompletion=complete_reason, help="The break reason's code.", show_default=False),
]
RequestId = Annotated[
    str, typer.Option("--request-id", metavar="ID", help="Makes the request safe to repeat: it is carried out once.")
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="A note for the history.")]
RequiredNote = Annotated[
    str, typer.Option("--note", metavar="TEXT", help="Why; it is kept in the history.", show_default=False)
]

Groups = Annotated[
    list[str] | None,
    typer.Option(
        "--group", "-g", metavar="GROUP", autocompletion=complete_group,
        help="Only members of this skill group. May be repeated.",
    ),
]  # fmt: skip
Statuses = Annotated[
    list[str] | None,
    typer.Option(
        "--status", metavar="STATUS", parser=_any_status, autocompletion=complete_status,
        help="Only staff with this status. May be repeated.",
    ),
]  # fmt: skip
StaffIds = Annotated[
    list[str] | None,
    typer.Option(
        "--staff", metavar="STAFF_ID", autocompletion=complete_staff, help="Only this staff member. May be repeated."
    ),
]  # fmt: skip
SomeStaff = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="STAFF_ID", autocompletion=complete_staff, help="Only these. Left out: all.", show_default=False
    ),
]  # fmt: skip

CallDirection = Annotated[
    str | None,
    typer.Option(
        "--direction", metavar="DIRECTION", parser=_direction, autocompletion=complete_direction,
        help="One of " + ", ".join(DIRECTIONS) + ".", show_default=False,
    ),
]  # fmt: skip
Answered = Annotated[
    bool | None,
    typer.Option(
        "--answered/--unanswered", show_default=False,
        help="Whether the other side answered. Left out: as it was told before.",
    ),
]  # fmt: skip
RequiredGroups = Annotated[
    list[str] | None,
    typer.Option(
        "--also-in", metavar="GROUP[:LEVEL]", autocompletion=complete_group, show_default=False,
        help="With --group: who is claimed must be in this group too. May be repeated.",
    ),
]  # fmt: skip
PassedOver = Annotated[
    list[str] | None,
    typer.Option(
        "--except", metavar="STAFF_ID", autocompletion=complete_staff, show_default=False,
        help="With --group: pass this staff member over, as one who declined the call. May be repeated.",
    ),
]  # fmt: skip
ClaimOrder = Annotated[
    str | None,
    typer.Option(
        "--order", metavar="ORDER", parser=_claim_order, show_default=False,
        help="With --group: who goes first, one of " + ", ".join(CLAIM_ORDERS) + ".",
    ),
]  # fmt: skip
WithdrawReason = Annotated[
    str | None,
    typer.Option(
        "--reason", metavar="REASON", parser=_withdraw_reason, show_default=False,
        help="Why: one of " + ", ".join(WITHDRAW_REASONS) + ". After unreachable nobody is claimed for a while.",
    ),
]  # fmt: skip
Source = Annotated[str, typer.Option("--source", metavar="NAME", help="The telephony source that owns the call.")]
TimeToLive = Annotated[
    int | None,
    typer.Option(
        "--ttl", metavar="DURATION", parser=_duration, show_default=False,
        help="How long the offer lasts, as in 20s. Left out: the policy's claim_ttl.",
    ),
]  # fmt: skip
BreakLimit = Annotated[
    int | None,
    typer.Option(
        "--limit", metavar="DURATION", parser=_duration, show_default=False,
        help="How long such a break may last, as in 15m; 0 for no limit.",
    ),
]  # fmt: skip
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="WHEN", show_default=False,
        help="From here on: 2h (ago), 14:30, today, yesterday, or ISO 8601.",
    ),
]  # fmt: skip
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="WHEN", help="Up to here, written likewise. Left out: now.", show_default=False),
]


def staff_filter(
    groups: list[str] | None = None, statuses: list[str] | None = None, staff: list[str] | None = None
) -> staff_pb2.StaffFilter:
    """Returns the filter that the options describe; empty options do not restrict."""
    return staff_pb2.StaffFilter(skill_groups=groups or (), statuses=statuses or (), staff_ids=staff or ())
