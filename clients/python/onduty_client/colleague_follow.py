"""The rules of a view of colleagues: whose it is, and that nobody is shown who may no longer be seen. No I/O, no clock."""

from google.protobuf.duration_pb2 import Duration

from onduty.v1.workspace_service_pb2 import WatchColleaguesRequest, WatchColleaguesResponse
from onduty_client.colleague_view import ColleagueEvent, ColleagueView
from onduty_client.lifeline import Lifeline
from onduty_client.options import StreamOptions
from onduty_client.view_follow import FloorState, News, ViewFollow


class ColleagueFollow(ViewFollow[WatchColleaguesRequest, WatchColleaguesResponse, ColleagueEvent]):
    """The rules of one staff member's view of colleagues."""

    def __init__(self, staff_id: str, times: StreamOptions, lifeline: Lifeline) -> None:
        """Follow the colleagues of ``staff_id``."""
        self.staff_id = staff_id
        self.view = ColleagueView()
        super().__init__(self.view, times, lifeline)

    def request(self, resume_after: str, bookmark_interval: Duration) -> WatchColleaguesRequest:
        """As ``ViewFollow`` says."""
        return WatchColleaguesRequest(staff_id=self.staff_id, resume_after=resume_after, bookmark_interval=bookmark_interval)

    def news(self, frame: WatchColleaguesResponse) -> News:
        """As ``ViewFollow`` says."""
        farewell = frame.going_away if frame.HasField("going_away") else None
        ends_snapshot = frame.HasField("snapshot_chunk") and frame.snapshot_chunk.last
        return News(frame.position, farewell, ends_snapshot, frame.catching_up)

    def take(self, frame: WatchColleaguesResponse, now: float) -> None:
        """A frame came. A farewell without a position says that others may be seen now: the view begins anew."""
        super().take(frame, now)
        if frame.HasField("going_away") and not frame.position:
            self._forget()
            self.become(FloorState.CONNECTING)

    def become(self, state: FloorState) -> None:
        """Where it has failed, as when the policy hides colleagues now, nobody is shown."""
        if state is FloorState.FAILED:
            self._forget()
        super().become(state)

    def _forget(self) -> None:
        self.position = ""
        self.tell(self.view.clear())
