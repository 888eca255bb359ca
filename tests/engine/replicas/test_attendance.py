"""Which replicas are gone, and what comes of the workspaces that they held."""

import asyncio
from unittest import mock

import pytest
from replica_floor import Replicas

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import SYSTEM
from onduty_server.domain.model.state import Attachment
from onduty_server.domain.model.status import Instant, Micros
from onduty_server.engine.background import attendance
from onduty_server.engine.background.attendance import Attendance
from onduty_server.replication import GRACE_LEAST, ReplicaReport, SeenReplica


def seen(replica_id: str, beats: int) -> SeenReplica:
    """A report."""
    report = ReplicaReport(replica_id, "", "", Instant(0), False, 0, 0, Micros(0), 0, 0)  # type: ignore[arg-type]  # noqa: FBT003 - a report's fields.
    return SeenReplica(report, beats, Micros(0))


async def test_silence_counts_while_somebody_looks(monkeypatch: pytest.MonkeyPatch):
    """A replica that says nothing new is gone after a while; one that was not looked at is not."""
    now = 100.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now)
    watch = Attendance(mock.Mock(), mock.Mock())
    for second in range(10):
        now = 100.0 + second
        watch.saw([seen("lives", second), seen("silent", 0)])
    assert (watch.is_gone("lives"), watch.is_gone("silent"), watch.is_gone("never there")) == (False, True, True)
    now = 200.0
    assert not watch.is_gone("silent"), "who has not looked cannot say"
    watch.saw([seen("lives", 11)])
    assert not watch.is_gone("never there"), "it begins anew"


async def test_workspaces_of_a_replica_that_is_gone_are_let_go(replicas: Replicas, monkeypatch: pytest.MonkeyPatch):
    """By the leader, with ten seconds at least to find another one, also where the policy has none."""
    monkeypatch.setattr(attendance, "GONE_SECONDS", 1.5)
    leader = await (await replicas.start()).until_it_leads()
    await leader.create("ana")
    await leader.choose("ana")
    there, gone = (Attachment("1", instance, f"desk-{instance}", "") for instance in (leader.engine.instance_id, "0" * 16))
    leader.engine.attachments.streams.opened("default", "ana", there)
    for one in (there, gone):
        await leader.submit("ana", commands.Attach(one, commands.Origin(SYSTEM)))
    await leader.until_it(lambda: len(leader.state("ana").connection.attachments) == 1, "the other one is let go")
    assert leader.state("ana").connection.offline_at is None
    await leader.submit("ana", commands.Detach("1", there.instance_id, commands.Origin(SYSTEM), GRACE_LEAST))
    offline_at = leader.state("ana").connection.offline_at
    assert offline_at is not None
    assert offline_at - leader.state("ana").changed_at >= GRACE_LEAST
