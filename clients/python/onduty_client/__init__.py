"""The Python client of Onduty: claims, call facts, the live floor, and one staff member's workspace.

Each class comes twice: ``AsyncX`` for asyncio, and ``X`` for threads. The messages are the generated ones of ``onduty.v1``.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from onduty_client.version import __version__

if TYPE_CHECKING:
    from onduty_client.async_colleagues import AsyncColleagues
    from onduty_client.async_connection import AsyncConnection
    from onduty_client.async_floor import AsyncFloor
    from onduty_client.async_outbox import AsyncOutbox
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
    from onduty_client.fact_queue import SettledFact
    from onduty_client.floor import Floor
    from onduty_client.floor_view import ChangeKind, FloorChange
    from onduty_client.options import ConnectionOptions, FloorOptions, OutboxOptions, TlsOptions
    from onduty_client.outbox import Outbox
    from onduty_client.router import RouterClient
    from onduty_client.router_requests import ReportResults, StaffList
    from onduty_client.stream import Stream
    from onduty_client.view_follow import FloorState
    from onduty_client.workspace import WorkspaceClient

__all__ = [
    "AccessError",
    "AlreadyExistsError",
    "AsyncColleagues",
    "AsyncConnection",
    "AsyncFloor",
    "AsyncOutbox",
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
    "Outbox",
    "OutboxOptions",
    "OverloadedError",
    "PositionError",
    "RefusedError",
    "ReplacedError",
    "ReportResults",
    "RevisionMismatchError",
    "RouterClient",
    "SettledFact",
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

_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "async_colleagues": ("AsyncColleagues",),
    "async_connection": ("AsyncConnection",),
    "async_floor": ("AsyncFloor",),
    "async_outbox": ("AsyncOutbox",),
    "async_router": ("AsyncRouterClient",),
    "async_stream": ("AsyncStream",),
    "async_workspace": ("AsyncWorkspaceClient",),
    "colleague_view": ("ColleagueEvent",),
    "colleagues": ("Colleagues",),
    "connection": ("Connection",),
    "errors": (
        "AccessError",
        "AlreadyExistsError",
        "InternalError",
        "InvalidRequestError",
        "NobodyAvailableError",
        "NotFoundError",
        "OndutyError",
        "OverloadedError",
        "PositionError",
        "RefusedError",
        "ReplacedError",
        "RevisionMismatchError",
        "TimedOutError",
        "UnavailableError",
        "UnsupportedError",
        "Violation",
    ),
    "fact_queue": ("SettledFact",),
    "floor": ("Floor",),
    "floor_view": ("ChangeKind", "FloorChange"),
    "options": ("ConnectionOptions", "FloorOptions", "OutboxOptions", "TlsOptions"),
    "outbox": ("Outbox",),
    "router": ("RouterClient",),
    "router_requests": ("ReportResults", "StaffList"),
    "stream": ("Stream",),
    "view_follow": ("FloorState",),
    "workspace": ("WorkspaceClient",),
}
"""Where each public name is.

A module is imported with the first look at a name of it: a program that only calls does not pay
for views and workspaces, nor a blocking one for asyncio's half.
"""

_MODULES: Final = {name: module for module, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A public name, on the first look at it.

    Raises:
        AttributeError: There is no such name.
    """
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """All public names, also those not looked at yet."""
    return sorted({*globals(), *__all__})
