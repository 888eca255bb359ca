"""The events of a server's life: what it begins with, what it serves, why and how it ends; it decides nothing."""

import os
import platform
import re
from collections.abc import Mapping
from importlib.metadata import version as version_of
from typing import Any, Final

import structlog

from onduty_server.build_info import build, version
from onduty_server.observability.redaction import shown_journal

log = structlog.get_logger(__name__)

HIDDEN: Final = "(set, not shown)"

_SECRET: Final = re.compile(r"secret|token|password|passwd|credential|dsn|api_?key|private_?key")


def tell_starting(settings: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    """The first event: software, interpreter, and every setting that is not the default. No value of a secret is told."""
    log.info(
        "starting",
        version=version(),
        build=build(),
        python=platform.python_version(),
        grpc=version_of("grpcio"),
        pid=os.getpid(),
        settings=shown_settings(settings, defaults),
    )


def shown_settings(settings: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that differ from their defaults, those that may hold a secret without their value."""
    changed = {name: value for name, value in settings.items() if value != defaults.get(name)}
    return {name: shown(name, value) for name, value in changed.items()}


def shown(name: str, value: Any) -> Any:
    """A setting's value as it may be shown."""
    return HIDDEN if _SECRET.search(name) else _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return shown_journal(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
