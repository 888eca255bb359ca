"""The rules of a floor: what it watches, and who of its view can be assigned a call. No I/O, no clock."""

from google.protobuf.duration_pb2 import Duration

from onduty.v1.router_service_pb2 import WatchStaffRequest, WatchStaffResponse
from onduty.v1.staff_pb2 import Staff, StaffFilter
from onduty_client.floor_view import FloorChange, FloorView
from onduty_client.lifeline import Lifeline
from onduty_client.options import StreamOptions
from onduty_client.view_follow import News, ViewFollow


class Follow(ViewFollow[WatchStaffRequest, WatchStaffResponse, FloorChange]):
    """The rules of one floor."""

    def __init__(self, chosen: StaffFilter, times: StreamOptions, lifeline: Lifeline) -> None:
        """Follow the staff that match ``chosen``."""
        self.view = FloorView()
        super().__init__(self.view, times, lifeline)
        self._chosen = chosen

    def request(self, resume_after: str, bookmark_interval: Duration) -> WatchStaffRequest:
        """As ``ViewFollow`` says."""
        return WatchStaffRequest(filter=self._chosen, resume_after=resume_after, bookmark_interval=bookmark_interval)

    def news(self, frame: WatchStaffResponse) -> News:
        """As ``ViewFollow`` says."""
        farewell = frame.going_away if frame.HasField("going_away") else None
        ends_snapshot = frame.HasField("snapshot_chunk") and frame.snapshot_chunk.last
        return News(frame.position, farewell, ends_snapshot, frame.catching_up)

    def available(self, skill_group: str, now: float) -> list[Staff]:
        """Who can be assigned a call, longest idle first; nobody where the view is not to be trusted."""
        if self.has_ended or not self.view.is_complete or self.last_current_at is None:
            return []
        if now - self.last_current_at > self.times.trust_limit:
            return []
        return self.view.available(skill_group)
