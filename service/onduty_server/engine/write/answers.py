"""Idempotency, its rules and values: a request that was answered before gets its first answer, wherever that is kept.

Theory of operation
-------------------
Every answer to a request with an id is kept in the journal, in the transaction of what it answers. A request that comes again
meets its first one

- under way: it joins that job, and gets its answer;
- in the cache of recent answers;
- in the journal, before its batch is decided. The ids of the whole batch are looked up at once. That is done while repeats are
  likely: after a start, and after one was met. Otherwise
- at the append, which refuses the batch and names every id in it that has an answer; the others are decided again.

A refusal is not kept. Before a caller hears it, the journal is asked whether the request was answered when it was not refused.

The items of a batch that has a request id keep one answer together, in parts: one for each commit that answered items. The
batch has a fingerprint of its own; where that differs, none of its items is taken.
"""

import json
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from onduty_server.domain.model.errors import RequestIdReusedError
from onduty_server.domain.model.values import value
from onduty_server.ports import NO_REVISION, Revision, StoredAnswer

CACHE_BYTES: Final = 32 * 1024 * 1024

ANSWER_BYTES: Final = 400
"""What an answer takes beside its detail and its ids: keys, tuple, numbers, its place in the dictionary."""

PART: Final = "\x1f#"
"""Joins a batch's request id and the number of a part; callers' ids have no control characters, so it cannot collide."""

RequestPlace = tuple[str, str]
"""Tenant and request id: where an answer is kept."""


@value
class RequestKey:
    """A request's id (never empty) and the fingerprint of its content."""

    request_id: str
    fingerprint: bytes

    def check(self, stored_fingerprint: bytes) -> None:
        """Raises RequestIdReusedError where the id was used with other content."""
        if stored_fingerprint != self.fingerprint:
            raise RequestIdReusedError(self.request_id)


class AnswerCache:
    """The latest answers, so that a quick retry does not go to the storage. Bounded in bytes."""

    def __init__(self, bytes_most: int = CACHE_BYTES) -> None:
        """Empty."""
        self._answers: OrderedDict[RequestPlace, StoredAnswer] = OrderedDict()
        self._bytes_most = bytes_most
        self.size = 0

    def find(self, place: RequestPlace) -> StoredAnswer | None:
        """The answer at a place, if it is among the recent ones."""
        return self._answers.get(place)

    def keep(self, place: RequestPlace, answer: StoredAnswer) -> None:
        """Keep an answer that is durable; the oldest are evicted where all together are too large."""
        replaced = self._answers.pop(place, None)
        if replaced is not None:
            self.size -= _size(place, replaced)
        self._answers[place] = answer
        self.size += _size(place, answer)
        while self.size > self._bytes_most:
            self.size -= _size(*self._answers.popitem(last=False))

    def clear(self) -> None:
        """Evict all."""
        self._answers.clear()
        self.size = 0


def _size(place: RequestPlace, answer: StoredAnswer) -> int:
    return ANSWER_BYTES + 2 * len(place[1]) + len(answer.detail)


def pack_detail(detail: dict[str, Any]) -> bytes:
    """What an answer says beside the state; nothing for the usual answer."""
    return json.dumps(detail, separators=(",", ":")).encode() if detail else b""


def unpack_detail(stored: bytes) -> dict[str, Any]:
    """The detail back."""
    detail: dict[str, Any] = json.loads(stored) if stored else {}
    return detail


# --- batches ----------------------------------------------------------------------------------------------------------


class ItemAnswer(NamedTuple):
    """The answer to an item of a batch, to be kept.

    ``number`` is the item's place in its batch, from 0. The answer shows the state of an entry of the commit, by its number, or
    that at ``revision`` where ``entry`` is None.
    """

    number: int
    fingerprint: bytes
    entry: int | None
    revision: Revision
    detail: dict[str, Any]


def pack_part(items: Sequence[ItemAnswer], first: int) -> bytes:
    """A part, kept at the revision of entry ``first``: the items' numbers, revisions, fingerprints and details.

    An entry's revision is packed as its distance from that of ``first``, another one as its complement, which is negative.
    """
    return json.dumps(
        [
            [item.number for item in items],
            [~item.revision if item.entry is None else item.entry - first for item in items],
            [item.fingerprint.hex() for item in items],
            {item.number: item.detail for item in items if item.detail},
        ],
        separators=(",", ":"),
    ).encode()


def unpack_part(stored: StoredAnswer) -> dict[int, StoredAnswer]:
    """The answers of a part, by the items' numbers."""
    numbers, revisions, fingerprints, details = json.loads(stored.detail)
    return {
        number: StoredAnswer(
            bytes.fromhex(fingerprint),
            Revision(stored.revision + revision if revision >= 0 else ~revision),
            pack_detail(details.get(str(number), {})),
        )
        for number, revision, fingerprint in zip(numbers, revisions, fingerprints, strict=True)
    }


class BatchAnswers:
    """The known answers to those items of a batch that have no request id of their own.

    They are kept in parts, one for each commit that answered items, under ids made of the batch's and the parts' numbers. Of
    two attempts the second finds the place of its part taken, and so learns the first one's answers. ``users`` counts the calls
    that have the batch under way.
    """

    __slots__ = ("_another", "_answers", "_parts", "_unread", "key", "tenant", "users")

    def __init__(self, tenant: str, key: RequestKey) -> None:
        """Nothing is known yet of the tenant's batch with this key."""
        self.tenant = tenant
        self.key = key
        self.users = 0
        self._another: StoredAnswer | None = None
        self._answers: dict[int, StoredAnswer] = {}
        self._unread: list[StoredAnswer] = []
        self._parts = 0

    @property
    def next_place(self) -> RequestPlace:
        """Where the next part is, if there is one, or is to be kept."""
        return self.tenant, f"{self.key.request_id}{PART}{self._parts}"

    def learn(self, part: StoredAnswer) -> None:
        """Take in the next part, of an earlier attempt or of this one. What an earlier one says of an item counts."""
        self._parts += 1
        if part.fingerprint == self.key.fingerprint:
            self._unread.append(part)
        else:
            self._another = StoredAnswer(part.fingerprint, NO_REVISION, b"")

    def answer(self, number: int) -> StoredAnswer | None:
        """The answer that item ``number`` was given before, or None; an answer to no item where the id is another batch's."""
        if self._another is not None:
            return self._another
        if self._unread:  # most batches never come again
            for part in self._unread:
                self._answers = unpack_part(part) | self._answers
            self._unread.clear()
        return self._answers.get(number)
