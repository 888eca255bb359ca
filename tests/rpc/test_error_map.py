"""The catalogue of errors is complete, and its comments in the contract are true of the code."""

import base64
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import grpc
import pytest
from google.rpc import error_details_pb2

from onduty.v1 import errors_pb2, staff_pb2
from onduty_server.adapters.postgres.leadership import DeposedError
from onduty_server.domain.model import errors
from onduty_server.domain.model.errors import FieldViolation
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.state import Call, Capabilities, Choice, Offer, StaffState
from onduty_server.domain.model.status import Action, Direction, Instant, Status
from onduty_server.rpc.error_map import (
    CATALOGUE,
    ForwardedError,
    MalformedRequestError,
    MethodUnknownError,
    RequestTooLargeError,
    UnforeseenError,
    reason_of,
    status_of,
)
from onduty_server.wire.fields import quoted

CONTRACT = Path(__file__).parents[2] / "proto" / "onduty" / "v1" / "errors.proto"
PREFIX = "ERROR_REASON_"
NOT_RAISED = {
    errors.OndutyError: "the root",
    errors.CallerError: "the branch of callers' errors",
    errors.ThrottledError: "the branch of what may succeed later",
    errors.ServiceError: "the branch of our own errors",
    errors.BreakReasonError: "the branch of errors about one break reason",
    errors.PositionError: "the branch of errors about positions",
}
IN_CARDS = (SkillGroup("cards", 3),)
ANA = StaffState("ana", "Ana", IN_CARDS, Status.OFFLINE, Instant(1_700_000_000_000_000), Instant(1_700_000_000_000_000))
BUSY = StaffState(
    "ana", "Ana", IN_CARDS, Status.BUSY, ANA.status_since, ANA.changed_at, capabilities=Capabilities(dial_out=True)
)
EXAMPLES: dict[type[errors.OndutyError], errors.OndutyError] = {
    type(error): error
    for error in (
        errors.InvalidFieldsError((FieldViolation("staff_id", "is required"), FieldViolation("note", "is too long"))),
        MalformedRequestError("onduty.v1.GetStaffRequest"),
        RequestTooLargeError(5_000_000, 4_194_304),
        errors.RequestIdReusedError("r1"),
        errors.StaffUnknownError("ana"),
        errors.StaffExistsError("ana"),
        errors.StaffNotDeletedError("ana"),
        errors.TransitionRefusedError(ANA, Action.PLACE_CALL, (Action.CHANGE_TO_BUSY,), revision=7),
        errors.NotAssignableError(BUSY, Action.CLAIM, (Action.PLACE_CALL,), revision=7),
        errors.OfferGoneError(BUSY, None, (Action.PLACE_CALL,), claim_id="c1", revision=7),
        errors.StaffSignedInError(BUSY, None, (Action.PLACE_CALL,), revision=7),
        errors.NobodyAvailableError({Status.BUSY: (2, 0)}, (errors.GroupCounts("cards", {Status.BUSY: (2, 0)}),)),
        errors.ClaimUnknownError("c1"),
        errors.RevisionMismatchError("staff member", "ana", 6, ANA, revision=7),
        errors.BreakReasonUnknownError("lunch"),
        errors.BreakReasonDisabledError("lunch"),
        errors.BreakReasonExistsError("lunch"),
        errors.BreakReasonBuiltInError("no-answer"),
        errors.PositionTooOldError(1, 5, 9),
        errors.PositionInFutureError(10, 9),
        errors.PositionEpochEndedError(),
        errors.QueryTooLongError(30.0),
        errors.PositionForeignError(),
        errors.PositionFilterChangedError(),
        errors.PositionMalformedError(),
        errors.PageTokenInvalidError(),
        errors.WatcherTooSlowError(3),
        errors.WatchQuotaError(16),
        errors.AttachmentQuotaError(16),
        errors.AttachmentReplacedError("desk-7"),
        errors.ColleaguesHiddenError(),
        errors.OverloadedError(20_000),
        errors.RateLimitedError(100, 1.5, "calls_per_caller"),
        errors.JournalUnavailableError("disk full: /var/secret"),
        errors.LeaderUnavailableError("no replica leads"),
        errors.DrainingError(),
        errors.IssuerUnavailableError(),
        errors.UnauthenticatedError(errors.CredentialProblem.MISSING),
        errors.PermissionDeniedError("/onduty.v1.RouterService/ListStaff", errors.AccessProblem.ROLE, "it needs more"),
        UnforeseenError(),
        MethodUnknownError("/onduty.v1.RouterService/Nothing"),
    )
}


class Documented(NamedTuple):
    """What the contract's comment says of one reason."""

    code: str
    metadata: tuple[frozenset[str], ...]
    details: tuple[str, ...]


def _documented(comment: str) -> Documented:
    """Reads a comment of the form ``CODE. Sentences. metadata: a, b or c. Detail: Message``."""
    code = comment.partition(".")[0]
    told = re.search(r"metadata: (.*?)(?:\.|$)", comment)
    assert told, f"the comment names no metadata: {comment}"
    text = re.sub(r"\(.*?\)", "", told[1]).strip()
    keys = () if text == "none" else tuple(frozenset(re.split(r"\s+or\s+", one.strip())) for one in text.split(","))
    found = re.search(r"Detail(?: for staff)?: (\S+?)\.?(?:\s|$)", comment)
    return Documented(code, keys, (found[1],) if found else ())


def _contract() -> dict[str, Documented]:
    """Every reason of the contract but the zero, with its comment read."""
    text = CONTRACT.read_text(encoding="utf-8")
    body = text[text.index("enum ErrorReason {") :].partition("\n}")[0]
    found: dict[str, Documented] = {}
    comment: list[str] = []
    for line in body.splitlines()[1:]:
        stripped = line.strip()
        if stripped.startswith("//"):
            comment.append(stripped.removeprefix("//").strip())
        elif value := re.match(rf"{PREFIX}(\w+) = (\d+);", stripped):
            if value[2] != "0":
                found[value[1]] = _documented(" ".join(comment))
            comment = []
    return found


DOCUMENTED = _contract()


def _classes(root: type[errors.OndutyError]) -> set[type[errors.OndutyError]]:
    return {root}.union(*(_classes(below) for below in root.__subclasses__()))


def _by_reason(reason: str) -> errors.OndutyError:
    (kind,) = [kind for kind, spec in CATALOGUE.items() if spec.reason == reason]
    return EXAMPLES[kind]


def _info(error: errors.OndutyError) -> Any:
    info = error_details_pb2.ErrorInfo()
    assert status_of(error)[1].details[0].Unpack(info)
    return info


def test_every_error_that_can_be_raised_is_in_the_catalogue():
    """No class of the tree is forgotten, and no row is of a branch.

    Own kinds of a journal that cannot be reached are told as what they are, and what another replica told as it is.
    """
    kinds = _classes(errors.OndutyError) - NOT_RAISED.keys()
    own = {kind for kind in kinds - CATALOGUE.keys() if issubclass(kind, errors.JournalUnavailableError)}
    assert CATALOGUE.keys() == kinds - own - {ForwardedError}
    assert reason_of(DeposedError("another server leads")) == "JOURNAL_UNAVAILABLE"


def test_what_may_succeed_later_says_so():
    """Whoever may come again learns when, but for a watcher that did not read: it watches again at once."""
    for kind, error in EXAMPLES.items():
        code, status = status_of(error)
        if issubclass(kind, errors.ThrottledError):
            assert code is grpc.StatusCode.RESOURCE_EXHAUSTED
        elif issubclass(kind, errors.CallerError):
            assert code is not grpc.StatusCode.UNAVAILABLE
        tells_when = issubclass(
            kind, errors.ThrottledError | errors.JournalUnavailableError | errors.DrainingError | errors.IssuerUnavailableError
        )
        has = any(detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR) for detail in status.details)
        assert has is (tells_when and kind is not errors.WatcherTooSlowError), kind


def test_those_refused_together_do_not_come_again_together():
    """The wait that a refusal asks for differs from caller to caller."""
    waits = set()
    for _ in range(20):
        retry = error_details_pb2.RetryInfo()
        assert status_of(errors.OverloadedError(1))[1].details[1].Unpack(retry)
        waits.add(retry.retry_delay.ToMicroseconds())
    assert len(waits) > 1
    assert min(waits) >= 1_000_000


def test_branches_are_never_raised_themselves():
    """A branch has classes below it; otherwise it would be an error that the catalogue lacks."""
    for branch in NOT_RAISED:
        assert branch.__subclasses__(), branch


def test_every_reason_of_the_contract_is_used_exactly_once():
    """The reasons of the rows are those of the contract's enum, without the zero."""
    reasons = sorted(spec.reason for spec in CATALOGUE.values())
    named = sorted(value.name.removeprefix(PREFIX) for value in errors_pb2.ErrorReason.DESCRIPTOR.values if value.number)
    assert reasons == named


def test_every_reason_has_a_comment_that_was_read():
    """The comments of the contract cover the same reasons."""
    assert DOCUMENTED.keys() == {spec.reason for spec in CATALOGUE.values()}


def test_there_is_an_example_of_every_error():
    """The tests below look at every row."""
    assert EXAMPLES.keys() == CATALOGUE.keys()


@pytest.mark.parametrize("reason", sorted(DOCUMENTED))
def test_the_code_is_the_one_that_the_contract_names(reason: str):
    """The first words of the comment are the gRPC code."""
    code, status = status_of(_by_reason(reason))
    assert code is grpc.StatusCode[DOCUMENTED[reason].code]
    assert status.code == code.value[0]


@pytest.mark.parametrize("reason", sorted(DOCUMENTED))
def test_the_metadata_has_the_keys_that_the_contract_names(reason: str):
    """Every documented key is there, one of each alternative, and no other."""
    keys = set(_info(_by_reason(reason)).metadata)
    documented = DOCUMENTED[reason].metadata
    assert len(keys) == len(documented)
    for alternatives in documented:
        assert len(keys & alternatives) == 1


@pytest.mark.parametrize("reason", sorted(DOCUMENTED))
def test_the_details_are_those_that_the_contract_names(reason: str):
    """Beside ErrorInfo there is the documented detail, and no other."""
    details = status_of(_by_reason(reason))[1].details[1:]
    names = tuple(one.type_url.rpartition("/")[2] for one in details)
    wanted = tuple(name if "." in name else f"onduty.v1.{name}" for name in DOCUMENTED[reason].details)
    assert names == wanted


@pytest.mark.parametrize("reason", sorted(DOCUMENTED))
def test_error_info_bears_reason_and_domain(reason: str):
    """The first detail is ErrorInfo of the domain "onduty.dev", with the reason's name without its prefix."""
    info = _info(_by_reason(reason))
    assert info.reason == reason
    assert info.domain == "onduty.dev"


def test_every_field_at_fault_is_told():
    """BadRequest has them in their order."""
    told = error_details_pb2.BadRequest()
    assert status_of(EXAMPLES[errors.InvalidFieldsError])[1].details[1].Unpack(told)
    fields = [(one.field, one.description) for one in told.field_violations]
    assert fields == [("staff_id", "is required"), ("note", "is too long")]


def test_every_refusal_tells_the_present_state():
    """The typed detail has the state with its revision."""
    for kind in (
        errors.TransitionRefusedError,
        errors.NotAssignableError,
        errors.OfferGoneError,
        errors.StaffSignedInError,
    ):
        told = errors_pb2.TransitionRefusal()
        assert status_of(EXAMPLES[kind])[1].details[1].Unpack(told)
        assert told.current.revision == 7
        assert told.current.staff_id == "ana"


def test_a_refusal_names_what_was_asked_and_what_is_allowed():
    """Action numbers of the domain are those of the contract."""
    told = errors_pb2.TransitionRefusal()
    assert status_of(EXAMPLES[errors.TransitionRefusedError])[1].details[1].Unpack(told)
    assert told.requested == staff_pb2.ACTION_PLACE_CALL
    assert list(told.allowed) == [staff_pb2.ACTION_CHANGE_TO_BUSY]


def test_the_text_of_an_internal_fault_never_leaves():
    """What the storage said is for the log; callers get a fixed sentence."""
    _, status = status_of(EXAMPLES[errors.JournalUnavailableError])
    assert "secret" not in str(status)


def test_every_incident_has_an_id_of_its_own():
    """Two unforeseen faults can be told apart in the log."""
    first, second = UnforeseenError(), UnforeseenError()
    assert _info(first).metadata["incident_id"] != _info(second).metadata["incident_id"]


@pytest.mark.parametrize(("kind", "key"), [("staff member", "staff_id"), ("break reason", "break_reason"), ("policy", None)])
def test_a_lost_race_names_what_was_raced_for(kind: str, key: str | None):
    """The metadata names the staff member or the break reason; there is one policy only."""
    error = errors.RevisionMismatchError(kind, "x" if key else "", 3, revision=4)
    named = {key: "x"} if key else {}
    assert dict(_info(error).metadata) == {**named, "expected_revision": "3", "current_revision": "4"}
    assert len(status_of(error)[1].details) == 1, "only staff have a state to attach"


def _largest() -> StaffState:
    """The state with the longest texts, of characters that take most bytes."""
    widest, at = "\N{GRINNING FACE}", ANA.changed_at
    calls = [Call(widest * 128, Direction.INBOUND, widest * 128, at, at, claim_id="0" * 20 + widest * 128) for _ in range(40)]
    return StaffState(
        widest * 128,
        widest * 200,
        tuple(SkillGroup(f"{number:064}", 100) for number in range(100)),
        Status.IN_LINE,
        at,
        at,
        choice=Choice(Status.ON_BREAK, "x" * 64),
        calls=tuple(calls),
        next=Choice(Status.ON_BREAK, "x" * 64),
    )


def _largest_offer() -> StaffState:
    """The same with an offer instead of calls."""
    widest, at = "\N{GRINNING FACE}", ANA.changed_at
    offer = Offer("0" * 20 + widest * 128, widest * 128, at, at, Direction.INBOUND, widest * 128)
    return replace(_largest(), status=Status.AVAILABLE, calls=(), offer=offer)


@pytest.mark.parametrize(
    "error",
    [
        errors.TransitionRefusedError(_largest(), Action.PLACE_CALL, tuple(Action), revision=2**40),
        errors.NotAssignableError(_largest(), Action.CLAIM, tuple(Action), revision=2**40),
        errors.NotAssignableError(_largest_offer(), Action.CLAIM, tuple(Action), revision=2**40),
        errors.OfferGoneError(_largest(), None, tuple(Action), claim_id="\N{GRINNING FACE}" * 128, revision=2**40),
        errors.RevisionMismatchError("staff member", "\N{GRINNING FACE}" * 128, 2**40, _largest(), revision=2**40),
        errors.RequestIdReusedError("\N{GRINNING FACE}" * 128),
        errors.InvalidFieldsError(
            tuple(FieldViolation(f"update_mask.{n}", quoted("\N{GRINNING FACE}" * 9_000) + "x" * 60) for n in range(1_000))
        ),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_fits_into_the_metadata_that_clients_take(error: errors.OndutyError):
    """Code, sentence and details travel as trailing metadata, of which common clients take 8 KiB."""
    _, status = status_of(error)
    on_the_wire = len(base64.b64encode(status.SerializeToString())) + len(quote(status.message))
    assert on_the_wire < 8 * 1024 - 256


def test_every_sentence_is_for_people():
    """Each error has a sentence, and none shows an internal name."""
    for error in EXAMPLES.values():
        sentence = status_of(error)[1].message
        assert sentence
        assert "Error" not in sentence
        assert "object at" not in sentence
