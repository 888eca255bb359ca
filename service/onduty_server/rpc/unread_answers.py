"""Bounds what peers ask for and do not read: the bytes of unary answers that wait in the core, by connection and by tenant.

The core keeps an answer until its peer reads it or the connection ends; nothing here can take it back.
"""

from collections import Counter
from typing import Final

from onduty_server.domain.model.errors import OverloadedError
from onduty_server.rpc.call_context import CallContext

COUNTED_BYTES: Final = 4 * 1024
"""A smaller answer is not counted: the core's bound on a connection's calls bounds those."""

CONNECTION_BYTES: Final = 32 * 1024 * 1024
"""Answers of one connection that may wait to be read: thirty pages of the largest size."""

ALL_BYTES: Final = 512 * 1024 * 1024
"""Answers of all connections. A tenant may have as much as it leaves for others: alone it takes half."""


class UnreadAnswers:
    """Counts large answers from when they are made until their calls are over."""

    def __init__(self) -> None:
        """None."""
        self._connections: Counter[str] = Counter()
        self._tenants: Counter[str] = Counter()
        self.total = 0

    def check(self, tenant: str, call: CallContext, size: int = 0) -> None:
        """See whether there is room for an answer of so many bytes; without a size, whether there is any.

        Raises:
            OverloadedError: There is none.
        """
        if not self.total and size <= CONNECTION_BYTES:
            return
        room = min(CONNECTION_BYTES - self._connections[call.peer()], ALL_BYTES - self.total - self._tenants[tenant])
        if size > room or room <= 0:
            raise OverloadedError(CONNECTION_BYTES, "bytes of answers are not read", "bytes_of_answers")

    def sent(self, tenant: str, call: CallContext, size: int) -> None:
        """An answer is given to the core."""
        connection = call.peer()
        self._connections[connection] += size
        self._tenants[tenant] += size
        self.total += size

        def over(_call: object) -> None:
            self.total -= size
            for counter, key in ((self._connections, connection), (self._tenants, tenant)):
                counter[key] -= size
                if not counter[key]:
                    del counter[key]

        call.add_done_callback(over)
