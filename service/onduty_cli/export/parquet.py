"""Makes Parquet of an export's rows, with pyarrow, which is an extra; a batch of rows at a time, whatever their number."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final

BATCH_ROWS: Final = 65_536

TYPES: Final = {
    "revision": "int64",
    "changed_at": "instant",
    "previous_seconds": "float64",
    "created": "bool",
    "deleted": "bool",
}
"""Columns that are no text."""


class ParquetMissingError(Exception):
    """pyarrow is not installed. The message says what to do."""


def require() -> Any:
    """The library.

    Raises:
        ParquetMissingError
    """
    try:
        import_module("pyarrow.parquet")
    except ImportError as error:
        raise ParquetMissingError(
            "Parquet needs pyarrow: in a checkout `pip install --no-deps --require-hashes -r requirements/parquet.txt`,"
            f" elsewhere the extra onduty[parquet] ({error})"
        ) from error
    return import_module("pyarrow")


def schema(columns: list[str]) -> Any:
    """The columns with their types; text that is empty is empty, and nothing else is null."""
    arrow = require()
    known = {
        "int64": arrow.int64(),
        "float64": arrow.float64(),
        "bool": arrow.bool_(),
        "instant": arrow.timestamp("us", tz="UTC"),
        "text": arrow.string(),
    }
    return arrow.schema([(name, known[TYPES.get(name, "text")]) for name in columns])


def write(rows: Path, target: Path, columns: list[str], show: Callable[[int], None]) -> None:
    """Make Parquet of rows of JSON; ``show`` is told how many rows more are written."""
    arrow = require()
    made = schema(columns)
    with arrow.parquet.ParquetWriter(target, made, compression="zstd") as writer, rows.open(encoding="utf-8") as lines:
        while batch := [_typed(json.loads(line)) for line in islice(lines, BATCH_ROWS)]:
            writer.write_table(arrow.Table.from_pylist(batch, schema=made))
            show(len(batch))


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: datetime.fromisoformat(row[name]) for name in _instants() if row[name]}}


def _instants() -> Iterator[str]:
    return (name for name, kind in TYPES.items() if kind == "instant")
