"""The codec: states, changes and configuration as bytes and back."""

from typing import Protocol

from onduty_server.domain.model.change import Change
from onduty_server.domain.model.configuration import ConfigurationChange
from onduty_server.domain.model.ended_legs import EndedLegs
from onduty_server.domain.model.policy import BreakReason, Policy
from onduty_server.domain.model.state import StaffState
from onduty_server.past import PersonId, RecordParts, Revision
from onduty_server.ports.records import ClockRecord


class Scrubber(Protocol):
    """Takes a person out of encoded records and answers; ``Codec`` is one."""

    def scrub(self, parts: RecordParts, pseudonym: PersonId) -> RecordParts:
        """A record of the person, with the pseudonym for the id, and neither name, note, call, claim, request nor actor."""

    def scrub_actor(self, parts: RecordParts, staff_id: str, pseudonym: PersonId) -> RecordParts | None:
        """A record of somebody else, with the pseudonym where the id names the actor; None: it names nobody there."""

    def scrub_answer(self, detail: bytes, staff_id: str) -> bytes | None:
        """An answer's detail without what it says about the id; None: it says nothing."""


class Codec(Scrubber, Protocol):
    """States and changes as bytes. What it encodes once is stored, kept for snapshots and sent to watchers as it is."""

    def encode_state(self, state: StaffState) -> bytes:
        """The public state, without its revision."""

    def encode_private(self, state: StaffState) -> bytes:
        """What is stored beside the public state."""

    def encode_change(self, change: Change) -> bytes:
        """The change, without its revision."""

    def decode_state(self, state: bytes, private: bytes) -> StaffState:
        """The state back from its two parts."""

    def state_with_revision(self, state: bytes, revision: Revision) -> bytes:
        """The public state as clients see it."""

    def change_with_revision(self, change: bytes, revision: Revision) -> bytes:
        """The change as clients see it."""

    def numbered(self, state: bytes, change: bytes, revision: Revision) -> tuple[bytes, bytes]:
        """Both with their revision: the state as clients see it, and the two together as an element of a watch frame."""

    def element(self, staff: bytes, change: bytes, revision: Revision) -> bytes:
        """An element of a watch frame, of a state as clients see it and a change without its revision."""

    def mark_left(self, staff_change: bytes) -> bytes:
        """The same element, saying that the staff member left the filter."""

    def left_view(self, staff_id: str, revision: Revision) -> bytes:
        """An element that says that the staff member left at a revision, and nothing else of them."""

    def decode_change(self, change: bytes) -> Change:
        """The change back."""

    def encode_colleague(self, state: StaffState) -> bytes:
        """The state as colleagues see it."""

    def encode_ended_legs(self, state: StaffState) -> bytes:
        """Ended legs of somebody, remembered without a change."""

    def decode_ended_legs(self, state: bytes) -> tuple[str, EndedLegs]:
        """Whose they are, and ended legs back; of nobody, and none, where the person was erased."""

    def encode_clock(self, record: ClockRecord) -> bytes:
        """What is known of the clock."""

    def decode_clock(self, state: bytes) -> ClockRecord:
        """What is known of the clock, back."""

    def encode_break_reason(self, reason: BreakReason, *, deleted: bool) -> bytes:
        """A break reason; deleted ones are kept as a tombstone."""

    def encode_configuration(self, change: ConfigurationChange) -> bytes:
        """A change of configuration, without its revision."""

    def decode_break_reason(self, state: bytes) -> BreakReason | None:
        """A break reason back, or None for a tombstone."""

    def encode_policy(self, policy: Policy) -> bytes:
        """A policy."""

    def decode_policy(self, state: bytes) -> Policy:
        """A policy back."""
