"""Counts what is met while playing, as it happens; judges nothing."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Counts of one run."""

    rpcs: Counter[str] = field(default_factory=Counter)
    """Requests sent by RPC, repeats included."""
    retries: Counter[str] = field(default_factory=Counter)
    """Repeats of a request with the same request id, by status code."""
    refusals: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Refusals that have an explanation: RPC, reason, explanation."""
    surprises: list[str] = field(default_factory=list)
    """What should not have happened, in words."""
    calls_ended: int = 0
    offers_accepted: int = 0
    irregular: int = 0
    """Second calls that the server flagged irregular."""
    calls_not_claimed: int = 0
    """Calls whose claim did not succeed and that were reported instead."""
    back_to_reception: int = 0
    withdrawn: int = 0
    """Hung-up callers whose claim was withdrawn."""
    superseded: int = 0
    """Hung-up callers whose claim had ended before it could be withdrawn: the person had gone."""
    nobody_available: int = 0
    """Hung-up callers for whom nobody could be claimed."""
    reattached: int = 0
    """Workspace streams that broke and were opened again."""
    lateness_ms: float = 0.0
    """Of the latest planned change of a status, in milliseconds of the server's clock."""
