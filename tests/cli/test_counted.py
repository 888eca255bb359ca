"""Numbers with what they count."""

import ast
import re
from pathlib import Path

import pytest

from onduty_cli.counted import counted

ROOT = Path(__file__).parents[2]
PROGRAMS = [*(ROOT / "service/onduty_cli").rglob("*.py"), *(ROOT / "tools/replay/onduty_replay").rglob("*.py")]
NOUNS = r"(bytes|break reasons|calls|changes|columns|days|faults|lines|people|records|rows|times|tenants)\b"


@pytest.mark.parametrize(
    ("number", "words", "text"),
    [
        (0, ("row",), "0 rows"),
        (1, ("row",), "1 row"),
        (2000, ("break reason",), "2,000 break reasons"),
        (1, ("person", "people"), "1 person"),
        (2, ("person", "people"), "2 people"),
    ],
)
def test_one_is_not_many(number: int, words: tuple[str, ...], text: str):
    """Nobody reads of 1 rows."""
    assert counted(number, *words) == text


@pytest.mark.parametrize("path", sorted(PROGRAMS), ids=lambda path: "/".join(path.parts[-3:]))
def test_no_text_puts_a_plural_behind_any_number(path: Path):
    """Where a number that is not known is written before a plural, it may be one."""
    texts = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.JoinedStr)]
    found = []
    for text in texts:
        for value, rest in zip(text.values, text.values[1:], strict=False):
            is_known = isinstance(value, ast.FormattedValue) and isinstance(value.value, ast.Name) and value.value.id.isupper()
            if isinstance(value, ast.FormattedValue) and not is_known and isinstance(rest, ast.Constant):
                found += [ast.unparse(text)] if re.match(rf" {NOUNS}", str(rest.value)) else []
    assert not found
