"""What keeps a stream open asks of a machine of rules: the port between the loops and ``follow`` or ``attachment``."""

from typing import Protocol, TypeVar

from onduty_client.errors import OndutyError
from onduty_client.lifeline import GiveUp, Reopen

Q_co = TypeVar("Q_co", covariant=True)
F_contra = TypeVar("F_contra", contravariant=True)


class Machine(Protocol[Q_co, F_contra]):
    """Rules without I/O, for streams of frames ``F`` opened by requests ``Q``."""

    @property
    def silence_seconds(self) -> float:
        """How long to wait for a frame before ``silence_error`` ends the stream."""

    @property
    def has_ended(self) -> bool:
        """Nothing is to be opened any more."""

    def silence_error(self) -> OndutyError:
        """The error of a stream on which no frame came in time."""

    def open(self) -> Q_co:
        """The request of the next stream."""

    def take(self, frame: F_contra, now: float) -> None:
        """A frame came."""

    def end(self, error: OndutyError | None) -> Reopen | GiveUp:
        """The stream ended; what to do next."""

    def fail(self, error: OndutyError) -> None:
        """It cannot go on."""

    def close(self) -> None:
        """It is closed."""
