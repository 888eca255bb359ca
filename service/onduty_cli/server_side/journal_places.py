"""A journal by its place, a file or an address in PostgreSQL, for the commands that take either."""

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from onduty_server.adapters.journal_report import JournalReport, Show
from onduty_server.adapters.sqlite.copying import FileSource, FileTarget
from onduty_server.adapters.sqlite.inspection import inspect, verify
from onduty_server.adapters.stored_rows import RowSource, RowTarget
from onduty_server.config import is_postgres
from onduty_server.ports import JournalOpenError
from onduty_server.wire.codec import ProtobufCodec


def _in_postgres(module: str) -> Any:
    """A module of the adapter for PostgreSQL.

    Raises:
        JournalOpenError: The driver is not installed.
    """
    try:
        return import_module(f"onduty_server.adapters.postgres.{module}")
    except ImportError as error:
        raise JournalOpenError(
            f"the driver for PostgreSQL cannot be loaded; in a checkout `pip install '.[postgres]'` installs it: {error}"
        ) from error


def verified(place: str, schema: str, show: Show) -> JournalReport:
    """What is there, and all that is wrong with it."""
    if not is_postgres(place):
        return verify(Path(place), ProtobufCodec(), show)
    options = _in_postgres("options").PostgresOptions(place, schema)
    report: JournalReport = _in_postgres("inspection").verify(options, ProtobufCodec(), show)
    return report


def inspected(place: str, schema: str) -> JournalReport:
    """What is there."""
    if not is_postgres(place):
        return inspect(Path(place), ProtobufCodec())
    report: JournalReport = _in_postgres("inspection").inspect(
        _in_postgres("options").PostgresOptions(place, schema), ProtobufCodec()
    )
    return report


def source_at(place: str, schema: str) -> AbstractContextManager[RowSource]:
    """A journal to copy from, that nobody else has for the length of the block."""
    if not is_postgres(place):
        return FileSource.open(Path(place))
    options = _in_postgres("options").PostgresOptions(place, schema)
    source: AbstractContextManager[RowSource] = _in_postgres("copying").source(options)
    return source


def target_at(place: str, schema: str) -> AbstractContextManager[RowTarget]:
    """A new journal to copy to, that nobody else has for the length of the block."""
    if not is_postgres(place):
        return nullcontext(FileTarget(Path(place)))
    options = _in_postgres("options").PostgresOptions(place, schema)
    target: AbstractContextManager[RowTarget] = _in_postgres("copying").target(options)
    return target
