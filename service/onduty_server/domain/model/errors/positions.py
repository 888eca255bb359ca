"""Positions and page tokens that do not fit."""

from dataclasses import dataclass

from onduty_server.domain.model.errors.base import CallerError


class PositionError(CallerError):
    """A position that cannot be continued from: watch afresh."""


@dataclass(eq=False)
class PositionTooOldError(PositionError):
    """Older than the kept history."""

    requested: int
    oldest: int
    current: int

    def __str__(self) -> str:
        return f"position {self.requested} is older than the kept history (from {self.oldest}): watch afresh"


@dataclass(eq=False)
class PositionInFutureError(PositionError):
    """Ahead of the store."""

    requested: int
    current: int

    def __str__(self) -> str:
        return f"position {self.requested} is ahead of this store ({self.current}): watch afresh"


class PositionEpochEndedError(PositionError):
    """Of a history that was cut: what follows it here is not what followed it there."""

    def __str__(self) -> str:
        return "the position is of a history that was cut, as by restoring a backup: watch afresh"


class PositionForeignError(PositionError):
    """Of another store or tenant."""

    def __str__(self) -> str:
        return "the position belongs to another store or tenant: watch afresh"


class PositionFilterChangedError(PositionError):
    """Given out for another filter."""

    def __str__(self) -> str:
        return "the position was given out for another filter: use the same filter, or watch afresh"


class PositionMalformedError(PositionError):
    """Not one of ours."""

    def __str__(self) -> str:
        return "the position is not one this service made: pass it on exactly as received"


class PageTokenInvalidError(CallerError):
    """Not for this request, or its pages are gone."""

    def __str__(self) -> str:
        return "the page token was not made for this request, or its pages are no longer kept: list afresh"
