"""Encodes failures between replicas, so that an error of the leader reaches the caller byte for byte."""

import grpc
from google.rpc import status_pb2

from onduty.replicas.v1 import forwarding_pb2 as pb
from onduty_server.domain.model.errors import JournalUnavailableError, OndutyError
from onduty_server.rpc.error_map import ForwardedError, status_of

CODES = {code.value[0]: code for code in grpc.StatusCode}


class LeaderAbsentError(JournalUnavailableError):
    """Nobody decides just now, or the leader cannot be reached."""


class LeaderLostError(JournalUnavailableError):
    """The leader was lost while it had the request. It may have been decided."""


def failure_message(error: OndutyError) -> pb.ForwardedFailure:
    """An error for another replica."""
    status = status_of(error)[1]
    return pb.ForwardedFailure(status=status.SerializeToString())


def forwarded_error(failure: pb.ForwardedFailure) -> ForwardedError:
    """What the caller gets of it."""
    status = status_pb2.Status.FromString(failure.status)
    return ForwardedError(CODES[status.code], status)
