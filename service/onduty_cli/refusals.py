"""Makes a command's failure of the client's error, of a request or of one item of a batch; it words nothing."""

from google.rpc import status_pb2

from onduty.v1 import errors_pb2
from onduty_cli.failures import RefusedError
from onduty_client import errors
from onduty_client.error_map import error_of_item


def refusal_of(error: errors.OndutyError) -> RefusedError:
    """Returns the failure that the service's answer is."""
    refused = RefusedError(error.code, error.message, error.reason, error.metadata)
    match error:
        case errors.InvalidRequestError():
            refused.field_faults = tuple((fault.field, fault.description) for fault in error.violations)
        case errors.RefusedError() if error.allowed is not None:
            refused.refusal = errors_pb2.TransitionRefusal(
                current=error.current, requested=error.requested, allowed=error.allowed
            )
        case errors.RevisionMismatchError() if error.current is not None:
            refused.mismatch = errors_pb2.RevisionMismatch(current=error.current)
        case errors.NobodyAvailableError():
            refused.nobody = errors_pb2.NobodyAvailable(counts=error.counts, skill_groups=error.skill_groups)
        case errors.OverloadedError() | errors.UnavailableError():
            refused.retry_after_seconds = error.retry_after
    return refused


def refusal_of_item(status: status_pb2.Status) -> RefusedError:
    """Returns the failure of one item of a batch: the one that the same request would have met on its own."""
    return refusal_of(error_of_item(status))
