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
)
"""About a quarter of an hour."""

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
)
"""Under two minutes: to see that everything works, and a first impression."""
