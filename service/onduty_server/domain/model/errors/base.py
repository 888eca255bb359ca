"""The branches of the tree, by whose fault it is, and errors of fields."""

from dataclasses import dataclass


class OndutyError(Exception):
    """Any error that callers are told about."""


class CallerError(OndutyError):
    """The caller's to mend."""


class ThrottledError(OndutyError):
    """More than there is room for now; the same request may succeed later."""

    bound: str = ""
    """The name of the limit; empty: it is none that is counted."""


class ServiceError(OndutyError):
    """Ours; the same request may succeed later."""


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field at fault: its path in the request, and what is wrong."""

    field: str
    description: str


@dataclass(eq=False)
class InvalidFieldsError(CallerError):
    """Fields out of their bounds."""

    violations: tuple[FieldViolation, ...]

    def __str__(self) -> str:
        described = "; ".join(f"{one.field} {one.description}" for one in self.violations[:3])
        more = len(self.violations) - 3
        return f"{described}; and {more} more" if more > 0 else described
