"""A live copy of the staff that match a filter, for threads. The rules are in ``follow``."""

from collections.abc import Callable

from onduty.v1.router_service_pb2 import WatchStaffRequest, WatchStaffResponse
from onduty.v1.staff_pb2 import Staff, StaffFilter
from onduty_client import clock
from onduty_client.connection import Connection
from onduty_client.floor_view import FloorChange
from onduty_client.follow import Follow
from onduty_client.handlers import OnError
from onduty_client.lifeline import Lifeline
from onduty_client.live_view import LiveView, OnState
from onduty_client.options import FloorOptions, stream_options

OnChange = Callable[[FloorChange], object]


class Floor(LiveView[WatchStaffRequest, WatchStaffResponse, FloorChange]):
    """Watches in a thread of its own from its making until ``close``; ``RouterClient.floor`` makes it.

    Any thread may read it. Handlers run in the floor's thread, one after another, before the next frame is read: a slow one
    delays the view.
    """

    _NOUN = "floor"

    def __init__(
        self,
        connection: Connection,
        staff_filter: StaffFilter | None = None,
        options: FloorOptions | None = None,
        *,
        on_change: OnChange | None = None,
        on_state: OnState | None = None,
        on_error: OnError | None = None,
    ) -> None:
        """Begin to watch; handlers given here miss nothing.

        Raises:
            ValueError: An option is out of its bounds.
            OndutyError: The connection is closed.
        """
        times = stream_options(connection.options, options)
        lifeline = Lifeline(times, token_may_change=callable(connection.options.token))
        self._follow = Follow(staff_filter or StaffFilter(), times, lifeline)
        method = connection.services.router.WatchStaff
        super().__init__(connection, method, self._follow, on_change=on_change, on_state=on_state, on_error=on_error)

    def get(self, staff_id: str) -> Staff | None:
        """One staff member as last heard; None where the view has no such. Do not change the message."""
        with self._lock:
            return self._follow.view.get(staff_id)

    def all(self) -> list[Staff]:
        """Everybody as last heard, by id. Do not change the messages."""
        with self._lock:
            return self._follow.view.all()

    def available(self, skill_group: str = "") -> list[Staff]:
        """Who can be assigned an inbound call, longest idle first; of everybody where the group is empty.

        Asks the server nothing. Nobody before the first snapshot, after ``trust_limit`` seconds without a frame, and when
        the floor is FAILED or CLOSED.
        """
        with self._lock:
            return self._follow.available(skill_group, clock.monotonic())

    def learn(self, staff: Staff) -> None:
        """Shows the state of an answer, as that of a claim, at once: ``available`` names nobody who has just been claimed.

        Who is not in the view, and what is not newer, is passed over. The change itself is told when the stream brings it.
        """
        with self._lock:
            self._follow.view.learn(staff)
