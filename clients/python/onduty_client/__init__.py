"""The Python client of Onduty: claims, call facts, the live floor, and one staff member's workspace.

Each class comes twice: ``AsyncX`` for asyncio, and ``X`` for threads. The messages are the generated ones of ``onduty.v1``.
"""

from onduty_client.async_colleagues import AsyncColleagues
from onduty_client.async_connection import AsyncConnection
from onduty_client.async_floor import AsyncFloor
from onduty_client.async_router import AsyncRouterClient
from onduty_client.async_stream import AsyncStream
from onduty_client.async_workspace import AsyncWorkspaceClient
from onduty_client.colleague_view import ColleagueEvent
from onduty_client.colleagues import Colleagues
from onduty_client.connection import Connection
from onduty_client.errors import (
    AccessError,
    AlreadyExistsError,
    InternalError,
    InvalidRequestError,
    NobodyAvailableError,
    NotFoundError,
    OndutyError,
    OverloadedError,
    PositionError,
    RefusedError,
    ReplacedError,
    RevisionMismatchError,
    TimedOutError,
    UnavailableError,
    UnsupportedError,
    Violation,
)
from onduty_client.floor import Floor
from onduty_client.floor_view import ChangeKind, FloorChange
from onduty_client.options import ConnectionOptions, FloorOptions, TlsOptions
from onduty_client.router import RouterClient
from onduty_client.router_requests import ReportResults, StaffList
from onduty_client.stream import Stream
from onduty_client.version import __version__
from onduty_client.view_follow import FloorState
from onduty_client.workspace import WorkspaceClient

__all__ = [
    "AccessError",
    "AlreadyExistsError",
    "AsyncColleagues",
    "AsyncConnection",
    "AsyncFloor",
    "AsyncRouterClient",
    "AsyncStream",
    "AsyncWorkspaceClient",
    "ChangeKind",
    "ColleagueEvent",
    "Colleagues",
    "Connection",
    "ConnectionOptions",
    "Floor",
    "FloorChange",
    "FloorOptions",
    "FloorState",
    "InternalError",
    "InvalidRequestError",
    "NobodyAvailableError",
    "NotFoundError",
    "OndutyError",
    "OverloadedError",
    "PositionError",
    "RefusedError",
    "ReplacedError",
    "ReportResults",
    "RevisionMismatchError",
    "RouterClient",
    "StaffList",
    "Stream",
    "TimedOutError",
    "TlsOptions",
    "UnavailableError",
    "UnsupportedError",
    "Violation",
    "WorkspaceClient",
    "__version__",
]
