"""A live view of the colleagues whom a staff member may see, for threads. The rules are in ``colleague_follow``."""

from collections.abc import Callable

from onduty.v1.workspace_service_pb2 import Colleague, WatchColleaguesRequest, WatchColleaguesResponse
from onduty_client.colleague_follow import ColleagueFollow
from onduty_client.colleague_view import ColleagueEvent
from onduty_client.connection import Connection
from onduty_client.errors import NotFoundError, RefusedError
from onduty_client.handlers import OnError
from onduty_client.lifeline import Lifeline
from onduty_client.live_view import LiveView, OnState
from onduty_client.options import FloorOptions, stream_options

OnColleague = Callable[[ColleagueEvent], object]


class Colleagues(LiveView[WatchColleaguesRequest, WatchColleaguesResponse, ColleagueEvent]):
    """Watches in a thread of its own from its making until ``close``.

    It follows the policy and the own skill groups: who may no longer be seen is gone at once. Where the policy hides
    colleagues it is FAILED, with a ``RefusedError`` of the reason COLLEAGUES_HIDDEN as ``last_error``.
    """

    _NOUN = "view of colleagues"

    def __init__(
        self,
        connection: Connection,
        staff_id: str,
        options: FloorOptions | None = None,
        *,
        on_change: OnColleague | None = None,
        on_state: OnState | None = None,
        on_error: OnError | None = None,
    ) -> None:
        """Begin to watch the colleagues of a staff member; handlers given here miss nothing.

        Raises:
            ValueError: An option is out of its bounds.
            OndutyError: The connection is closed.
        """
        times = stream_options(connection.options, options)
        lifeline = Lifeline(
            times, token_may_change=callable(connection.options.token), final_errors=(NotFoundError, RefusedError)
        )
        self._follow = ColleagueFollow(staff_id, times, lifeline)
        method = connection.services.workspace.WatchColleagues
        super().__init__(connection, method, self._follow, on_change=on_change, on_state=on_state, on_error=on_error)

    @property
    def staff_id(self) -> str:
        """Whose colleagues they are."""
        return self._follow.staff_id

    def get(self, staff_id: str) -> Colleague | None:
        """One colleague as last heard; None where the view has no such. Do not change the message."""
        with self._lock:
            return self._follow.view.get(staff_id)

    def all(self) -> list[Colleague]:
        """All colleagues as last heard, by name. Do not change the messages."""
        with self._lock:
            return self._follow.view.all()
