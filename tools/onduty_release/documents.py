"""Runs the shell blocks of docs/installing.md as a reader would: in order, in one shell, in a clean home."""

import re
from pathlib import Path

from onduty_release.places import ROOT, bare, require, run

PAGE = ROOT / "docs/installing.md"
SECONDS_MOST = 1800
"""Six environments are made, and a busy machine compiles what it installs slowly."""
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[str]:
    """The blocks marked `sh`, in the page's order. Those marked otherwise are for reading: `text`, `shell`."""
    return [text for language, text in _BLOCK.findall(PAGE.read_text(encoding="utf-8")) if language == "sh"]


def installing_page(home: Path) -> str:
    """Every block runs to its end."""
    found = blocks()
    require((bool(found), f"{PAGE.name} has no commands"))
    run("bash", "-euo", "pipefail", "-c", "\n".join(found), env=bare(home), seconds=SECONDS_MOST)
    return f"{len(found)} blocks"
