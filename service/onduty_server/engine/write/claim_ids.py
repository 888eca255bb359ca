"""Ids of claims: each says whose claim it is and when it was made, so that no server needs to remember it.

An id is 20 characters and the staff member's id. The characters are the instant of the offer, two random bytes, and a mark that
tells the store and the tenant. They carry no authority.
"""

import base64
import binascii
import hashlib
import secrets
import struct
from typing import Final, NamedTuple

from onduty_server.domain.model.status import Instant

_LAYOUT: Final = struct.Struct(">8s2s5s")
_HEAD: Final = 20


class ClaimOf(NamedTuple):
    """Whose claim it is, and when it was made."""

    staff_id: str
    offered_at: Instant


class ClaimIds:
    """Makes and reads the claim ids of one tenant in one store."""

    __slots__ = ("_key",)

    def __init__(self, store_id: str, tenant: str) -> None:
        """The ids of a tenant in the store with this id."""
        self._key = hashlib.blake2b(f"{store_id}/{tenant}".encode(), digest_size=16).digest()

    def make(self, staff_id: str, offered_at: Instant) -> str:
        """A new id."""
        at, salt = offered_at.to_bytes(8, "big"), secrets.token_bytes(2)
        packed = _LAYOUT.pack(at, salt, self._mark(at + salt, staff_id))
        return base64.urlsafe_b64encode(packed).decode() + staff_id

    def read(self, claim_id: str) -> ClaimOf | None:
        """What an id says, or None if it was not made here."""
        head, staff_id = claim_id[:_HEAD], claim_id[_HEAD:]
        try:
            at, salt, mark = _LAYOUT.unpack(base64.b64decode(head, altchars=b"-_", validate=True))
        except (struct.error, binascii.Error, ValueError):
            return None
        if mark != self._mark(at + salt, staff_id):
            return None
        return ClaimOf(staff_id, Instant(int.from_bytes(at, "big")))

    def _mark(self, made: bytes, staff_id: str) -> bytes:
        return hashlib.blake2b(made + staff_id.encode(), digest_size=5, key=self._key).digest()
