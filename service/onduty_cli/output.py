"""Writes results to standard output and remarks to standard error, for people, as CSV or as JSON; it decides no content."""

import csv
import io
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import typer
from google.protobuf.message import Message
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from onduty_cli.column_widths import divided, need_of
from onduty_cli.sheets import Cell, Sheet, message_object

Item = TypeVar("Item")

_CONTROL = re.compile(r"[\x7f-\x9f]")
_GAP = 2
"""Blanks between two columns of a table."""


def printable(text: str) -> str:
    """Returns text that cannot steer a terminal: line breaks and tabs become spaces, other control characters a mark."""
    spaced = " ".join(text.splitlines()).replace("\t", " ")
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) == "Cc" else c for c in spaced)


def json_line(message: Message, **added: Cell) -> str:
    """Returns a message as one line of JSON with the contract's field names, empty fields included.

    Args:
        message: Any message of the contract.
        added: Fields that stand after its own.
    """
    return object_line({**message_object(message), **added})


def object_line(plain: Mapping[str, Any]) -> str:
    """Returns a mapping as one line of JSON that cannot steer a terminal."""
    # JSON's own escapes end at DEL; what lies above would still steer some terminals.
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(plain, ensure_ascii=False))


def csv_lines(rows: Iterable[Iterable[Cell]]) -> str:
    """Returns rows as RFC 4180 has them: commas, quotes where they are needed, line ends of CR and LF."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_csv_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    # The file may be looked at on a terminal: but for line breaks and tabs, control characters become a mark.
    shown = "" if cell is None else str(cell)
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) == "Cc" and c not in "\r\n\t" else c for c in shown)


def plain_table(*headings: str) -> Table:
    """Returns an empty table without lines, as people and programs read it alike."""
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


class Output:
    """Where one command writes, and in which form."""

    def __init__(self, *, as_json: bool, as_csv: bool = False) -> None:
        """Bind to the process's standard streams.

        Args:
            as_json: Results are wanted as JSON, one object a line.
            as_csv: Tables are wanted as CSV, below a line with the columns' names.
        """
        self.as_json = as_json
        self.is_csv = as_csv
        self.is_for_people = not (as_json or as_csv)
        self.is_terminal = sys.stdout.isatty()
        self.console = Console(highlight=False, markup=False, emoji=False)
        self.errors = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def result(self, message: Message, sentence: str) -> None:
        """Writes a result: the message as JSON if that is wanted, else the sentence."""
        self.line(json_line(message) if self.as_json else printable(sentence))

    def rows(self, sheet: Sheet[Item], items: Iterable[Item], *, heading: bool = True) -> None:
        """Writes items for programs: an object each as JSON, a row each as CSV below a line with the columns' names.

        Args:
            sheet: What the columns are, and the objects.
            items: What is written, as it comes.
            heading: Whether the columns' names come first; not so for what continues a table.
        """
        if self.as_json:
            for item in items:
                self.line(object_line(sheet.object_of(item)))
            return
        if heading:
            self._csv([tuple(sheet.columns)])
        for item in items:
            self._csv([sheet.cells_of(item)])

    def _csv(self, rows: Iterable[Iterable[Cell]]) -> None:
        # Bytes: CSV is UTF-8 with its own line ends wherever it is written.
        typer.echo(csv_lines(rows).encode(), nl=False)

    def line(self, text: str) -> None:
        """Writes a line as it is, without wrapping."""
        typer.echo(text)

    def show(self, table: Table, *, else_blocks: bool = False) -> None:
        """Writes a table, if it has rows; into a pipe without colours, wrapping and trailing spaces, and fast.

        Args:
            table: What is written.
            else_blocks: Whether a terminal without room for it gets a block of lines for each row, as for few rows of ids.
        """
        if not table.row_count:
            return
        if else_blocks and not self.has_room_for(table):
            self._blocks(table)
        elif self.is_terminal:
            _fit(table, self.console.width)
            self.console.print(table)
        else:
            for text in _lines(table):
                self.line(text)

    def _blocks(self, table: Table) -> None:
        headings, *rows = zip(*_texts(table), strict=True)
        for number, cells in enumerate(rows):
            block = plain_table("what", "value")
            block.show_header = False
            for heading, cell in zip(headings, cells, strict=True):
                if cell:
                    block.add_row(Text(heading, style="bold"), Text(cell))
            if number:
                self.console.print()
            self.show(block)

    def has_room_for(self, table: Table) -> bool:
        """Whether the table can be shown without cutting a word; a pipe always has room."""
        needed = sum(need_of(texts).least for texts in _texts(table)) + _GAP * (len(table.columns) - 1)
        return not self.is_terminal or needed <= self.console.width

    def remark(self, text: str, *, style: str = "dim") -> None:
        """Writes a line beside the results, to standard error."""
        self.errors.print(Text(printable(text), style=style))


def _texts(table: Table) -> list[list[str]]:
    """The texts of each column, its heading first where the table has headings."""
    columns = [[cell.plain if isinstance(cell, Text) else str(cell) for cell in column.cells] for column in table.columns]
    if table.show_header:
        for cells, column in zip(columns, table.columns, strict=True):
            cells.insert(0, str(column.header))
    return columns


def _fit(table: Table, width: int) -> None:
    """Gives the columns widths by which lines are broken between words."""
    gaps = _GAP * (len(table.columns) - 1)
    for column, cells in zip(table.columns, divided(width - gaps, [need_of(texts) for texts in _texts(table)]), strict=True):
        column.width = max(cells, 1)


def _lines(table: Table) -> Iterator[str]:
    columns = _texts(table)
    widths = [max(map(cell_len, cells), default=0) for cells in columns]
    to_the_right = [column.justify == "right" for column in table.columns]
    for row in zip(*columns, strict=True):
        padded = []
        for cell, width, right in zip(row, widths, to_the_right, strict=True):
            space = " " * (width - cell_len(cell))
            padded.append(space + cell if right else cell + space)
        yield "  ".join(padded).rstrip()
