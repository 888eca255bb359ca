"""Whether these are the tests that everybody runs before a commit, which look at fewer examples than `make test-all`."""

from typing import Final

EXAMPLES_LEAST: Final = 10

chosen = False
"""Set before any test is collected."""


def examples(thorough: int) -> int:
    """How many made-up examples to look at, where `make test-all` looks at so many: a quarter of them, and no less than ten."""
    return max(min(EXAMPLES_LEAST, thorough), thorough // 4) if chosen else thorough
