"""Does the same for several items over one connection: some at a time, each with its own outcome, with a bar while it lasts."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from onduty_cli.failures import CommandError, RefusedError
from onduty_cli.output import Output

Item = TypeVar("Item")
Answer = TypeVar("Answer")

AT_ONCE = 16
"""Requests under way at a time. More gain nothing on one connection, and would take the server from others."""


def ask_several(items: Sequence[Item], ask: Callable[[Item], Answer]) -> Iterator[tuple[Item, Answer | CommandError]]:
    """Yields each item with its answer or its failure, in their order.

    A refusal concerns its item alone. After a failure of the connection nothing more is begun; the items that were not tried
    bear the same failure.
    """
    stopped_by: list[CommandError] = []

    def asked(item: Item) -> Answer | CommandError:
        if stopped_by:
            return stopped_by[0]
        try:
            return ask(item)
        except RefusedError as refused:
            return refused
        except CommandError as failure:
            stopped_by.append(failure)
            return failure

    with ThreadPoolExecutor(AT_ONCE) as pool:
        under_way: deque[tuple[Item, Future[Answer | CommandError]]] = deque()
        try:
            for item in items:
                if len(under_way) == 2 * AT_ONCE:
                    first, future = under_way.popleft()
                    yield first, future.result()
                under_way.append((item, pool.submit(asked, item)))
            while under_way:
                first, future = under_way.popleft()
                yield first, future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def progress(output: Output, what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Shows a bar on a terminal while the block lasts; what it yields tells how many more are done."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=output.errors, transient=True, disable=not output.errors.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda count: bar.advance(task, count)
