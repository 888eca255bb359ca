"""How long a wrap-up or an offer still lasts, by the server's clock as it can be known here. Pure: no clock is read."""

from google.protobuf.timestamp_pb2 import Timestamp

from onduty.v1.staff_pb2 import Staff


class ServerClock:
    """The difference between the server's clock and this machine's, as seen on one stream.

    A frame is always later here than it was made there, by as long as it travelled. So the largest difference seen is the
    one with the shortest way, and the nearest to the truth.
    """

    def __init__(self) -> None:
        """Nothing is known yet: the clocks are taken to agree."""
        self._offset: float | None = None

    @property
    def offset(self) -> float:
        """Seconds to add to the local time; 0 before the first observation."""
        return 0.0 if self._offset is None else self._offset

    def observe(self, recorded_at: float, came_at: float) -> None:
        """A change that the server recorded at ``recorded_at`` came at the local time ``came_at``; seconds since 1970."""
        seen = recorded_at - came_at
        if self._offset is None or seen > self._offset:
            self._offset = seen

    def start_anew(self) -> None:
        """Another stream, perhaps of another server: nothing is known."""
        self._offset = None


def seconds_since_epoch(instant: Timestamp) -> float:
    """The instant in seconds since 1970."""
    return instant.seconds + instant.nanos / 1e9


def remaining(ends_at: Timestamp, server_now: float) -> float:
    """Seconds until ``ends_at``, never below 0."""
    return max(0.0, seconds_since_epoch(ends_at) - server_now)


def remaining_wrap_up(staff: Staff | None, server_now: float) -> float | None:
    """Seconds left of the wrap-up's countdown; None outside wrap-up and where it is open-ended."""
    if staff is None or not staff.HasField("wrap_up") or not staff.wrap_up.HasField("ends_at"):
        return None
    return remaining(staff.wrap_up.ends_at, server_now)


def remaining_offer(staff: Staff | None, server_now: float) -> float | None:
    """Seconds left to answer the outstanding offer; None where there is none."""
    if staff is None or not staff.HasField("offer"):
        return None
    return remaining(staff.offer.expires_at, server_now)
