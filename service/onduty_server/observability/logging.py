"""Sets up structured logs: JSON lines for machines, coloured text for people; writes no event of its own."""

import logging
import sys

import structlog


def set_up_logging(form: str, level: str) -> None:
    """Log to standard error from ``level`` up, as ``json`` or ``console``; ``auto`` is console on a terminal.

    Warnings of libraries, which use the standard library's logging, come out in the same form; what they have to say
    below a warning is left out at every level.
    """
    least = logging.getLevelNamesMapping()[level.upper()]
    chosen = form if form != "auto" else ("console" if sys.stderr.isatty() else "json")
    renderer: structlog.typing.Processor
    if chosen == "json":
        renderer = structlog.processors.JSONRenderer()
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if chosen == "json":
        shared.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=max(least, logging.WARNING), handlers=[handler])
    logging.captureWarnings(capture=True)
