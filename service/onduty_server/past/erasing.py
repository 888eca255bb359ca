"""The erasure of a deleted person: the order that a record carries, and what is still to do."""

from typing import NamedTuple

from onduty_server.past.identities import PersonId, Revision


class Erasure(NamedTuple):
    """A record's order to erase a deleted person, who is called ``pseudonym`` from then on; that is a person id too.

    ``last`` is the person's last record; its parts are replaced by these at once, and the staff id is free for somebody new.
    """

    person: PersonId
    pseudonym: PersonId
    last: Revision
    state: bytes
    private: bytes
    change: bytes
    configuration: bytes


class PendingErasure(NamedTuple):
    """An erasure that is ordered and not finished. ``staff_id`` is empty when only traces in the storage are left."""

    tenant: str
    pseudonym: PersonId
    staff_id: str


class RecordParts(NamedTuple):
    """The encoded parts of a record."""

    state: bytes
    private: bytes
    change: bytes
    configuration: bytes
