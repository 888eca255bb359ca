"""Workspaces whose streams are gone, and the grace over restarts."""

import asyncio
from pathlib import Path

import pytest
from engine_floor import ORIGIN, TENANT, Floor, opened
from fake_clock import FakeClock

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import OverloadedError
from onduty_server.domain.model.state import Attachment
from onduty_server.domain.model.status import Status, seconds
from onduty_server.engine.write import fair_queue


async def attached(floor: Floor, name: str, *, is_open: bool = True) -> Attachment:
    """Sign somebody in and attach a workspace, whose stream is open or already gone."""
    await floor.create(name)
    await floor.choose(name)
    attachment = Attachment(f"s-{name}", floor.engine.instance_id, f"w-{name}")
    if is_open:
        floor.engine.attachments.streams.opened(TENANT, name, attachment)
    await floor.submit(name, commands.Attach(attachment, ORIGIN))
    return attachment


async def test_a_workspace_without_a_stream_is_let_go(floor: Floor) -> None:
    """One whose end was not recorded is found at the second look; those with a stream stay."""
    await attached(floor, "ghost", is_open=False)
    await attached(floor, "real")
    await floor.engine.attachments.step()
    assert floor.state("ghost").connection.attachments
    await floor.engine.attachments.step()
    assert not floor.state("ghost").connection.attachments
    assert floor.state("ghost").connection.offline_at == floor.clock.now() + seconds(60)
    assert floor.state("real").connection.attachments


async def test_a_workspace_that_attaches_while_others_are_looked_at_stays(floor: Floor) -> None:
    """A stream is open before its workspace is attached, so the first look finds it."""
    await floor.create("ana")
    attachment = Attachment("s-1", floor.engine.instance_id, "w-1")
    floor.engine.attachments.streams.opened(TENANT, "ana", attachment)
    await asyncio.gather(floor.submit("ana", commands.Attach(attachment, ORIGIN)), floor.engine.attachments.step())
    await floor.engine.attachments.step()
    assert floor.state("ana").connection.attachments


async def test_the_services_own_jobs_are_never_refused_for_load(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """While callers get OVERLOADED, a workspace that has gone is detached all the same."""
    attachment = await attached(floor, "ana")
    monkeypatch.setattr(fair_queue, "JOBS_MOST", 2)
    detach = commands.Detach(attachment.attachment_id, attachment.instance_id, ORIGIN)
    detaching = floor.engine.submit_own(TENANT, "ana", detach)
    done = await asyncio.gather(*(floor.choose("ana") for _ in range(50)), detaching, return_exceptions=True)
    assert any(isinstance(outcome, OverloadedError) for outcome in done[:-1])
    assert done[-1].applied
    assert not floor.state("ana").connection.attachments


async def test_a_grace_from_before_the_start_begins_anew(journal_path: Path, clock: FakeClock) -> None:
    """While no server ran nobody could come back: a grace that has passed by the start, and one that runs, count from there."""
    async with opened(journal_path, clock) as floor:
        for name in ("passed", "running"):
            attachment = await attached(floor, name)
            if name == "running":
                clock.move(30)
            await floor.submit(name, commands.Detach(attachment.attachment_id, attachment.instance_id, ORIGIN))
    clock.move(40)  # the first one's grace of a minute is over, the second one's is not
    async with opened(journal_path, clock) as floor:
        started_at = clock.now()
        for name in ("passed", "running"):
            assert floor.state(name).status is Status.AVAILABLE
            assert floor.state(name).connection.offline_at == started_at + seconds(60)
        await floor.submit("passed", commands.Attach(Attachment("s-2", floor.engine.instance_id, "w-passed"), ORIGIN))
        clock.move(61)
        await floor.until(lambda: floor.state("running").status is Status.OFFLINE)
        assert floor.state("passed").status is Status.AVAILABLE
