"""Writes numbers, lengths of time and sizes in few letters, and marks what is bad."""

from typing import Final

from rich.text import Text

from onduty_cli.top.scrapes import Times

BAD: Final = "bold red"


def marked(text: str, *, bad: bool) -> Text:
    """A word of the screen, red where it is bad."""
    return Text(text, BAD if bad else "")


def over(what: str, seconds: float | None, most: float) -> Text:
    """A length of time with its name, red where it is longer than it should be."""
    return marked(f"{what} {time_text(seconds)}", bad=(seconds or 0.0) > most)


def times_text(times: Times) -> str:
    """Two quantiles, as in ``p50 0.8 ms p99 3.1 ms``."""
    return f"p50 {time_text(times.p50)} p99 {time_text(times.p99)}"


def time_text(seconds: float | None) -> str:
    """A short time in its unit; ``-`` for none."""
    if seconds is None:
        return "-"
    if seconds >= 1:
        return f"{seconds:,.1f} s" if seconds < 100 else f"{seconds:,.0f} s"
    return f"{seconds * 1000:.1f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"


def rate_text(rate: float) -> str:
    """A number a second: with a decimal where it is small."""
    return f"{rate:,.0f}" if rate >= 100 or rate == 0 else f"{rate:.1f}"


def bytes_text(count: float) -> str:
    """A number of bytes in its unit, as in ``12.3 MiB``."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"
