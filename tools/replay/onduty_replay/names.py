"""Names the contract's numbers as the contract does, without their prefixes; a number that it does not know stays one."""

from onduty.v1 import staff_pb2


def status_name(status: int) -> str:
    """As in ``ON_BREAK``."""
    known = staff_pb2.Status.DESCRIPTOR.values_by_number.get(status)
    return known.name.removeprefix("STATUS_") if known else str(status)


def cause_name(cause: int) -> str:
    """As in ``WRAP_UP_ENDED``."""
    known = staff_pb2.Cause.DESCRIPTOR.values_by_number.get(cause)
    return known.name.removeprefix("CAUSE_") if known else str(cause)
