"""Positions and page tokens as opaque strings; they carry no authority and reveal no content.

A position names a store and its epoch, a tenant, a filter (or none) and a revision. It can be told apart from another store's,
and from one of a history that was cut, but not forged into anything more than a place to read from.
"""

import base64
import binascii
import hashlib
import json
import struct
from typing import Any, NamedTuple

from onduty_server.domain.model.errors import (
    PageTokenInvalidError,
    PositionEpochEndedError,
    PositionFilterChangedError,
    PositionForeignError,
    PositionInFutureError,
    PositionMalformedError,
)
from onduty_server.engine.staff_filter import ColleagueFilter, StaffFilter
from onduty_server.ports import EPOCH_BITS, Revision

_LAYOUT = struct.Struct(f">B8s{EPOCH_BITS // 8}s4s3s")
_REVISION = struct.Struct(">Q")
_SINCE_AND_REVISION = struct.Struct(">QQ")
_VERSION = 2
_ANY_FILTER = bytes(3)


def _digest(text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=size).digest()


def filter_mark(staff_filter: StaffFilter) -> bytes:
    """Three bytes that tell a filter; never those that stand for "any"."""
    of_colleagues = isinstance(staff_filter, ColleagueFilter)
    if staff_filter.is_open and not of_colleagues:
        return b"\0\0\1"
    kinds = (staff_filter.staff_ids, staff_filter.skill_groups, staff_filter.statuses)
    parts = [*(sorted(kind) if kind is not None else None for kind in kinds), *(["colleagues"] if of_colleagues else [])]
    if staff_filter.view is not None:
        parts += ["view", sorted(staff_filter.view.skill_groups)]
    mark = _digest(json.dumps(parts), 3)
    return mark if mark > b"\0\0\1" else b"\0\0\2"


class Reached(NamedTuple):
    """What a position says was sent: everything up to ``through``.

    With ``since``, of changes after that only the latest of each person, and where it is after ``through``, none.
    """

    through: Revision
    since: Revision | None


class Positions:
    """Makes and reads the positions of one tenant in one epoch of a store."""

    __slots__ = ("_last", "_last_token", "epoch", "store", "tenant")

    def __init__(self, store: bytes, epoch: bytes, tenant: bytes) -> None:
        """``store``, ``epoch`` and ``tenant`` as tokens name them: eight bytes, six and four."""
        self.store = store
        self.epoch = epoch
        self.tenant = tenant
        self._last: tuple[Revision, bytes, Revision | None] = (Revision(-1), b"", None)
        self._last_token = ""

    @classmethod
    def of(cls, store_id: str, epoch: int, tenant: str) -> "Positions":
        """The positions of a tenant in this epoch of the store with this id."""
        return cls(bytes.fromhex(store_id), epoch.to_bytes(EPOCH_BITS // 8, "big"), _digest(tenant, 4))

    def token(self, revision: Revision, mark: bytes = _ANY_FILTER, since: Revision | None = None) -> str:
        """A position; ``mark`` binds it to a filter, without one it fits any. For ``since`` see ``Reached``."""
        wanted = (revision, mark, since)
        if wanted != self._last:  # all answers of a batch tell the same one
            packed = _LAYOUT.pack(_VERSION, self.store, self.epoch, self.tenant, mark)
            packed += _REVISION.pack(revision) if since is None else _SINCE_AND_REVISION.pack(since, revision)
            self._last_token = base64.urlsafe_b64encode(packed).decode()
            self._last = wanted
        return self._last_token

    def revision(self, token: str, head: Revision, mark: bytes | None = None) -> Revision:
        """The revision of a token. See ``reached``."""
        return self.reached(token, head, mark).through

    def reached(self, token: str, head: Revision, mark: bytes | None = None) -> Reached:
        """What a token says, which must belong here; with ``mark``, also to that filter or to any.

        Raises:
            PositionMalformedError, PositionForeignError, PositionEpochEndedError, PositionFilterChangedError,
            PositionInFutureError
        """
        try:
            packed = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
            version, store, epoch, tenant, found = _LAYOUT.unpack_from(packed)
            revisions = packed[_LAYOUT.size :]
            layout = _REVISION if len(revisions) == _REVISION.size else _SINCE_AND_REVISION
            *since, revision = layout.unpack(revisions)
        except (binascii.Error, struct.error, ValueError) as error:
            raise PositionMalformedError from error
        if version != _VERSION or (since and since[0] > revision):
            raise PositionMalformedError
        if store != self.store or tenant != self.tenant:
            raise PositionForeignError
        if epoch != self.epoch:
            raise PositionEpochEndedError
        if mark is not None and found not in {_ANY_FILTER, mark}:
            raise PositionFilterChangedError
        if revision > head:
            raise PositionInFutureError(revision, head)
        return Reached(Revision(revision), since[0] if since else None)

    def page_token(self, question: str, **place: Any) -> str:
        """A page token: the place to go on from, bound to the question that was asked."""
        text = json.dumps({**self._bound(question), **place}, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode()

    def page_place(self, token: str, question: str) -> dict[str, Any]:
        """The place in a page token.

        Raises:
            PageTokenInvalidError: It is not one of ours for this question.
        """
        try:
            place = json.loads(base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True))
            json.dumps(place, ensure_ascii=False).encode()  # a lone surrogate is no text
        except (ValueError, RecursionError) as error:
            raise PageTokenInvalidError from error
        bound = self._bound(question)
        if not isinstance(place, dict) or {name: place.get(name) for name in bound} != bound:
            raise PageTokenInvalidError
        return place

    def _bound(self, question: str) -> dict[str, str]:
        """What a page token is bound to."""
        store = f"{self.store.hex()}{self.epoch.hex()}"
        return {"q": _digest(question, 8).hex(), "s": store, "t": self.tenant.hex()}
