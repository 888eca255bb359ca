"""How large a state can become: bounded whatever telephony, workspaces and administrators send."""

import pytest
from domain_builders import BY_ADMIN, BY_ROUTER, Person, in_status
from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model import commands
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.state import CALLS_MOST, WORKSPACES_MOST, Attachment, StaffState
from onduty_server.domain.model.status import Direction, Status
from onduty_server.wire.codec import ProtobufCodec

STATE_BYTES_MOST = 64 * 1024
CODEC = ProtobufCodec()
WIDE = "\U0001f4de"
"""A character of four bytes, the widest there are."""


def _size(state: StaffState) -> int:
    return len(CODEC.encode_state(state)) + len(CODEC.encode_private(state))


def _longest(number: int) -> str:
    return f"{number:04}" + WIDE * 124


def _everything_at_its_longest(person: Person) -> None:
    """Name, groups and workspaces of the greatest number and length."""
    groups = tuple(SkillGroup(f"{number:03}".ljust(64, "x"), 100) for number in range(100))
    person.does(commands.UpdateStaff(WIDE * 200, groups, BY_ADMIN))
    for number in range(WORKSPACES_MOST):
        attachment = Attachment(f"workspace-{number}", "instance" * 4, f"{number:02}" + WIDE * 126, WIDE * 200)
        person.does(commands.Attach(attachment, BY_ROUTER))


def _worst(length: int) -> Person:
    """A person with everything at its longest, while calls whose ids are cut to a length come and go."""
    person = in_status(Status.AVAILABLE)
    _everything_at_its_longest(person)
    for number in range(200):
        person.call_ends(_longest(1000 + number)[:length], leg=_longest(number), source=_longest(number))
    for number in range(CALLS_MOST + 8):
        call_id = _longest(number)[:length]
        person.call_starts(call_id, leg=_longest(number), source=_longest(number), occurred_at=person.now, answered=True)
        assert _size(person.state) <= STATE_BYTES_MOST
        person.fire()
    return person


@pytest.mark.parametrize("length", [4, 40, 128])
def test_largest_state_has_its_bound(length):
    """With every id, name and group at its longest, and as many of them as there may be, a state has its bound."""
    person = _worst(length)
    calls = tuple(
        commands.SourceCall(_longest(number), Direction.INBOUND, person.now, _longest(number)) for number in range(1000)
    )
    person.does(commands.ReconcileCalls(_longest(1), calls, BY_ROUTER))
    assert STATE_BYTES_MOST / 2 < _size(person.state) <= STATE_BYTES_MOST


def test_state_stays_small_where_ids_are_usual():
    """A busy hour with ids of usual length makes a state of a few kilobytes."""
    person = in_status(Status.AVAILABLE)
    for number in range(60):
        person.call_starts(f"a81bc81b-dead-4e5d-abff-{number:012}", occurred_at=person.now)
        person.wait(50)
        person.call_ends(f"a81bc81b-dead-4e5d-abff-{number:012}", occurred_at=person.now)
        person.wait(10)
    assert _size(person.state) < 8 * 1024


texts = st.integers(0, 60).flatmap(lambda number: st.sampled_from([str(number), _longest(number)]))
happenings = st.one_of(
    st.tuples(st.just("start"), texts, texts, texts),
    st.tuples(st.just("end"), texts, texts, texts),
    st.tuples(st.just("list"), texts, texts, texts),
)


@UNHURRIED
@given(st.lists(happenings, max_size=120))
def test_no_state_is_larger_than_its_bound(happened):
    """Whatever is told, no state on the way is larger than 64 KiB."""
    person = in_status(Status.AVAILABLE)
    _everything_at_its_longest(person)
    for kind, call_id, source, leg in happened:
        person.fire()
        match kind:
            case "start":
                person.call_starts(call_id, source=source, leg=leg)
            case "end":
                person.call_ends(call_id, source=source, leg=leg)
            case _:
                calls = [commands.SourceCall(f"{call_id[:100]}{number}", Direction.INBOUND, leg=leg) for number in range(40)]
                person.reconciled(*calls, source=source)
        assert _size(person.state) <= STATE_BYTES_MOST
