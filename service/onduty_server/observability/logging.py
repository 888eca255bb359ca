"""Sets up structured logs: JSON lines for machines, coloured text for people; writes no event but that of an uncaught error."""

import logging
import sys
import threading
from types import TracebackType
from typing import Any, Final

import structlog

from onduty_server.observability.log_sink import CapturedStderr, LogSink

log = structlog.get_logger(__name__)

EVENT_WIDTH: Final = 16
"""Columns of an event's name on a console, so that the fields of most begin below each other."""


def set_up_logging(form: str, level: str) -> LogSink:
    """Log to standard error from ``level`` up, as ``json`` or ``console``; ``auto`` is console on a terminal.

    Warnings of libraries, which use the standard library's logging, come out in the same form; what they have to say
    below a warning is left out at every level. Uncaught errors, of threads too, are events.
    """
    sink = LogSink(sys.stderr)
    _configure(sink, level, as_json=is_json(form, sink))
    _log_what_nobody_caught()
    return sink


def capture_stderr(form: str, level: str) -> CapturedStderr | None:
    """Make events of all that is written to standard error beside the log, where the log is JSON; None where it is not.

    Call it after ``set_up_logging``, before threads are started, and stop it at the process's end.
    """
    if not is_json(form, LogSink(sys.stderr)):
        return None
    try:
        captured = CapturedStderr()
    except OSError:  # there is no standard error.
        return None
    _configure(captured.sink, level, as_json=True)
    captured.start()
    return captured


def set_level(level: str) -> None:
    """Log from another level up, from now on. What libraries say stays as it was set up."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]))


def is_json(form: str, sink: LogSink) -> bool:
    """Whether the log is written as JSON."""
    return form == "json" or (form == "auto" and not sink.is_terminal)


def _configure(sink: LogSink, level: str, *, as_json: bool) -> None:
    least = logging.getLevelNamesMapping()[level.upper()]
    console = structlog.dev.ConsoleRenderer(colors=sink.is_terminal, pad_event_to=EVENT_WIDTH)
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer() if as_json else console
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
    ]
    if as_json:
        shared += [structlog.processors.TimeStamper(fmt="iso", utc=True), structlog.processors.format_exc_info]
    else:
        shared += [structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False), _without_empty]
    file: Any = sink  # it has what a logger writes by.
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(file),
        cache_logger_on_first_use=False,
    )
    handler: logging.Handler = logging.StreamHandler(file)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=max(least, logging.WARNING), handlers=[handler], force=True)
    logging.captureWarnings(capture=True)


def _without_empty(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """An event without the fields that hold nothing, which people would read past."""
    return {name: field for name, field in event.items() if field not in ("", None)}


def _log_what_nobody_caught() -> None:
    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.critical("uncaught_error", where="main", exc_info=(kind, error, trace))

    def uncaught_in_thread(failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is not None and not issubclass(failed.exc_type, SystemExit):
            name = failed.thread.name if failed.thread else ""
            log.critical("uncaught_error", where=name, exc_info=failed.exc_value)

    def unraisable(failed: "sys.UnraisableHookArgs") -> None:
        log.error("uncaught_error", where=repr(failed.object), exc_info=failed.exc_value)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread
    sys.unraisablehook = unraisable
