"""Reads requests from standard input, a line each, and answers them; ends with the input."""

import argparse
import asyncio
import json
import logging
import sys
import threading
from typing import Any

from python_driver.kinds import ASYNCIO, blocking
from python_driver.output import Output
from python_driver.verbs import Driver

LINES_AHEAD = 1_000
END_SECONDS = 20


def read_lines(loop: asyncio.AbstractEventLoop, lines: "asyncio.Queue[str | None]") -> None:
    """Feeds the queue from standard input, in a thread of its own; None is the end."""
    for line in sys.stdin:
        if line.strip():
            asyncio.run_coroutine_threadsafe(lines.put(line), loop).result()
    asyncio.run_coroutine_threadsafe(lines.put(None), loop).result()


async def answer(driver: Driver, output: Output, line: str) -> None:
    """Does one request and writes its answer."""
    number: Any = None
    try:
        request = json.loads(line)
        number = request.get("id")
        done = await driver.do(request)
    except Exception as error:  # noqa: BLE001 - whatever it was, it is the answer.
        output.error(number, error)
    else:
        output.ok(number, done)


async def run(*, sync: bool) -> None:
    """Answers requests until the input ends, then closes everything."""
    lines: asyncio.Queue[str | None] = asyncio.Queue(LINES_AHEAD)
    reader = threading.Thread(target=read_lines, args=(asyncio.get_running_loop(), lines), daemon=True)
    reader.start()
    output = Output(sys.stdout)
    driver = Driver(blocking() if sync else ASYNCIO, output)
    under_way: set[asyncio.Task[None]] = set()
    while (line := await lines.get()) is not None:
        task = asyncio.create_task(answer(driver, output, line))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await driver.close()
    if under_way:
        await asyncio.wait(under_way, timeout=END_SECONDS)


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("--sync", action="store_true", help="drive the blocking classes")
    arguments = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    asyncio.run(run(sync=arguments.sync))


main()
