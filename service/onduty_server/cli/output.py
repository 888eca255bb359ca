"""Writes results to standard output and remarks to standard error, for people or as JSON; it decides no content."""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator

import typer
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_CONTROL = re.compile(r"[\x7f-\x9f]")


def printable(text: str) -> str:
    """Returns text that cannot steer a terminal: line breaks and tabs become spaces, other control characters a mark."""
    spaced = " ".join(text.splitlines()).replace("\t", " ")
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) == "Cc" else c for c in spaced)


def json_line(message: Message) -> str:
    """Returns a message as one line of JSON with the contract's field names, empty fields included."""
    plain = MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    # JSON's own escapes end at DEL; what lies above would still steer some terminals.
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(plain, ensure_ascii=False))


def plain_table(*headings: str) -> Table:
    """Returns an empty table without lines, as people and programs read it alike."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


class Output:
    """Where one command writes. ``as_json`` says that results are wanted as JSON, one object a line."""

    def __init__(self, *, as_json: bool) -> None:
        """Bind to the process's standard streams."""
        self.as_json = as_json
        self.is_terminal = sys.stdout.isatty()
        self.console = Console(highlight=False, markup=False, emoji=False)
        self.errors = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def result(self, message: Message, sentence: str) -> None:
        """Writes a result: the message as JSON if that is wanted, else the sentence."""
        self.line(json_line(message) if self.as_json else printable(sentence))

    def line(self, text: str) -> None:
        """Writes a line as it is, without wrapping."""
        typer.echo(text)

    def show(self, table: Table) -> None:
        """Writes a table; into a pipe without colours, wrapping and trailing spaces, and fast."""
        if self.is_terminal:
            self.console.print(table)
            return
        for text in _lines(table):
            self.line(text)

    def remark(self, text: str, *, style: str = "dim") -> None:
        """Writes a line beside the results, to standard error."""
        self.errors.print(Text(printable(text), style=style))


def _lines(table: Table) -> Iterator[str]:
    columns = [[cell.plain if isinstance(cell, Text) else str(cell) for cell in column.cells] for column in table.columns]
    if table.show_header:
        for cells, column in zip(columns, table.columns, strict=True):
            cells.insert(0, str(column.header))
    widths = [max(map(cell_len, cells), default=0) for cells in columns]
    to_the_right = [column.justify == "right" for column in table.columns]
    for row in zip(*columns, strict=True):
        padded = []
        for cell, width, right in zip(row, widths, to_the_right, strict=True):
            space = " " * (width - cell_len(cell))
            padded.append(space + cell if right else cell + space)
        yield "  ".join(padded).rstrip()
