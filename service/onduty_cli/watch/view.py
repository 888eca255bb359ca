"""What a person at the terminal has chosen to see, and what each key does to it; it draws nothing and reads no key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from onduty_cli.watch.keys import BACKSPACE, ENTER, ESCAPE, TAB
from onduty_cli.watch.trouble import SHOWN_STATUSES

SORTS: Final = ("trouble", "name", "status", "since")
"""The ways to sort, as ``s`` goes through them."""

EVERYBODY: Final = ""
NEEDS_A_LOOK: Final = "needs a look"
CAN_BE_ASSIGNED: Final = "can be assigned"
STATUS_FILTERS: Final = (EVERYBODY, NEEDS_A_LOOK, CAN_BE_ASSIGNED, *SHOWN_STATUSES)
"""What ``f`` goes through."""

_LONGEST_TYPED: Final = 64

Prompt = Literal["search", "group"]


@dataclass(slots=True)
class View:
    """The choices, changed by ``press``. ``top`` is the first row shown; ``shown`` and ``page`` are told by the drawing."""

    sort: str = SORTS[0]
    status: str = EVERYBODY
    group: str = ""
    search: str = ""
    prompt: Prompt | None = None
    shows_help: bool = False
    is_paused: bool = False
    has_ended: bool = False
    top: int = 0
    page: int = 1
    shown: int = 0
    _before: str = field(default="", init=False)

    def fit(self, *, shown: int, page: int) -> None:
        """Takes in how many rows there are and how many fit; the first row moves so that the page is full."""
        self.shown, self.page = shown, max(page, 1)
        self.top = max(0, min(self.top, shown - self.page))

    def press(self, key: str, groups: Sequence[str] = ()) -> None:
        """Takes a key in. ``groups`` are the skill groups there are, sorted; unknown keys do nothing."""
        if self.prompt:
            self._type(key, groups)
        elif self.shows_help:
            self.shows_help = False
            self.has_ended = key == "q"
        elif key in _STEPS:
            self._scroll(key)
        else:
            self._choose(key)

    def _choose(self, key: str) -> None:
        match key:
            case "q" | "Q":
                self.has_ended = True
            case "?" | "h":
                self.shows_help = True
            case "/" | "g":
                self.prompt = "search" if key == "/" else "group"
                self._before, self._typed = self._typed, ""
            case "s" | "S":
                self.sort, self.top = _turned(SORTS, self.sort, 1 if key == "s" else -1), 0
            case "f" | "F":
                self.status, self.top = _turned(STATUS_FILTERS, self.status, 1 if key == "f" else -1), 0
            case "p":
                self.is_paused = not self.is_paused
            case "escape":
                self.status, self.group, self.search, self.top = EVERYBODY, "", "", 0

    def _scroll(self, key: str) -> None:
        rows, pages = _STEPS[key]
        self.top = max(0, min(self.top + rows + pages * self.page, self.shown - self.page))

    def _type(self, key: str, groups: Sequence[str]) -> None:
        if key == ENTER:
            self.prompt = None
        elif key == ESCAPE:
            self._typed, self.prompt = self._before, None
        elif key == BACKSPACE:
            self._typed = self._typed[:-1]
        elif self.prompt == "group" and key in {"up", "down", TAB}:
            self._typed = _neighbour(groups, self._typed, back=key == "up", completes=key == TAB)
        elif len(key) == 1 and len(self._typed) < _LONGEST_TYPED:
            self._typed += key
        self.top = 0

    @property
    def _typed(self) -> str:
        return self.search if self.prompt == "search" else self.group

    @_typed.setter
    def _typed(self, text: str) -> None:
        if self.prompt == "search":
            self.search = text
        else:
            self.group = text


def groups_meant(typed: str, groups: Sequence[str]) -> list[str]:
    """Returns the groups that a typed text means: the one of that very name, else all whose names contain it."""
    wanted = typed.strip().casefold()
    return [wanted] if wanted in groups else [group for group in groups if wanted in group]


def _turned(choices: Sequence[str], chosen: str, by: int) -> str:
    return choices[(choices.index(chosen) + by) % len(choices)]


def _neighbour(groups: Sequence[str], typed: str, *, back: bool, completes: bool) -> str:
    if not groups:
        return typed
    if typed in groups:
        return typed if completes else _turned(groups, typed, -1 if back else 1)
    meant = groups_meant(typed, groups) or groups
    return meant[-1 if back else 0]


_FAR: Final = 1 << 40
_STEPS: Final = {
    "up": (-1, 0), "k": (-1, 0), "down": (1, 0), "j": (1, 0), ENTER: (1, 0),
    "page-up": (0, -1), "b": (0, -1), "page-down": (0, 1), " ": (0, 1),
    "home": (-_FAR, 0), "end": (_FAR, 0), "G": (_FAR, 0),
}  # fmt: skip
"""What each key scrolls: rows and pages."""

HELP: Final = (
    ("q, Ctrl-C", "quit"),
    ("?", "show or leave this page"),
    ("/", "search by name or id; Enter keeps it, Esc drops it"),
    ("s, S", "sort by " + ", ".join(SORTS)),
    ("f, F", "filter by status, by who needs a look or can get a call"),
    ("g", "filter by skill group; arrows go through the groups"),
    ("p", "pause: the rows stand still until p is pressed again"),
    ("Esc", "show everybody again"),
    ("arrows, j, k", "scroll by a row"),
    ("PgUp, PgDn, b, Space", "scroll by a page"),
    ("Home, End, G", "to the top, to the end"),
)
"""Every key with what it does."""
