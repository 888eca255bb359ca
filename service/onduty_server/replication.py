"""What replicas need from the store that they share, as a protocol whose docstrings are the contract; implements nothing."""

from typing import Final, NamedTuple, Protocol

from onduty_server.domain.model.errors import LeaderUnavailableError
from onduty_server.domain.model.status import Instant, Micros, seconds
from onduty_server.past import Revision

LOOK_SECONDS: Final = 0.25
"""A look at the store is made at least so often, also where nothing wakes whoever looks."""

LEASE_SECONDS: Final = 3.0
"""A leader that has not renewed its lease for so long may be replaced: its host is gone, or its process was stopped."""

BEAT_SECONDS: Final = 1.0
"""How often a replica says that it lives, and a leader renews its lease."""

GONE_SECONDS: Final = 5.0
"""A replica that has not said that it lives for so long is gone, with the streams that it held."""

GRACE_LEAST: Final = seconds(10)
"""Who was attached to a replica that is gone has so long at least to find another one."""

CLOCK_DIFFERENCE_MOST: Final = seconds(1)
"""A replica whose clock differs from the store's by more does not lead: deadlines are instants."""


class NotLeadingError(LeaderUnavailableError):
    """Another replica decides. Nothing of the request was decided here: it can be asked again, of that one."""


class Look(NamedTuple):
    """What the store was like at one moment.

    ``leader_id`` and ``leader_address`` are of the replica that leads, or led last; the address is empty where it has handed
    over. ``is_vacant``: nobody leads, or who does has let its lease run out. ``at`` is the moment by the store's own clock.
    """

    head: Revision
    epoch: int
    term: int
    leader_id: str
    leader_address: str
    is_vacant: bool
    at: Instant


class TakenLead(NamedTuple):
    """The lead that a replica took: its term, and the store's last revision and epoch at its beginning."""

    term: int
    head: Revision
    epoch: int


class ReplicaReport(NamedTuple):
    """What a replica says of itself. ``lag`` is by how much what it shows may be behind the store."""

    replica_id: str
    address: str
    version: str
    started_at: Instant
    leads: bool
    term: int
    head: Revision
    lag: Micros
    watches: int
    workspaces: int


class SeenReplica(NamedTuple):
    """A replica's latest report. ``beats`` changes with each report, ``age`` is that of the last one, by the store's clock."""

    report: ReplicaReport
    beats: int
    age: Micros


class Replication(Protocol):
    """A store that replicas share: one of them leads, and all of them look.

    Every method raises ``JournalUnavailableError`` where the store cannot be asked. The journal's ``append`` raises
    ``NotLeadingError`` unless this replica leads; one of nothing at all makes sure that it does, so that what was decided
    before it was decided on everything there was.
    """

    @property
    def replica_id(self) -> str:
        """Names this process; 16 hex digits."""

    @property
    def secret(self) -> str:
        """What replicas of the store know each other by."""

    async def look(self, wait_seconds: float, *, wakes: bool = True) -> Look:
        """A look at the store: when something has come, where that ``wakes``, but not later than after a time."""

    async def take_lead(self, address: str) -> TakenLead | None:
        """Lead from now on, at an address where others can ask. None: another one leads.

        What a leader before had under way is there or can land no more. Where history may have been cut the epoch is a new one.
        """

    async def renew_lead(self) -> bool:
        """Renew the lease; False: another one leads."""

    async def give_up_lead(self) -> None:
        """Lead no more, and say so to all who wait for it. Does nothing where this replica does not lead."""

    async def beat(self, report: ReplicaReport) -> list[SeenReplica]:
        """Say that this replica lives; returns what all have said."""

    async def replicas(self) -> list[SeenReplica]:
        """What all replicas have said lately."""

    async def leave(self) -> None:
        """This replica ends."""
