"""Reads what has left the rings from the journal, off the event loop and once for all watchers that need it.

Theory of operation
-------------------
A watcher that is behind the ring asks for what follows its cursor. One chunk of a tenant is read at a time, and its elements
are put together on a thread of their own: some milliseconds, in which the loop would do nothing else. No message is decoded:
what filters look at stands beside it. Chunks stay for a while, so that many
watchers that come back after the same pause walk the same chunks; whoever asks while one is read waits for it, and finds it.
One chunk is put together at a time in the process, and what comes of them is handed out at a pace (``catch_up_pacer``). What is
kept is bounded by bytes (``budgets``); of tenants that have more than their share, the chunk used last goes last.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Sequence
from typing import Final, NamedTuple

from onduty_server.domain.model.skill_groups import names
from onduty_server.engine.watch import budgets, selection
from onduty_server.engine.watch.catch_up_pacer import CatchUpPacer
from onduty_server.engine.watch.change import LoggedChange
from onduty_server.past import Place, Standing
from onduty_server.ports import Codec, Journal, Record, RecordKind, Revision

CHUNK_BYTES: Final = 500
"""What a chunk takes, also one without changes."""

CHANGE_BYTES: Final = 400
"""What a change takes beside its element."""


class Chunk(NamedTuple):
    """All changes of a tenant's staff after one revision up to another."""

    after: Revision
    through: Revision
    changes: Sequence[LoggedChange]
    size: int


def logged(record: Record, codec: Codec) -> LoggedChange:
    """A staff record of the journal as a ring has it."""
    standing = record.standing or _decoded(record, codec)
    return LoggedChange(
        record.revision,
        record.previous,
        record.key.name,
        codec.numbered(record.state, record.change, record.revision)[1],
        *standing.now,
        standing.was,
        standing.deleted,
        standing.seen,
    )


def _decoded(record: Record, codec: Codec) -> Standing:
    """The standing of a record for which the journal does not tell it."""
    state, change = codec.decode_state(record.state, record.private), codec.decode_change(record.change)
    before = state.skill_groups if change.skill_groups_before is None else change.skill_groups_before
    was = None if change.previous_status is None else Place(names(before), change.previous_status)
    return Standing(Place(names(state.skill_groups), state.status), was, state.deleted, seen=True)


class _Reading:
    """The one reading of a tenant, and how many want it."""

    def __init__(self) -> None:
        """Nobody does."""
        self.lock = asyncio.Lock()
        self.users = 0


class CatchUp:
    """Chunks of the journal for watchers."""

    def __init__(self, journal: Journal, codec: Codec) -> None:
        """Nothing is read yet."""
        self.pacer = CatchUpPacer()
        self._journal = journal
        self._codec = codec
        self._chunks: OrderedDict[tuple[str, Revision], Chunk] = OrderedDict()
        self._reading: dict[str, _Reading] = {}
        self._decoding = asyncio.Semaphore(1)
        self._rewritten: dict[str, int] = {}
        self._sizes: Counter[str] = Counter()

    @property
    def size(self) -> int:
        """The bytes of the chunks that are kept."""
        return self._sizes.total()

    async def after(self, tenant: str, cursor: Revision, through: Revision) -> Chunk:
        """What follows a cursor, up to a revision or as far as one chunk goes: its ``through`` is beyond the cursor.

        Raises:
            JournalUnavailableError: The journal cannot be read.
        """
        chunk = self._kept(tenant, cursor)
        if chunk is None:
            reading = self._reading.setdefault(tenant, _Reading())
            reading.users += 1
            try:
                async with reading.lock:
                    chunk = self._kept(tenant, cursor) or await self._read(tenant, cursor, through)
            finally:
                reading.users -= 1
                if not reading.users:
                    del self._reading[tenant]
        return chunk

    def _kept(self, tenant: str, cursor: Revision) -> Chunk | None:
        for key, chunk in self._chunks.items():
            if key[0] == tenant and chunk.after <= cursor < chunk.through:
                self._chunks.move_to_end(key)
                return chunk
        return None

    async def _read(self, tenant: str, cursor: Revision, through: Revision) -> Chunk:
        while True:
            rewritten = self._rewritten.get(tenant, 0)
            chunk = await self._read_once(tenant, cursor, through)
            if self._rewritten.get(tenant, 0) == rewritten:
                self._keep(tenant, chunk)
                return chunk

    async def _read_once(self, tenant: str, cursor: Revision, through: Revision) -> Chunk:
        records = await self._journal.read(cursor, selection.FRAME_CHANGES, tenant=tenant)
        if len(records) == selection.FRAME_CHANGES:
            through = records[-1].revision
        staff = [record for record in records if record.key.kind is RecordKind.STAFF and record.revision <= through]
        async with self._decoding:
            changes = await asyncio.to_thread(self._decode, staff)
        size = CHUNK_BYTES + sum([CHANGE_BYTES + len(change.element) for change in changes])
        return Chunk(cursor, through, changes, size)

    def _decode(self, records: Sequence[Record]) -> list[LoggedChange]:
        return [logged(record, self._codec) for record in records]

    def _keep(self, tenant: str, chunk: Chunk) -> None:
        self._drop((tenant, chunk.after))
        self._chunks[tenant, chunk.after] = chunk
        self._sizes[tenant] += chunk.size
        while self.size > budgets.CHUNKS_BYTES:
            share = budgets.CHUNKS_BYTES // len(self._sizes)
            self._drop(next(key for key in self._chunks if self._sizes[key[0]] > share))

    def _drop(self, key: tuple[str, Revision]) -> None:
        chunk = self._chunks.pop(key, None)
        if chunk is not None:
            self._sizes[key[0]] -= chunk.size
            if not self._sizes[key[0]]:
                del self._sizes[key[0]]

    def forget(self, tenant: str) -> None:
        """Drop the tenant's chunks: the journal has rewritten them. What is being read is read once more."""
        self._rewritten[tenant] = self._rewritten.get(tenant, 0) + 1
        for key in [key for key in self._chunks if key[0] == tenant]:
            self._drop(key)

    def age(self) -> None:
        """Drop all chunks: whoever comes back later reads anew. Called every now and then."""
        self._chunks.clear()
        self._sizes.clear()
