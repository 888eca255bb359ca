"""Finds what was probably meant by a word that is not known; it knows no words itself."""

import difflib
from collections.abc import Iterable

_MOST = 3
_COMPARED_MOST = 20_000


def near_words(word: str, known: Iterable[str]) -> list[str]:
    """Returns up to three of the known words that are like the word, the likest first; case does not count.

    Only the first 20,000 known words are compared: a hint must not keep anybody waiting.
    """
    by_folded: dict[str, str] = {}
    for _, one in zip(range(_COMPARED_MOST), known, strict=False):
        by_folded.setdefault(one.casefold(), one)
    folded = word.strip().casefold()
    near = difflib.get_close_matches(folded, list(by_folded), n=_MOST, cutoff=0.6)
    return [by_folded[one] for one in near]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Returns ``; did you mean lunch or late?`` to put after an error; empty if nothing is like the word."""
    near = near_words(word, known)
    return f"; did you mean {' or '.join(near)}?" if near else ""
