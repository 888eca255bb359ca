"""How a player deals with refusals."""

import asyncio
from collections import deque
from types import SimpleNamespace

import pytest

from onduty.v1 import staff_pb2
from onduty_client import RefusedError
from onduty_replay.metronome import Metronome
from onduty_replay.pace import Pace, PlayedTime
from onduty_replay.plan import StaffPlan
from onduty_replay.staff_player import StaffPlayer
from onduty_replay.tally import Tally
from onduty_replay.timeline import Happening, PlannedCall, Shift, Step
from onduty_replay.wire import RequestRefusedError

CALL = PlannedCall("c1", 1000, 1100, 2)
PERSON = StaffPlan("FERN", ("calls",), (CALL,), ())
BEGUN_AT = 1_700_000_000_000_000


def staff(status: int, *, revision: int = 1, ringing: str = "") -> staff_pb2.Staff:
    """A state that changes at the instant of the answer, unless it is given another one."""
    state = staff_pb2.Staff(staff_id="FERN", status=status, revision=revision)
    if ringing:
        state.offer.call_id = ringing
    return state


def refused(reason: str, current: staff_pb2.Staff) -> RequestRefusedError:
    """A refusal with the state."""
    return RequestRefusedError("Asked", RefusedError("no", code="FAILED_PRECONDITION", reason=reason, current=current))


class Wire:
    """Answers in turn."""

    source = "replay-r"

    def __init__(self, *answers) -> None:
        self.tally = Tally()
        self.begun_at = 0.0
        self.asked: list[str] = []
        self._answers = deque(answers)
        everything = SimpleNamespace(
            **dict.fromkeys(("ClaimStaff", "ReportCallStarted", "ReportCallEnded", "BackToReception", "ChangeStatus"))
        )
        self.router = self.workspace = everything

    def call_id(self, key: str) -> str:
        """Ids of the run."""
        return f"r-{key}"

    def request_id(self) -> str:
        """Not looked at."""
        return "id"

    async def ask(self, method, request):
        """The next answer."""
        self.asked.append(type(request).__name__.removesuffix("Request"))
        answer = self._answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        if not answer.staff.HasField("changed_at"):
            passed = asyncio.get_running_loop().time() - self.begun_at
            answer.staff.changed_at.FromMicroseconds(BEGUN_AT + round(passed * 1_000_000))
        return answer


class Workspace:
    """Knows what it was told."""

    def __init__(self, known: staff_pb2.Staff) -> None:
        self.known = known
        self.waited = 0

    def note(self, state: staff_pb2.Staff) -> None:
        """Take a state."""
        self.known = state

    async def until(self, true_of, what: str) -> None:
        """At once."""
        self.waited += 1
        self.true_of = true_of


async def play(wire: Wire, workspace: Workspace, *happenings: Happening) -> Tally:
    wire.begun_at = asyncio.get_running_loop().time()
    metronome = Metronome(Pace(1, PlayedTime([(0, 2000)]), BEGUN_AT), wire.begun_at)
    player = StaffPlayer(PERSON, workspace, wire, metronome=metronome, hung_up_call_ids=frozenset({"r-gone"}))
    await player._play_shift(Shift(tuple(Step(happening, -60, CALL) for happening in happenings), ()))
    return wire.tally


async def test_a_countdown_that_was_quicker_explains_the_refusal():
    """The wrap-up is over, which is all that back to reception was for."""
    wire = Wire(refused("TRANSITION_REFUSED", staff(staff_pb2.STATUS_AVAILABLE)))
    tally = await play(wire, Workspace(staff(staff_pb2.STATUS_AFTER_CALL_WORK)), Happening.BACK_TO_RECEPTION)
    assert tally.surprises == []
    assert sum(tally.refusals.values()) == 1
    assert tally.back_to_reception == 0


async def test_a_wrap_up_that_the_countdown_has_ended_is_left_alone():
    """Nothing is asked."""
    wire = Wire()
    await play(wire, Workspace(staff(staff_pb2.STATUS_AVAILABLE)), Happening.BACK_TO_RECEPTION)
    assert wire.asked == []


async def test_a_claim_waits_until_a_caller_who_hung_up_stops_ringing():
    """Then it is made again."""
    ringing = refused("STAFF_NOT_ASSIGNABLE", staff(staff_pb2.STATUS_AVAILABLE, ringing="r-gone"))
    wire = Wire(ringing, SimpleNamespace(staff=staff(staff_pb2.STATUS_AVAILABLE, revision=2), claim_id="k"))
    workspace = Workspace(staff(staff_pb2.STATUS_AVAILABLE))
    tally = await play(wire, workspace, Happening.CLAIM)
    assert (wire.asked, workspace.waited) == (["ClaimStaff", "ClaimStaff"], 1)
    assert tally.surprises == []


async def test_a_claim_waits_until_a_workspace_is_back_at_a_server_that_was_gone():
    """The stream's state may be the one of before: only a later one says that the workspace is there."""
    gone = staff(staff_pb2.STATUS_AVAILABLE, revision=5)
    wire = Wire(
        refused("STAFF_NOT_ASSIGNABLE", gone),
        SimpleNamespace(staff=staff(staff_pb2.STATUS_AVAILABLE, revision=7), claim_id="k"),
    )
    workspace = Workspace(staff(staff_pb2.STATUS_AVAILABLE))
    tally = await play(wire, workspace, Happening.CLAIM)
    assert (wire.asked, workspace.waited) == (["ClaimStaff", "ClaimStaff"], 1)
    assert [workspace.true_of(staff(staff_pb2.STATUS_AVAILABLE, revision=revision)) for revision in (5, 6)] == [False, True]
    assert tally.surprises == []
    assert sum(tally.refusals.values()) == 1


async def test_a_claim_that_is_refused_for_another_reason_is_a_surprise_and_the_call_is_reported():
    """The person talks all the same; the refusal is told at the end."""
    started = SimpleNamespace(staff=staff(staff_pb2.STATUS_IN_LINE, revision=2), applied=True)
    wire = Wire(refused("STAFF_NOT_ASSIGNABLE", staff(staff_pb2.STATUS_BUSY)), started)
    tally = await play(wire, Workspace(staff(staff_pb2.STATUS_AVAILABLE)), Happening.CLAIM, Happening.ACCEPT)
    assert wire.asked == ["ClaimStaff", "ReportCallStarted"]
    assert tally.calls_not_claimed == 1
    assert len(tally.surprises) == 1


@pytest.mark.parametrize(("irregular", "surprises"), [(True, 0), (False, 1)])
async def test_a_second_call_must_be_flagged_irregular(irregular, surprises):
    """The table would have refused it, so the server has to say so."""
    state = staff(staff_pb2.STATUS_IN_LINE, revision=2)
    state.calls.add(call_id="r-c1", irregular=irregular)
    wire = Wire(SimpleNamespace(staff=state, applied=True))
    tally = await play(wire, Workspace(staff(staff_pb2.STATUS_IN_LINE)), Happening.CALL_STARTED)
    assert len(tally.surprises) == surprises
    assert tally.irregular == int(irregular)


async def test_an_end_that_changed_nothing_is_a_surprise():
    """The server did not know the call."""
    wire = Wire(SimpleNamespace(staff=staff(staff_pb2.STATUS_AVAILABLE, revision=2), applied=False))
    tally = await play(wire, Workspace(staff(staff_pb2.STATUS_IN_LINE)), Happening.CALL_ENDED)
    assert "changed nothing" in tally.surprises[0]


async def test_an_instant_outside_its_request_is_a_surprise():
    """A change cannot have been before it was asked for."""
    early = staff(staff_pb2.STATUS_AVAILABLE, revision=2)
    early.changed_at.FromMicroseconds(BEGUN_AT - 10_000_000)
    tally = await play(Wire(SimpleNamespace(staff=early)), Workspace(staff(staff_pb2.STATUS_OFFLINE)), Happening.SIGN_IN)
    assert "before or after the request" in tally.surprises[0]
