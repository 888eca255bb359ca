"""A replica's heartbeat: reports that it lives, renews its lease while it leads, and tells which replicas are gone."""

import asyncio
from collections.abc import Callable
from typing import Final

from onduty_server.engine.background.leadership import Leadership
from onduty_server.replication import BEAT_SECONDS, GONE_SECONDS, ReplicaReport, Replication, SeenReplica

BLIND_SECONDS: Final = 2 * BEAT_SECONDS
"""Who has not seen others for so long cannot say that they have been silent."""


class Attendance:
    """What one replica knows of the others. ``report`` is what it says of itself; without one it says nothing."""

    def __init__(self, store: Replication, leadership: Leadership) -> None:
        """Has seen nobody yet."""
        self._store = store
        self._leadership = leadership
        self.report: Callable[[], ReplicaReport] | None = None
        self._beats: dict[str, int] = {}
        self._seen_at: dict[str, float] = {}
        self._looking_since = float("inf")
        self._looked_at = float("-inf")

    async def step(self) -> None:
        """Renew what has to be renewed, and see who lives."""
        await self._leadership.renew()
        self.saw(await (self._store.beat(self.report()) if self.report else self._store.replicas()))

    def saw(self, replicas: list[SeenReplica]) -> None:
        """All replicas that have said something lately."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at > BLIND_SECONDS:
            self._looking_since = now
            self._seen_at.clear()
        self._looked_at = now
        for seen in replicas:
            replica_id = seen.report.replica_id
            if self._beats.get(replica_id) != seen.beats:
                self._beats[replica_id] = seen.beats
                self._seen_at[replica_id] = now
        there = {seen.report.replica_id for seen in replicas}
        for replica_id in self._beats.keys() - there:
            del self._beats[replica_id]
            self._seen_at.pop(replica_id, None)

    def is_gone(self, replica_id: str) -> bool:
        """Whether a replica has been silent for too long while this one was looking."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at > BLIND_SECONDS:
            return False
        return now - self._seen_at.get(replica_id, self._looking_since) > GONE_SECONDS

    @property
    def alive(self) -> int:
        """How many replicas, this one among them, have spoken lately; 0: this one has not looked lately."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at > BLIND_SECONDS:
            return 0
        return sum(now - seen_at <= GONE_SECONDS for seen_at in self._seen_at.values())
