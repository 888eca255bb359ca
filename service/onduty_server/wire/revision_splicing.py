"""Puts revisions onto encoded states and changes, and makes elements of watch frames of them, without decoding anything.

A revision is known only when the journal has committed, so bytes are made without it and it is spliced on as one more field: in
protobuf the order of fields is free.
"""

from typing import Final

from onduty.v1 import staff_pb2
from onduty_server.ports import Revision
from onduty_server.wire.primitives import varint

_STAFF_REVISION_TAG: Final = bytes([14 << 3])
_TRANSITION_REVISION_TAG: Final = bytes([1 << 3])
_CHANGE_STAFF_TAG: Final = bytes([1 << 3 | 2])
_CHANGE_TRANSITION_TAG: Final = bytes([2 << 3 | 2])
_CHANGE_LEFT: Final = bytes([3 << 3, 1])


class RevisionSplicer:
    """The part of the codec port that numbers what was encoded before."""

    def state_with_revision(self, state: bytes, revision: Revision) -> bytes:
        """The public state as clients see it."""
        return state + _STAFF_REVISION_TAG + varint(revision)

    def change_with_revision(self, change: bytes, revision: Revision) -> bytes:
        """The change as clients see it."""
        return change + _TRANSITION_REVISION_TAG + varint(revision)

    def numbered(self, state: bytes, change: bytes, revision: Revision) -> tuple[bytes, bytes]:
        """Both with their revision: the state as clients see it, and the two together as an element of a watch frame."""
        number = varint(revision)
        state += _STAFF_REVISION_TAG + number
        length = len(change) + len(_TRANSITION_REVISION_TAG) + len(number)
        return state, b"".join(
            (
                _CHANGE_STAFF_TAG,
                varint(len(state)),
                state,
                _CHANGE_TRANSITION_TAG,
                varint(length),
                change,
                _TRANSITION_REVISION_TAG,
                number,
            )
        )

    def element(self, staff: bytes, change: bytes, revision: Revision) -> bytes:
        """An element of a watch frame, of a state as clients see it and a change without its revision."""
        numbered = self.change_with_revision(change, revision)
        parts = (_CHANGE_STAFF_TAG, varint(len(staff)), staff, _CHANGE_TRANSITION_TAG, varint(len(numbered)), numbered)
        return b"".join(parts)

    def mark_left(self, staff_change: bytes) -> bytes:
        """The same element, saying that the staff member left the filter."""
        return staff_change + _CHANGE_LEFT

    def left_view(self, staff_id: str, revision: Revision) -> bytes:
        """An element that says that the staff member left at a revision, and nothing else of them."""
        staff = staff_pb2.Staff(staff_id=staff_id, revision=revision)
        transition = staff_pb2.Transition(staff_id=staff_id, revision=revision)
        return staff_pb2.StaffChange(staff=staff, transition=transition, left=True).SerializeToString()
