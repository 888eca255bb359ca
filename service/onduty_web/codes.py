"""The status codes in the words of gRPC, Connect and HTTP; one table."""

from enum import IntEnum
from types import MappingProxyType
from typing import Final

import grpc


class Code(IntEnum):
    """A status code. The name in lower case is Connect's."""

    OK = 0
    CANCELED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16

    @property
    def connect_name(self) -> str:
        """The code in Connect's errors."""
        return self.name.lower()


HTTP_STATUS: Final = MappingProxyType(
    {
        Code.OK: 200,
        Code.CANCELED: 499,
        Code.UNKNOWN: 500,
        Code.INVALID_ARGUMENT: 400,
        Code.DEADLINE_EXCEEDED: 504,
        Code.NOT_FOUND: 404,
        Code.ALREADY_EXISTS: 409,
        Code.PERMISSION_DENIED: 403,
        Code.RESOURCE_EXHAUSTED: 429,
        Code.FAILED_PRECONDITION: 400,
        Code.ABORTED: 409,
        Code.OUT_OF_RANGE: 400,
        Code.UNIMPLEMENTED: 501,
        Code.INTERNAL: 500,
        Code.UNAVAILABLE: 503,
        Code.DATA_LOSS: 500,
        Code.UNAUTHENTICATED: 401,
    }
)
"""The HTTP status of a unary Connect answer with that code, as the protocol has it."""


def code_of(status: grpc.StatusCode | None) -> Code:
    """The code of a gRPC status; one that this table does not know is UNKNOWN."""
    if status is None:
        return Code.UNKNOWN
    try:
        return Code(status.value[0])
    except ValueError:
        return Code.UNKNOWN
