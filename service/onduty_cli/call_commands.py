"""The commands of `onduty call`: what routers, telephony and workspaces tell about calls; it keeps no calls itself."""

from typing import Annotated

import typer

from onduty.v1 import router_service_pb2, staff_pb2, workspace_service_pb2
from onduty_cli.answers import show_answer
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.completion import complete_group, complete_staff
from onduty_cli.moments import clock_text, duration_of, moment_text
from onduty_cli.options import (
    Answered,
    CallDirection,
    CallId,
    ClaimId,
    ClaimOrder,
    Note,
    PassedOver,
    RequestId,
    RequiredGroups,
    Source,
    StaffId,
    TimeToLive,
    WithdrawReason,
)
from onduty_cli.skill_groups import typed_memberships
from onduty_cli.words import typed_name

app = typer.Typer(no_args_is_help=True, help="Claim staff for calls, and report calls that start and end.")


@client_command(app, "start")
def start(
    run: Invocation,
    *,
    staff_id: StaffId,
    call_id: CallId,
    direction: CallDirection = None,
    answered: Answered = None,
    source: Source = "",
    request_id: RequestId = "",
) -> None:
    """Report that a call started. It is never refused; out of rule it is marked irregular.

    Example: onduty call start kim c-1 --direction inbound --source pbx-1
    """
    request = router_service_pb2.ReportCallStartedRequest(
        staff_id=staff_id, call_id=call_id, direction=direction, source=source, request_id=request_id
    )
    if answered is not None:
        request.answered = answered
    answer: router_service_pb2.ReportCallStartedResponse = run.session.call(run.session.router.ReportCallStarted, request)
    unchanged = "" if answer.applied else "nothing changed, the call was known or has ended: "
    show_answer(run, answer, before=unchanged)


@client_command(app, "hold")
def hold(
    run: Invocation,
    *,
    staff_id: StaffId,
    call_id: CallId,
    off: Annotated[bool, typer.Option("--off", help="The call is no longer on hold.")] = False,
    source: Source = "",
    request_id: RequestId = "",
) -> None:
    """Report that a call is on hold, or no longer. The staff member stays in line.

    As any fact of a call it is never refused: one that is not in progress starts.

    Example: onduty call hold kim c-1 --source pbx-1
    """
    request = router_service_pb2.ReportCallStartedRequest(
        staff_id=staff_id, call_id=call_id, on_hold=not off, source=source, request_id=request_id
    )
    answer: router_service_pb2.ReportCallStartedResponse = run.session.call(run.session.router.ReportCallStarted, request)
    unchanged = "nothing changed, " + ("the call was not on hold, or" if off else "the call was on hold already, or")
    show_answer(run, answer, before="" if answer.applied else f"{unchanged} has ended: ")


@client_command(app, "end")
def end(
    run: Invocation,
    *,
    staff_id: StaffId,
    call_id: CallId,
    answered: Answered = None,
    source: Source = "",
    request_id: RequestId = "",
) -> None:
    """Report that a call ended.

    Example: onduty call end kim c-1
    """
    request = router_service_pb2.ReportCallEndedRequest(
        staff_id=staff_id, call_id=call_id, source=source, request_id=request_id
    )
    if answered is not None:
        request.answered = answered
    answer: router_service_pb2.ReportCallEndedResponse = run.session.call(run.session.router.ReportCallEnded, request)
    unchanged = "" if answer.applied else "nothing changed, no such call was in progress: "
    show_answer(run, answer, before=unchanged)


@client_command(app, "claim")
def claim(
    run: Invocation,
    *,
    call: Annotated[str, typer.Option("--call", "-c", metavar="CALL_ID", help="The call.", show_default=False)],
    staff: Annotated[
        list[str] | None,
        typer.Option(
            "--staff",
            "-s",
            metavar="STAFF_ID",
            autocompletion=complete_staff,
            help="Claim this staff member; of several the first who can be given the call.",
        ),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            "-g",
            metavar="GROUP[:LEVEL]",
            autocompletion=complete_group,
            help="Claim who has been available longest in this group, with at least this level. Of several groups the first "
            "that has somebody.",
        ),
    ] = None,
    also_in: RequiredGroups = None,
    passed_over: PassedOver = None,
    order: ClaimOrder = None,
    another_offer: Annotated[
        bool, typer.Option("--another-offer", help="Also where the call is on offer to somebody already.")
    ] = False,
    ttl: TimeToLive = None,
    direction: CallDirection = None,
    source: Source = "",
    request_id: RequestId = "",
) -> None:
    """Claim a staff member for a call: the call is on offer until it is accepted, declined or withdrawn, or expires.

    Example: onduty call claim --group sales --call c-1 --ttl 20s
    """
    if bool(staff) == bool(group):
        raise typer.BadParameter("give either --staff or --group")
    if staff and (also_in or passed_over or order):
        raise typer.BadParameter("--also-in, --except and --order are for a claim with --group")
    request = router_service_pb2.ClaimStaffRequest(
        call_id=call,
        ttl=None if ttl is None else duration_of(ttl),
        direction=direction,
        source=source,
        another_offer=another_offer,
        request_id=request_id,
    )
    if group:
        request.group_member.CopyFrom(_member(group, also_in or [], passed_over or [], order))
    else:
        _name(request, staff or [])
    answer: router_service_pb2.ClaimStaffResponse = run.session.call(run.session.router.ClaimStaff, request)
    until = clock_text(answer.staff.offer.expires_at.ToMicroseconds())
    done = "on offer already to" if answer.already_offered else "claimed"
    run.output.result(answer, f"{done} {answer.staff.staff_id} for {call}: claim {answer.claim_id}, until {until}")


def _member(groups: list[str], also_in: list[str], passed_over: list[str], order: str | None) -> router_service_pb2.GroupMember:
    """A member of groups, as the options say."""
    return router_service_pb2.GroupMember(
        skill_groups=_levels(groups, "--group"),
        required_groups=_levels(also_in, "--also-in"),
        exclude_staff_ids=passed_over,
        order=order,
    )


def _levels(groups: list[str], option: str) -> list[router_service_pb2.SkillGroupLevel]:
    return [router_service_pb2.SkillGroupLevel(name=name, min_level=level) for name, level in typed_memberships(groups, option)]


def _name(request: router_service_pb2.ClaimStaffRequest, staff: list[str]) -> None:
    """Claim one by name, or the first of several."""
    if len(staff) == 1:
        request.named.staff_id = staff[0]
    else:
        request.candidates.staff_ids.extend(staff)


@client_command(app, "accept")
def accept(run: Invocation, *, staff_id: StaffId, claim_id: ClaimId, request_id: RequestId = "") -> None:
    """Accept the call on offer: the staff member is in line.

    Example: onduty call accept kim CLAIM_ID
    """
    request = workspace_service_pb2.AcceptOfferRequest(staff_id=staff_id, claim_id=claim_id, request_id=request_id)
    show_answer(run, run.session.call(run.session.workspace.AcceptOffer, request))


@client_command(app, "decline")
def decline(run: Invocation, *, staff_id: StaffId, claim_id: ClaimId, note: Note = "", request_id: RequestId = "") -> None:
    """Decline the call on offer. It counts as a miss.

    Example: onduty call decline kim CLAIM_ID
    """
    request = workspace_service_pb2.DeclineOfferRequest(staff_id=staff_id, claim_id=claim_id, note=note, request_id=request_id)
    show_answer(run, run.session.call(run.session.workspace.DeclineOffer, request))


@client_command(app, "withdraw")
def withdraw(run: Invocation, *, claim_id: ClaimId, reason: WithdrawReason = None, request_id: RequestId = "") -> None:
    """Withdraw a claim, as when the caller hung up. No miss is counted.

    Example: onduty call withdraw CLAIM_ID --reason caller-gone
    """
    request = router_service_pb2.WithdrawClaimRequest(claim_id=claim_id, reason=reason, request_id=request_id)
    answer: router_service_pb2.WithdrawClaimResponse = run.session.call(run.session.router.WithdrawClaim, request)
    unchanged = "" if answer.applied else "nothing changed, the claim had ended: "
    show_answer(run, answer, before=unchanged)


@client_command(app, "show-claim")
def show_claim(run: Invocation, *, claim_id: ClaimId) -> None:
    """Show a claim: whose it is, for which call, and how it ended.

    Example: onduty call show-claim CLAIM_ID
    """
    request = router_service_pb2.GetClaimRequest(claim_id=claim_id)
    answer: router_service_pb2.GetClaimResponse = run.session.call(run.session.router.GetClaim, request)
    claim = answer.claim
    until = moment_text(claim.expires_at.ToMicroseconds())
    end = typed_name(staff_pb2.OfferEnd, claim.end) if claim.end else ""
    became = f"{end} at {moment_text(claim.ended_at.ToMicroseconds())}" if end else f"on offer until {until}"
    run.output.result(answer, f"{claim.call_id} for {claim.staff_id}: {became}")


@client_command(app, "place")
def place(
    run: Invocation,
    *,
    staff_id: StaffId,
    call_id: CallId,
    direction: CallDirection = None,
    source: Source = "",
    request_id: RequestId = "",
) -> None:
    """Place a call by hand: the staff member is in line at once.

    Example: onduty call place kim c-2 --direction outbound
    """
    request = workspace_service_pb2.PlaceCallRequest(
        staff_id=staff_id, call_id=call_id, direction=direction, source=source, request_id=request_id
    )
    show_answer(run, run.session.call(run.session.workspace.PlaceCall, request))
