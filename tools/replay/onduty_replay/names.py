"""Names for the report: the contract's numbers without their prefixes, and counts with what they count."""

from onduty.v1 import staff_pb2


def status_name(status: int) -> str:
    """As in ``ON_BREAK``."""
    known = staff_pb2.Status.DESCRIPTOR.values_by_number.get(status)
    return known.name.removeprefix("STATUS_") if known else str(status)


def cause_name(cause: int) -> str:
    """As in ``WRAP_UP_ENDED``."""
    known = staff_pb2.Cause.DESCRIPTOR.values_by_number.get(cause)
    return known.name.removeprefix("CAUSE_") if known else str(cause)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Returns the number, its thousands set apart, and the noun in its form for it.

    Args:
        number: How many.
        noun: The form for one.
        plural: The form for any other number. Left out: the noun with an s.
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
