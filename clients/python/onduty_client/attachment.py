"""What a workspace knows and does next, as a machine without I/O: its state, its attachment and the server's clock.

It opens nothing and reads no clock: ``now`` is the local time in seconds since 1970.
"""

from collections import deque
from typing import Final

from google.protobuf.duration_pb2 import Duration

from onduty.v1.staff_pb2 import Staff
from onduty.v1.workspace_service_pb2 import AttachRequest, AttachResponse
from onduty_client import countdown
from onduty_client.errors import NotFoundError, OndutyError, RefusedError
from onduty_client.lifeline import GiveUp, Lifeline, Reopen
from onduty_client.options import StreamOptions
from onduty_client.request_id import new_workspace_id

EVENTS_KEPT: Final = 1_000


class Attachment:
    """The rules of one workspace. States to tell gather until ``take_event`` takes them away."""

    def __init__(
        self, staff_id: str, times: StreamOptions, lifeline: Lifeline, *, workspace_id: str = "", user_agent: str = ""
    ) -> None:
        """Nothing is known yet. An empty ``workspace_id``: a new one."""
        self.staff_id = staff_id
        self.workspace_id = workspace_id or new_workspace_id()
        self.user_agent = user_agent
        self.state: Staff | None = None
        # The stream lives: its first frame has come and its end has not.
        self.attached = False
        # Nothing is tried any more: deleted, failed or closed.
        self.has_ended = False
        # Why the stream broke last; of an attachment that failed why it failed.
        self.last_error: OndutyError | None = None
        self._times = times
        self._lifeline = lifeline
        self._clock = countdown.ServerClock()
        # Set from the opening of a stream to its first state.
        self._awaits_first = False
        # States to tell; the oldest give way where telling is slower than they come.
        self._events: deque[Staff] = deque(maxlen=EVENTS_KEPT)

    @property
    def silence_seconds(self) -> float:
        """How long to wait for a frame before ``silence_error`` ends the stream."""
        return self._lifeline.silence_seconds

    def silence_error(self) -> OndutyError:
        """The error of a stream on which no frame came in time."""
        return self._lifeline.silence_error()

    # --- the stream -----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """The workspace is to be attached, perhaps once more."""
        self.has_ended = False
        self.last_error = None
        self._lifeline.has_begun = False

    def open(self) -> AttachRequest:
        """The request of the next stream."""
        self._lifeline.opened()
        self._clock.start_anew()
        self._awaits_first = True
        interval = Duration()
        interval.FromNanoseconds(round(self._times.bookmark_interval * 1e9))
        return AttachRequest(
            staff_id=self.staff_id,
            workspace_id=self.workspace_id,
            user_agent=self.user_agent,
            bookmark_interval=interval,
        )

    def take(self, frame: AttachResponse, now: float) -> None:
        """A frame came at the local time ``now``."""
        self._lifeline.heard(frame.going_away if frame.HasField("going_away") else None)
        if not frame.HasField("change"):
            return
        change = frame.change
        if change.transition.HasField("recorded_at"):
            self._clock.observe(countdown.seconds_since_epoch(change.transition.recorded_at), now)
        if change.left:
            metadata = {"staff_id": self.staff_id}
            text = "the staff member was deleted"
            self.fail(NotFoundError(text, code="NOT_FOUND", reason="STAFF_UNKNOWN", metadata=metadata))
            return
        self.attached = True
        self._lifeline.has_begun = True
        if self._awaits_first:
            self._awaits_first = False
            self._set(change.staff)
        else:
            self.learn(change.staff)

    def end(self, error: OndutyError | None) -> Reopen | GiveUp:
        """The stream ended, by this error or without one. Says what to do next."""
        self.attached = False
        self.last_error = error
        step = self._lifeline.ended(error)
        if isinstance(step, GiveUp):
            self.has_ended = True
        return step

    def fail(self, error: OndutyError) -> None:
        """The attachment cannot go on."""
        self.last_error = error
        self.close()

    def close(self) -> None:
        """The workspace was detached, or its staff member deleted."""
        self.attached = False
        self.has_ended = True

    # --- the state ------------------------------------------------------------------------------------------------------

    def learn(self, staff: Staff) -> None:
        """An answer or a later frame has this state; the higher revision wins."""
        if self.state is None or staff.revision > self.state.revision:
            self._set(staff)

    @property
    def has_events(self) -> bool:
        """There are states to tell."""
        return bool(self._events)

    def known(self) -> list[Staff]:
        """The state with which following begins; nothing where it is still to be told, since it will come then."""
        return [] if self.state is None or self._events else [self.state]

    def take_event(self) -> Staff:
        """The oldest state that has not been told; there must be one."""
        return self._events.popleft()

    def remaining_wrap_up(self, now: float) -> float | None:
        """Seconds left of the countdown; None outside wrap-up and where it is open-ended."""
        return countdown.remaining_wrap_up(self.state, now + self._clock.offset)

    def remaining_offer(self, now: float) -> float | None:
        """Seconds left to answer the offer; None where there is none."""
        return countdown.remaining_offer(self.state, now + self._clock.offset)

    def claim_id(self, given: str) -> str:
        """The claim to answer: the one given, else that of the known offer.

        Raises:
            RefusedError: No offer is known; its reason is OFFER_GONE.
        """
        if given:
            return given
        if self.state is not None and self.state.HasField("offer"):
            return self.state.offer.claim_id
        raise RefusedError(
            "no offer is known",
            code="FAILED_PRECONDITION",
            reason="OFFER_GONE",
            metadata={"staff_id": self.staff_id},
            current=self.state,
        )

    def _set(self, staff: Staff) -> None:
        if staff == self.state:
            return
        self.state = staff
        self._events.append(staff)
