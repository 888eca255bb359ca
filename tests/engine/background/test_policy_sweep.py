"""A policy that concerns many: applied in slices, never decided around, and made up for after a crash."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from engine_floor import ORIGIN, TENANT, Floor, counted, opened
from fake_clock import FakeClock

from onduty_server.domain.model.errors import NotAssignableError
from onduty_server.domain.model.policy import Policy
from onduty_server.domain.model.status import Cause
from onduty_server.engine.background import policy_sweep
from onduty_server.engine.write import transactions
from onduty_server.past import HistoryQuery

NAMES = [f"p{number:02d}" for number in range(25)]
SLICE_MOST = 64
"""What a tenant's jobs may cost in a turn of the queue: a slice is no longer than that."""


def attached_only(policy: Policy) -> Policy:
    """Only who has a workspace can be assigned."""
    return replace(policy, require_attachment=True)


async def test_a_policy_is_applied_in_slices(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy itself is one record, those it concerns come a slice at a time, and then it answers."""
    monkeypatch.setattr(policy_sweep, "SWEPT_AT_ONCE", 10)
    await floor.create(*NAMES)
    await asyncio.gather(*(floor.choose(name) for name in NAMES))
    sizes = counted(floor)
    answer = await floor.engine.update_policy(TENANT, attached_only, expected=None, origin=ORIGIN, request=None)

    assert sizes == [1, 10, 10, 5]
    assert answer.through == floor.engine.head
    assert not any(floor.state(name).capabilities.assign_inbound for name in NAMES)
    changes = (await floor.engine.journal.history(HistoryQuery(TENANT, causes=(Cause.POLICY,)))).changes
    actors = {floor.engine.codec.decode_change(change.change).actor for change in changes}
    assert (len(changes), actors) == (len(NAMES), {ORIGIN.actor})


async def test_slices_are_small(floor: Floor) -> None:
    """As they are set, no commit of a sweep is so large that others wait for it."""
    names = [f"p{number:03d}" for number in range(130)]
    await asyncio.gather(*(floor.create(name) for name in names))
    await asyncio.gather(*(floor.choose(name) for name in names))
    sizes = counted(floor)
    await floor.engine.update_policy(TENANT, attached_only, expected=None, origin=ORIGIN, request=None)

    assert sum(sizes) == 1 + len(names)
    assert max(sizes) <= SLICE_MOST


async def test_nothing_is_decided_on_an_earlier_policy(floor: Floor) -> None:
    """Between the policy and its sweep, whoever is claimed has it applied first; in the same batch as well."""
    await floor.create("ana", "ben")
    await floor.choose("ana")
    await floor.choose("ben")
    change = transactions.update_policy(TENANT, attached_only, None, ORIGIN)
    done = await asyncio.gather(floor.engine.transact(TENANT, change), floor.claim("ana"), return_exceptions=True)
    assert isinstance(done[1], NotAssignableError)
    with pytest.raises(NotAssignableError):
        await floor.claim("ben", "claim-2", "call-2")


async def test_a_sweep_that_a_crash_cut_off_is_made_up_for(journal_path: Path, clock: FakeClock) -> None:
    """The policy was durable and nobody had it applied: the next start applies it."""
    async with opened(journal_path, clock) as floor:
        await floor.create(*NAMES)
        await asyncio.gather(*(floor.choose(name) for name in NAMES))
        await floor.engine.transact(TENANT, transactions.update_policy(TENANT, attached_only, None, ORIGIN))
        assert floor.state("p00").capabilities.assign_inbound
    async with opened(journal_path, clock) as floor:
        await floor.until(lambda: not any(floor.state(name).capabilities.assign_inbound for name in NAMES))
