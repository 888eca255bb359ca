"""Draws the whole screen of the live table as lines; it reads no keys, writes nothing, and asks no server."""

from dataclasses import dataclass

from rich.text import Text

from onduty_cli.moments import clock_text, span_text
from onduty_cli.output import printable
from onduty_cli.watch.arrangement import Arrangement
from onduty_cli.watch.columns import TROUBLE_STYLE, columns_for, style_of
from onduty_cli.watch.feed import Freshness, Seen
from onduty_cli.watch.layout import Part, cropped, fitted, padded
from onduty_cli.watch.trouble import RINGING
from onduty_cli.watch.view import EVERYBODY, HELP, View, groups_meant
from onduty_cli.words import SHORT_STATUSES

_SHORT_STATUSES = {**SHORT_STATUSES, RINGING: "RING"}
_FULL_STATUSES: dict[str, str] = {}
_STALE_STYLE = "bold reverse red"
_LINES_AROUND_ROWS = 5


@dataclass(frozen=True, slots=True)
class Board:
    """What one screen is made of. Instants are microseconds since the epoch."""

    server: str
    seen: Seen
    arrangement: Arrangement
    now: int
    paused_at: int = 0
    """Since when the rows stand still; 0: they do not."""
    has_keys: bool = True


def as_of(seen: Seen, now: int) -> int:
    """Returns the instant for which lengths of time are right: they stand still while nothing is heard."""
    return now if seen.freshness is Freshness.LIVE or not seen.heard_at else seen.heard_at


def drawn(board: Board, view: View, size: tuple[int, int]) -> list[Text]:
    """Returns the lines of a screen of ``size`` columns and lines; the view learns how many rows there are."""
    width, height = size
    view.fit(shown=len(board.arrangement.rows), page=height - _LINES_AROUND_ROWS)
    head = [_head(board, width), _counts(board.arrangement, width), _choices(board, view, width)]
    body = _help(width) if view.shows_help else _rows(board, view, width)
    body = body[: max(height - len(head) - 1, 0)]
    body += [Text()] * (height - len(head) - 1 - len(body))
    return [*head, *body, _foot(board, view, width)][:height]


def _head(board: Board, width: int) -> Text:
    paused = Part(Text(f" PAUSED at {clock_text(board.paused_at)} " if board.paused_at else "", "reverse yellow"), rank=1)
    if board.seen.freshness is not Freshness.LIVE:
        return _stale_head(board, paused, width)
    live = Part(Text.assemble(("LIVE", "bold green"), f" {clock_text(board.now)}"))
    return fitted(
        [
            Part(Text("Onduty", "bold"), rank=8),
            paused,
            live,
            _assignable(board),
            Part(Text(printable(board.server)), rank=9),
        ],
        width,
    )


def _stale_head(board: Board, paused: Part, width: int) -> Text:
    """Returns a head that says first that the floor may be wrong, and since when; then the reason in a form that fits."""
    seen = board.seen
    short = full = Text(f"Onduty  connecting to {printable(board.server)}", "yellow")
    if seen.heard_at:
        since = f" NOT LIVE since {clock_text(seen.heard_at)}"
        full = Text(f"{since}, {span_text(board.now - seen.heard_at)} ago ", _STALE_STYLE)
        short = Text(f"{since} ", _STALE_STYLE)
    why = printable(seen.why)
    plain = why.partition(" (")[0]  # without what gRPC says of it,
    bare = plain.replace(f" at {printable(board.server)}", "")  # and without what the user has typed.
    again = f"again in {seen.again_in_seconds:.0f} s" if seen.again_in_seconds >= 1 else ""
    forms = [(full, again, why), (full, again, plain), (full, again, bare), (short, again, bare), (short, "", bare)]
    lines = [_stale_line(state, paused.text, ": ".join(filter(None, rest))) for state, *rest in forms]
    return next((line for line in lines if line.cell_len <= width), cropped(lines[-1], width))


def _stale_line(state: Text, paused: Text, reason: str) -> Text:
    return Text("  ").join(part for part in (state, paused, Text(reason, "bold red")) if part.plain)


def _assignable(board: Board) -> Part:
    counted = board.arrangement
    return Part(Text(f"{counted.assignable} of {counted.everybody} can be assigned", "bold"), rank=2)


def _counts(arrangement: Arrangement, width: int) -> Text:
    full, short = (
        [Text.assemble((words.get(status, status), style_of(status)), f" {count}") for status, count in arrangement.counts]
        for words in (_FULL_STATUSES, _SHORT_STATUSES)
    )
    for counts, gap in ((full, "   "), (full, "  "), (short, "  "), (short, " ")):
        line = Text(gap).join(counts)
        if line.cell_len <= width:
            return line
    return cropped(line, width)


def _choices(board: Board, view: View, width: int) -> Text:
    if view.prompt == "search":
        return cropped(Text.assemble(("search: ", "bold"), view.search, ("▏", "blink"), "  name or id; Enter, Esc"), width)
    if view.prompt == "group":
        meant = groups_meant(view.group, board.arrangement.groups)
        found = f"  {len(meant)} of {len(board.arrangement.groups)}: {', '.join(meant)}"
        return cropped(Text.assemble(("group: ", "bold"), view.group, ("▏", "blink"), (printable(found), "dim")), width)
    shown, last = board.arrangement.rows, min(view.top + view.page, view.shown)
    troubled = board.arrangement.troubled
    parts = [
        Part(Text(f"{view.top + 1 if shown else 0}-{last} of {view.shown}"), rank=1),
        Part(Text(f"! {troubled} to look at" if troubled else "", TROUBLE_STYLE), rank=2),
        Part(Text(view.status if view.status != EVERYBODY else "", "bold reverse"), rank=0),
        Part(Text(printable(f"group {view.group}") if view.group else "", "bold reverse"), rank=0),
        Part(Text(printable(f"/{view.search}") if view.search else "", "bold reverse"), rank=0),
        Part(Text(f"sorted by {view.sort}", "dim"), rank=4),
    ]
    return fitted(parts, width)


def _rows(board: Board, view: View, width: int) -> list[Text]:
    rows = board.arrangement.rows
    columns = columns_for(width, rows)
    at = board.paused_at or as_of(board.seen, board.now)
    is_fresh = board.seen.freshness is Freshness.LIVE and not board.paused_at
    shown = [columns.line(row, at, is_fresh=is_fresh) for row in rows[view.top : view.top + view.page]]
    if not rows:
        shown = [Text(_nobody(board), "dim")]
    return [cropped(line, width) for line in (columns.heading(), *shown)]


def _nobody(board: Board) -> str:
    if board.arrangement.everybody:
        return "nobody is like that; Esc shows everybody"
    return "nobody is here" if board.seen.heard_at else "waiting for the first snapshot"


def _help(width: int) -> list[Text]:
    keys = [Text.assemble((f"{key:<22}", "bold"), what) for key, what in HELP]
    words = [
        "",
        "!       needs a look: a break overdue, a desktop lost, a phone about to",
        "        ring out, a long wrap-up, a long call, calls missed",
        "assign  yes: an inbound call can be assigned now",
        "RINGING is somebody AVAILABLE with a call on offer",
        "a call id followed by ! was reported out of rule",
    ]
    return [cropped(line, width) for line in (*keys, *map(Text, words))]


def _foot(board: Board, view: View, width: int) -> Text:
    if view.shows_help:
        return padded(Text("any key goes back", "reverse"), min(17, width))
    if view.prompt:
        return cropped(Text("type to filter; Enter keeps it, Esc drops it", "dim"), width)
    if not board.has_keys:
        return cropped(Text("Ctrl-C ends; no keys here", "dim"), width)
    keys = [
        ("q", "quit", 0), ("?", "keys", 0), ("/", "search", 1), ("s", "sort", 2), ("f", "status", 3), ("g", "group", 4),
        ("PgDn", "page", 5), ("p", "pause", 6), ("Esc", "everybody", 7),
    ]  # fmt: skip
    return fitted([Part(Text.assemble((key, "bold"), f" {what}"), rank) for key, what, rank in keys], width)
