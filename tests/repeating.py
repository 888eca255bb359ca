"""Does something again and again while a test looks at what comes of it."""

import contextlib
import threading
from collections.abc import Callable, Iterator

import grpc


@contextlib.contextmanager
def repeated(work: Callable[[], object], every: float = 0.05) -> Iterator[None]:
    """In a thread of its own for the length of the block, with a rest of so many seconds after each. Refusals do not matter."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(every):
            with contextlib.suppress(grpc.RpcError, StopIteration):
                work()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
