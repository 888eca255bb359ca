"""Reads what the service says of a failure, of a request or of one item of a batch; the sentences are explanations.py's."""

import contextlib
from typing import Any, Final

from google.protobuf.message import DecodeError
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from onduty.v1 import errors_pb2
from onduty_cli.failures import RefusedError

DOMAIN: Final = "onduty.dev"
"""A reason of another domain is a proxy's, and not in the catalogue."""


def refusal_of_call(error: Any) -> RefusedError:
    """Returns the failure that a call's error tells of. ``error`` is a ``grpc.RpcError`` that has a code."""
    refused = RefusedError(code=error.code().name, message=error.details() or "")
    with contextlib.suppress(ValueError, DecodeError):  # Details that contradict the status are not Onduty's.
        if status := rpc_status.from_call(error):
            _read(refused, status)
    return refused


def refusal_of_item(status: status_pb2.Status) -> RefusedError:
    """Returns the failure of one item of a batch: the one that the same request would have met on its own."""
    known = code_pb2.Code.DESCRIPTOR.values_by_number.get(status.code)
    refused = RefusedError(code=known.name if known else "UNKNOWN", message=status.message)
    _read(refused, status)
    return refused


def _read(refused: RefusedError, status: status_pb2.Status) -> None:
    for packed in status.details:
        with contextlib.suppress(DecodeError):  # One that cannot be read says nothing; the others count.
            _read_detail(refused, packed)


def _read_detail(refused: RefusedError, packed: Any) -> None:
    if packed.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
        info = _unpacked(packed, error_details_pb2.ErrorInfo())
        if info.domain == DOMAIN:
            refused.reason, refused.metadata = info.reason, dict(info.metadata)
    elif packed.Is(error_details_pb2.BadRequest.DESCRIPTOR):
        faults = _unpacked(packed, error_details_pb2.BadRequest()).field_violations
        refused.field_faults = tuple((fault.field, fault.description) for fault in faults)
    elif packed.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
        delay = _unpacked(packed, error_details_pb2.RetryInfo()).retry_delay
        refused.retry_after_seconds = delay.ToMicroseconds() / 1e6
    elif packed.Is(errors_pb2.TransitionRefusal.DESCRIPTOR):
        refused.refusal = _unpacked(packed, errors_pb2.TransitionRefusal())
    elif packed.Is(errors_pb2.RevisionMismatch.DESCRIPTOR):
        refused.mismatch = _unpacked(packed, errors_pb2.RevisionMismatch())
    elif packed.Is(errors_pb2.NobodyAvailable.DESCRIPTOR):
        refused.nobody = _unpacked(packed, errors_pb2.NobodyAvailable())


def _unpacked(packed: Any, message: Any) -> Any:
    packed.Unpack(message)
    return message
