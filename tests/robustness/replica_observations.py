"""What callers and watchers of replicas saw, and when, for the validators; judges nothing."""

from dataclasses import dataclass, field

from onduty.v1 import staff_pb2


@dataclass(frozen=True, slots=True)
class Answered:
    """A request was answered. ``staff`` is the state that it told; times are of this machine's steady clock.

    ``expected`` and ``wanted`` are the revision and the status that it named; 0: none.
    """

    request_id: str
    staff: staff_pb2.Staff
    claim_id: str
    began_at: float
    ended_at: float
    replayed: bool
    expected: int = 0
    wanted: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that expected a revision was refused, by a state of another one."""

    staff_id: str
    revision: int
    began_at: float
    ended_at: float
    expected: int = 1


@dataclass(frozen=True, slots=True)
class Read:
    """A read showed a revision of somebody; what it asked for was at or after another."""

    staff_id: str
    revision: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A watcher was told that it has everything up to a revision."""

    revision: int
    at: float


@dataclass(slots=True)
class Watched:
    """What one watcher was sent, over all its streams: the states in their order, and bookmarks.

    It began after revision ``since``, with a snapshot.
    """

    states: list[staff_pb2.Staff] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)
    resumes: int = 0
    since: int = 0


@dataclass(slots=True)
class Observations:
    """Everything. ``history`` has who changed and by which request, by revision; each replica has its own at the end."""

    answers: list[Answered] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    watchers: list[Watched] = field(default_factory=list)
    histories: list[dict[int, tuple[str, str]]] = field(default_factory=list)
