"""The drivers there are: which toolchains they need, how they are built, how they are started. It plays nothing."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[3]
BUILD_SECONDS: Final = 900.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: a driver with its arguments. Several rows may share a folder, which is built once."""

    name: str
    folder: Path
    run: Path
    tools: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    @property
    def command(self) -> list[str]:
        """The command line that starts the driver."""
        return [str(self.run), *self.arguments]

    @property
    def absent(self) -> str:
        """Why there is no such driver here; empty: there is."""
        missing = [tool for tool in self.tools if shutil.which(tool) is None]
        if missing:
            return f"needs {' and '.join(missing)}"
        return "" if self.run.exists() else f"{self.run.relative_to(ROOT)} is not there"


def _client(name: str, *tools: str, row: str = "", arguments: Sequence[str] = ()) -> Row:
    folder = ROOT / "clients" / name
    return Row(row or name, folder, folder / "conformance" / "run", tools, tuple(arguments))


_PLAIN: Final = ROOT / "tests" / "conformance" / "plain"
ROWS: Final = (
    _client("python"),
    _client("python", row="python-sync", arguments=["--sync"]),
    _client("go", "go"),
    _client("typescript", "node", "npm"),
    _client("java", "java", "mvn"),
    Row("plain", _PLAIN, _PLAIN / "run", ("node", "npm")),
)
"""All rows, in the table's order."""
LANGUAGES: Final = ("python", "go", "typescript", "java")
"""Those with a client of their own."""


class BuildError(Exception):
    """A driver could not be built; the message has the end of what was printed."""


def rows_named(names: Sequence[str]) -> list[Row]:
    """The rows of these names, all where none is named.

    Raises:
        KeyError: There is no such row.
    """
    known = {row.name: row for row in ROWS}
    return [known[name] for name in names] if names else list(ROWS)


def build(folder: Path) -> None:
    """Run ``make setup driver`` in a driver's folder.

    Raises:
        BuildError: It failed.
    """
    command = ["make", "-s", "-C", str(folder), "setup", "driver"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=BUILD_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise BuildError(f"{folder.name} was not built within {BUILD_SECONDS:g} s") from None
    if done.returncode:
        raise BuildError(f"{folder.name} could not be built:\n{(done.stdout + done.stderr)[-4000:]}")
