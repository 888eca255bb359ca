"""Turns the bytes that a terminal sends into keys; it reads no terminal."""

import codecs
import re
from typing import Final

ENTER: Final = "enter"
ESCAPE: Final = "escape"
BACKSPACE: Final = "backspace"
TAB: Final = "tab"

_NAMED: Final = {"\r": ENTER, "\n": ENTER, "\x7f": BACKSPACE, "\b": BACKSPACE, "\t": TAB, "\x1b": ESCAPE}
_SEQUENCES: Final = {
    "A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end",
    "1~": "home", "7~": "home", "4~": "end", "8~": "end", "5~": "page-up", "6~": "page-down",
}  # fmt: skip
# A sequence begins with CSI or SS3, may bear parameters such as the modifiers in 1;2A, and ends with a letter or ~.
_SEQUENCE: Final = re.compile(r"\x1b(?:O(?P<short>[A-Za-z])|\[(?P<parameters>[0-9;?]*)(?P<last>[A-Za-z~]))")
_BEGUN: Final = re.compile(r"\x1b(?:O|\[[0-9;?]*)?$")
_LONGEST_SEQUENCE: Final = 32


class KeyDecoder:
    """Makes keys of bytes as they come; a sequence that is not complete yet waits for its rest, within a bound.

    A key is a named one (``up``, ``page-down``, ``enter``) or the character itself. Sequences of unknown keys are dropped.
    """

    def __init__(self) -> None:
        """Begin with nothing pending."""
        self._characters = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""

    @property
    def is_waiting(self) -> bool:
        """An escape came last: it is a key of its own unless more follows at once."""
        return bool(self._pending)

    def feed(self, read: bytes) -> list[str]:
        """Takes bytes in and returns the keys that are complete."""
        self._pending += self._characters.decode(read)
        keys: list[str] = []
        while self._pending:
            if found := _SEQUENCE.match(self._pending):
                keys += _named(found)
                self._pending = self._pending[found.end() :]
            elif _BEGUN.match(self._pending) and len(self._pending) < _LONGEST_SEQUENCE:
                break
            else:
                keys += _key(self._pending[0])
                self._pending = self._pending[1:]
        return keys

    def flush(self) -> list[str]:
        """Returns what waited as keys, when nothing followed it."""
        waited, self._pending = self._pending, ""
        return [ESCAPE] if waited else []


def _named(found: re.Match[str]) -> list[str]:
    parameters = (found["parameters"] or "").partition(";")[0]
    last = found["short"] or found["last"]
    name = _SEQUENCES.get(parameters + last if last == "~" else last)
    return [name] if name else []


def _key(character: str) -> list[str]:
    if character in _NAMED:
        return [_NAMED[character]]
    return [character] if character.isprintable() else []
