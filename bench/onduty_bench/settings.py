"""How long and how much: the full run and the quick one. It knows no server."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Times in seconds. ``event_loop`` is what the server and its floor run on."""

    quick: bool
    rounds: int
    warm: float
    length: float
    callers: tuple[int, ...]
    staff: int
    journal_staff: int
    journal_rows: int
    watcher_counts: tuple[int, ...]
    neighbour_staff: int
    week_rows: int
    desktops: int
    idle: float
    event_loop: str = "asyncio"


FULL = Settings(
    quick=False,
    rounds=3,
    warm=1.0,
    length=4.0,
    callers=(1, 16, 64, 256),
    staff=100_000,
    journal_staff=100_000,
    journal_rows=1_000_000,
    watcher_counts=(1, 10, 100, 300, 1_000),
    neighbour_staff=5_000,
    week_rows=200_000,
    desktops=10_000,
    idle=10.0,
)
"""About half an hour."""

QUICK = Settings(
    quick=True,
    rounds=1,
    warm=0.5,
    length=1.5,
    callers=(1, 64),
    staff=20_000,
    journal_staff=10_000,
    journal_rows=50_000,
    watcher_counts=(1, 100),
    neighbour_staff=1_000,
    week_rows=20_000,
    desktops=500,
    idle=2.0,
)
"""Under three minutes: to see that everything works, and a first impression."""
