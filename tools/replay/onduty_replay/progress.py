"""Shows how far a replay has come while it runs: a bar on a terminal, a line now and then elsewhere; decides nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from onduty_replay.plan import Plan
from onduty_replay.player import SHOW_SECONDS, Progress, Show
from onduty_replay.tally import Tally

LINE_SECONDS: Final = 5.0
"""Between two lines where there is no terminal."""


@contextmanager
def shown_progress(console: Console, plan: Plan) -> Iterator[Show]:
    """What shows progress on this console."""
    if console.is_terminal:
        with _bar(console) as bar:
            yield _on_bar(bar, plan)
    else:
        yield _as_lines(console, plan)


def words(plan: Plan, progress: Progress, tally: Tally) -> str:
    """Simulated time, calls and lateness."""
    midnight = datetime.combine(plan.first_day, time(), UTC)
    simulated = midnight + timedelta(seconds=progress.simulated)
    days = (simulated.date() - plan.first_day).days + 1
    return (
        f"day {days}, {simulated:%a %Y-%m-%d %H:%M:%S}  calls {tally.calls_ended:,}/{plan.calls:,}  "
        f"late {tally.lateness_ms:,.1f} ms"
    )


def _bar(console: Console) -> Bar:
    return Bar(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), console=console
    )  # fmt: skip


def _on_bar(bar: Bar, plan: Plan) -> Show:
    task = bar.add_task("beginning")

    def show(progress: Progress, tally: Tally) -> None:
        bar.update(task, completed=progress.played, total=progress.total, description=words(plan, progress, tally))

    return show


def _as_lines(console: Console, plan: Plan) -> Show:
    calls_to_show = 0

    def show(progress: Progress, tally: Tally) -> None:
        nonlocal calls_to_show
        if calls_to_show <= 0:
            console.print(words(plan, progress, tally), highlight=False, soft_wrap=True)
            calls_to_show = round(LINE_SECONDS / SHOW_SECONDS)
        calls_to_show -= 1

    return show
