"""Offers: made by a claim, accepted, declined, withdrawn, missed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import OfferGoneError
from onduty_server.domain.model.policy import NO_ANSWER_REASON, NoAnswerStatus
from onduty_server.domain.model.state import Choice, Offer
from onduty_server.domain.model.status import Cause, HoldOffKind, OfferEnd, Status, WithdrawReason
from onduty_server.domain.rules.draft import Draft
from onduty_server.domain.rules.refusals import check_open, refusal

NO_ANSWER_CHOICE: Final[Mapping[NoAnswerStatus, Choice]] = MappingProxyType(
    {
        NoAnswerStatus.ON_BREAK: Choice(Status.ON_BREAK, NO_ANSWER_REASON),
        NoAnswerStatus.BUSY: Choice(Status.BUSY),
    }
)
"""What is chosen for those who missed too many offers in a row."""


def claim(draft: Draft, command: commands.Claim) -> None:
    """The call is put on offer, where it is open to the staff member."""
    check_open(draft, command.direction)
    ttl = draft.policy.claim_ttl if command.ttl is None else command.ttl
    draft.cause = Cause.CLAIM
    draft.call_id = command.call_id
    draft.claim_id = command.claim_id
    draft.offer = Offer(
        command.claim_id,
        command.call_id,
        draft.now,
        draft.after(ttl),
        command.direction,
        command.source,
        command.skill_group,
    )


def _offer_for(draft: Draft, claim_id: str) -> Offer:
    """The outstanding offer of this claim, or the refusal that it is gone."""
    if draft.offer is None or draft.offer.claim_id != claim_id:
        raise refusal(draft.before, None, draft.rules, OfferGoneError, claim_id=claim_id)
    return draft.offer


def accept_offer(draft: Draft, command: commands.AcceptOffer) -> None:
    """The offered call starts. Accepting it once more changes nothing."""
    if any(call.claim_id == command.claim_id for call in draft.calls):
        return
    offer = _offer_for(draft, command.claim_id)
    draft.cause = Cause.OFFER_ACCEPTED
    draft.call_id = offer.call_id
    draft.end_offer(OfferEnd.ACCEPTED)
    draft.start_call(offer.call_id, offer.direction, offer.source, claim_id=offer.claim_id)
    draft.forgive()


def decline_offer(draft: Draft, command: commands.DeclineOffer) -> None:
    """The offer ends and counts as a miss."""
    offer = _offer_for(draft, command.claim_id)
    draft.cause = Cause.OFFER_DECLINED
    draft.call_id = offer.call_id
    draft.end_offer(OfferEnd.DECLINED)
    miss(draft, HoldOffKind.DECLINE)


def miss(draft: Draft, kind: HoldOffKind) -> None:
    """Count a miss; after the policy's number in a row its status applies. The person is passed over either way.

    In a wrap-up the status applies when that ends, unless the person has set a next choice. A break stays what it is.
    """
    draft.misses += 1
    pass_over(draft, kind)
    if draft.misses < draft.policy.no_answer_misses or draft.choice.status is Status.ON_BREAK:
        return
    choice = NO_ANSWER_CHOICE.get(draft.policy.no_answer_status)
    if choice is not None and draft.wrap_up is not None:
        draft.next = draft.next or choice
    elif choice is not None:
        draft.choice = choice


def pass_over(draft: Draft, kind: HoldOffKind) -> None:
    """Waiting starts anew, and a hold-off begins where the policy has one.

    Waiting anew puts the person last in the line, so that a caller is not offered to the same silent person or dead phone again
    and again.
    """
    draft.idle_since = draft.passed_over_at = draft.now
    draft.hold_off_after(kind)


def withdraw_claim(draft: Draft, command: commands.WithdrawClaim) -> None:
    """The offer of this claim ends without a miss, if it is outstanding. Whose phone cannot be reached is passed over."""
    if draft.offer is None or draft.offer.claim_id != command.claim_id:
        return
    draft.cause = Cause.CLAIM_WITHDRAWN
    draft.call_id = draft.offer.call_id
    draft.end_offer(OfferEnd.WITHDRAWN)
    if command.reason is WithdrawReason.UNREACHABLE:
        pass_over(draft, HoldOffKind.UNREACHABLE)


def answered_elsewhere(draft: Draft, command: commands.AnsweredElsewhere) -> None:
    """The offer of this claim ends without a miss, if it is outstanding: somebody else answered the call."""
    if draft.offer is None or draft.offer.claim_id != command.claim_id:
        return
    draft.cause = Cause.ANSWERED_ELSEWHERE
    draft.call_id = draft.offer.call_id
    draft.end_offer(OfferEnd.ELSEWHERE)
