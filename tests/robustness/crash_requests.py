"""One request of the crash test: what was asked, what was told, and what an answer promises about the history."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from service_stubs import Stubs, error_reason

from onduty.v1 import staff_pb2

CAUSES = {
    "ChangeStatus": staff_pb2.CAUSE_STAFF,
    "BackToReception": staff_pb2.CAUSE_STAFF,
    "ContinueAfterCallWork": staff_pb2.CAUSE_STAFF,
    "SetNextStatus": staff_pb2.CAUSE_STAFF,
    "ClearNextStatus": staff_pb2.CAUSE_STAFF,
    "PlaceCall": staff_pb2.CAUSE_CALL_PLACED,
    "AcceptOffer": staff_pb2.CAUSE_OFFER_ACCEPTED,
    "DeclineOffer": staff_pb2.CAUSE_OFFER_DECLINED,
    "ClaimStaff": staff_pb2.CAUSE_CLAIM,
    "WithdrawClaim": staff_pb2.CAUSE_CLAIM_WITHDRAWN,
    "ReportCallStarted": staff_pb2.CAUSE_CALL_STARTED,
    "ReportCallEnded": staff_pb2.CAUSE_CALL_ENDED,
    "ForceStatus": staff_pb2.CAUSE_SUPERVISOR,
    "ResetStaff": staff_pb2.CAUSE_RESET,
    "CreateStaff": staff_pb2.CAUSE_ADMIN,
    "UpdateStaff": staff_pb2.CAUSE_ADMIN,
    "DeleteStaff": staff_pb2.CAUSE_ADMIN,
    "ReconcileCalls": staff_pb2.CAUSE_RECONCILE,
}
"""The cause that a change by each method must name in the history."""

ALWAYS_CHANGE = frozenset({"PlaceCall", "DeclineOffer", "ClaimStaff", "CreateStaff", "DeleteStaff"})
"""Methods of which an OK always means a change. The others' answers may say that all was so already."""

FORESEEN_REFUSALS = frozenset(
    {
        "TRANSITION_REFUSED",
        "STAFF_NOT_ASSIGNABLE",
        "NOBODY_AVAILABLE",
        "OFFER_GONE",
        "CLAIM_UNKNOWN",
        "REVISION_MISMATCH",
        "STAFF_UNKNOWN",
        "STAFF_EXISTS",
        "STAFF_SIGNED_IN",
        "BREAK_REASON_DISABLED",
    }
)
"""What a rule may refuse under this load; any other reason is a fault."""

OPEN_REASONS = frozenset({"", "JOURNAL_UNAVAILABLE", "DRAINING"})
"""Errors after which it is open whether the request had its effect; transport errors name no reason."""


ANSWER_SECONDS = 60


class Outcome(Enum):
    """What the caller knows of a request."""

    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"


BATCH_MARK = "-batch-"
"""In the request ids of batches of facts: their changes bear the batch's id, and several of them may be one person's."""


class Promise(NamedTuple):
    """What an OK says: this request left the staff member at this revision (0: the answer does not tell).

    ``changed`` is set where the answer says that the request itself made the revision; without it, it may have changed nothing.
    """

    method: str
    request_id: str
    staff_id: str
    revision: int
    replayed: bool
    staff: staff_pb2.Staff | None = None
    call_id: str = ""
    claim_id: str = ""
    note: str = ""
    batch_id: str = ""
    status: int = 0
    changed: bool = False


@dataclass(eq=False)
class Attempt:
    """A request as it is sent, once or again."""

    service: str
    method: str
    request: Any
    outcome: Outcome = Outcome.OPEN
    answer: Any = None
    refusals: list[str] = field(default_factory=list)

    async def send(self, stubs: Stubs) -> Outcome:
        """Ask and keep what was told."""
        self.refusals = []
        call = getattr(getattr(stubs, self.service), self.method)
        try:
            self.answer = await call(self.request, timeout=ANSWER_SECONDS)
        except grpc.aio.AioRpcError as error:
            reason = error_reason(error)
            self.outcome = Outcome.OPEN if reason in OPEN_REASONS else Outcome.REFUSED
            if self.outcome is Outcome.REFUSED:
                self.refusals = [reason]
        else:
            self.outcome = Outcome.ANSWERED
            self.refusals = [reason_of(one.error) for one in getattr(self.answer, "results", ()) if one.HasField("error")]
        return self.outcome

    def again(self) -> "Attempt":
        """The same request, not sent yet."""
        return Attempt(self.service, self.method, self.request)

    @property
    def request_ids(self) -> list[str]:
        """Every request id under which a change may be in the history."""
        return [one.request_id for _, one in self.items() if one.request_id]

    @property
    def refused_ids(self) -> list[str]:
        """The request ids that were refused: none of them may be in the history."""
        if self.outcome is Outcome.REFUSED:
            return self.request_ids
        if self.outcome is Outcome.ANSWERED and hasattr(self.answer, "results"):
            pairs = zip(self.items(), self.answer.results, strict=True)
            return [one.request_id for (_, one), result in pairs if result.HasField("error") and one.request_id]
        return []

    def items(self) -> Iterator[tuple[str, Any]]:
        """Method and message of every item; a request that is no batch is its own item."""
        if self.method == "ReportCallEvents":
            for event in self.request.events:
                kind = event.WhichOneof("event")
                yield f"ReportCall{kind.title()}", getattr(event, kind)
        elif self.method in ("BatchCreateStaff", "BatchForceStatus"):
            for one in self.request.requests:
                yield self.method.removeprefix("Batch"), one
        else:
            yield self.method, self.request

    def promises(self) -> list[Promise]:
        """What the answer promises; nothing where there is none."""
        if self.outcome is not Outcome.ANSWERED:
            return []
        if self.method == "ReconcileCalls":
            touched = [one.staff_id for one in (*self.answer.started, *self.answer.ended)]
            request_id, replayed = self.request.request_id, self.answer.replayed
            return [Promise(self.method, request_id, name, 0, replayed, changed=True) for name in set(touched)]
        if not hasattr(self.answer, "results"):
            return [_promise(self.method, self.request, self.answer)] if hasattr(self.answer, "staff") else []
        promised = []
        for (method, item), result in zip(self.items(), self.answer.results, strict=True):
            kind = result.WhichOneof("result")
            if kind == "taken":
                promised.append(_promise(method, item, result.taken)._replace(batch_id=self.request.request_id))
        return promised

    @property
    def replayed(self) -> bool:
        """Whether the answer, to every item that had an id of its own or the batch's, was the first one given again."""
        if not hasattr(self.answer, "results"):
            return bool(self.answer.replayed)
        promised = [one.replayed for one in self.promises() if one.request_id or self.request.request_id]
        return all(promised)

    def told(self) -> list[Message]:
        """The answers of every item without what differs when they are given again."""
        answers = []
        for answer in getattr(self.answer, "results", [self.answer]):
            kept = type(answer)()
            kept.CopyFrom(answer)
            kind = kept.WhichOneof("result") if "results" in self.answer.DESCRIPTOR.fields_by_name else None
            inner = getattr(kept, kind) if kind else kept
            for name in ("position", "replayed"):
                if name in inner.DESCRIPTOR.fields_by_name:
                    inner.ClearField(name)
            answers.append(kept)
        return answers


def reason_of(error: Any) -> str:
    """The reason that an item's error names."""
    info = error_details_pb2.ErrorInfo()
    assert error.details[0].Unpack(info), "ErrorInfo comes first"
    return str(info.reason)


def _promise(method: str, item: Any, answer: Any) -> Promise:
    staff = answer.staff if hasattr(answer, "staff") else None
    staff_id = getattr(item, "staff_id", "") or staff.staff_id
    return Promise(
        method,
        item.request_id,
        staff_id,
        answer.revision if staff is None else staff.revision,
        answer.replayed,
        staff,
        call_id=getattr(item, "call_id", ""),
        claim_id=getattr(answer, "claim_id", "") or getattr(item, "claim_id", ""),
        note=getattr(item, "note", ""),
        status=answer.status if staff is None else staff.status,
        changed=getattr(answer, "applied", method in ALWAYS_CHANGE),
    )
