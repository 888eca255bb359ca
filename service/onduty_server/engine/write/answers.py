"""Requests that were answered before: their keys, the answers at hand, and how a batch keeps the answers of its items.

The journal has every answer; here is what is known without asking it. It answers nothing itself.
"""

import json
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

from onduty_server.domain.model.errors import RequestIdReusedError
from onduty_server.domain.model.values import value
from onduty_server.ports import Revision, StoredAnswer

RECENT_ANSWERS = 50_000

PART = "\x1f#"
"""Joins a batch's request id and the number of a part; callers' ids have no control characters, so it cannot collide."""

Place = tuple[str, str]
"""Tenant and request id."""


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
    """The latest answers, so that a quick retry does not go to the storage."""

    def __init__(self) -> None:
        """Empty."""
        self._answers: OrderedDict[Place, StoredAnswer] = OrderedDict()

    def find(self, place: Place) -> StoredAnswer | None:
        """The answer to a tenant's request id, if it is among the recent ones."""
        return self._answers.get(place)

    def keep(self, place: Place, answer: StoredAnswer) -> None:
        """Keep an answer that is durable; the oldest goes when there are too many."""
        self._answers[place] = answer
        if len(self._answers) > RECENT_ANSWERS:
            self._answers.popitem(last=False)


def pack_detail(detail: dict[str, Any]) -> bytes:
    """What an answer says beside the state; nothing for the usual answer."""
    return json.dumps(detail, separators=(",", ":")).encode() if detail else b""


def unpack_detail(stored: bytes) -> dict[str, Any]:
    """The detail back."""
    found: dict[str, Any] = json.loads(stored) if stored else {}
    return found


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

    An entry's revision is told by how far it is from that of ``first``, another one by its complement, which is negative.
    """
    return json.dumps(
        [
            [one.number for one in items],
            [~one.revision if one.entry is None else one.entry - first for one in items],
            [one.fingerprint.hex() for one in items],
            {one.number: one.detail for one in items if one.detail},
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
    """What is known of the answers to those items of a batch that have no request id of their own.

    They are kept as one, or rather in parts: one for each commit that answered items, under ids made of the batch's and the
    parts' numbers. Of two attempts the second finds the place of its part taken, so it learns of the first.
    """

    __slots__ = ("_answers", "_parts", "request_id", "tenant")

    def __init__(self, tenant: str, request_id: str) -> None:
        """Nothing is known yet of the tenant's batch with this request id."""
        self.tenant = tenant
        self.request_id = request_id
        self._answers: dict[int, StoredAnswer] = {}
        self._parts = 0

    @property
    def place(self) -> Place:
        """Where the next part is, if there is one, or is to be kept."""
        return self.tenant, f"{self.request_id}{PART}{self._parts}"

    @property
    def known(self) -> bool:
        """Whether any item was answered before."""
        return bool(self._answers)

    def learn(self, part: StoredAnswer) -> None:
        """Take in the next part as it is kept. What an earlier one says of an item counts."""
        self._answers = unpack_part(part) | self._answers
        self._parts += 1

    def kept(self) -> None:
        """The next part was kept by this attempt."""
        self._parts += 1

    def answer(self, number: int) -> StoredAnswer | None:
        """The answer that item ``number`` was given before, or None."""
        return self._answers.get(number)
