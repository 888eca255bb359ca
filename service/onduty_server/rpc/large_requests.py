"""Bounds the bytes of large requests in progress: each tenant has as many as leave room for others."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from onduty_server.domain.model.errors import OverloadedError

COUNTED_BYTES: Final = 64 * 1024
"""A smaller request is not counted: the bound on waiting commands bounds those."""

ALL_BYTES: Final = 256 * 1024 * 1024
"""Requests of all tenants together. A tenant alone may have half of it, two a third each."""


class LargeRequests:
    """Counts large requests while they are answered."""

    def __init__(self) -> None:
        """None."""
        self._tenants: Counter[str] = Counter()
        self.total = 0

    @contextmanager
    def admitted(self, tenant: str, size: int) -> Iterator[None]:
        """A request of so many bytes is being answered for the length of the block.

        Raises:
            OverloadedError: Too many bytes are.
        """
        if size > ALL_BYTES - self.total - self._tenants[tenant]:
            raise OverloadedError(ALL_BYTES, "bytes of requests are being answered", "bytes_of_requests")
        self._tenants[tenant] += size
        self.total += size
        try:
            yield
        finally:
            self.total -= size
            self._tenants[tenant] -= size
            if not self._tenants[tenant]:
                del self._tenants[tenant]
