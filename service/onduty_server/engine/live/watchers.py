"""Makes watchers of what this process shows: of every change, or of the latest states."""

from collections.abc import Callable

from onduty_server.engine.live.latest_walk import LatestStates
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.watch.watcher import Watcher
from onduty_server.ports import Codec, Journal, Revision


class Watchers:
    """Each is a cursor of its own into its tenant's ring."""

    def __init__(self, replica: Replica, journal: Journal, codec: Codec) -> None:
        """None yet."""
        self._replica = replica
        self._journal = journal
        self._codec = codec

    def watch(
        self,
        tenant: str,
        staff_filter: StaffFilter,
        cursor: Revision,
        *,
        since: Revision | None = None,
        latest_only: bool = False,
        holds: Callable[[], bool] = lambda: True,
    ) -> Watcher:
        """A watcher of what follows ``cursor``, for as long as it ``holds``.

        ``since`` is set where the cursor is in the middle of a walk over the latest states. Every change begins there.
        """
        roster, ring = self._replica.rosters(tenant), self._replica.rings(tenant)
        latest = LatestStates(tenant, roster, ring, journal=self._journal, codec=self._codec, head=lambda: self._replica.head)
        if since is not None and not latest_only:
            cursor, since = since, None
        return Watcher(
            ring,
            staff_filter,
            journal=self._journal,
            codec=self._codec,
            catch_up=self._replica.catching_up,
            tenant=tenant,
            cursor=cursor,
            since=since,
            begin_walk=latest.walk if latest_only else None,
            last_revision=roster.last_revision,
            holds=holds,
        )
