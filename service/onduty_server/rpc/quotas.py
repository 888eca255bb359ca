"""How many streams may be open: of one holder, of one tenant and of the process, each kind of stream for itself."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from onduty_server.domain.model.errors import AttachmentQuotaError, WatchQuotaError
from onduty_server.domain.model.state import WORKSPACES_MOST
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.method_policy import StreamKind

PROBES_MOST: Final = 1_000
"""Open streams of health and of reflection, of all peers together. A check of health is a call, and not counted."""


class StreamQuotas:
    """Counts open streams. A tenant has a bound of its own, so that a caller gains nothing by inventing names."""

    def __init__(self, limits: Limits) -> None:
        """Nothing is open."""
        self._open: Counter[tuple[object, ...]] = Counter()
        self._of_holder: dict[StreamKind, int] = {
            StreamKind.WATCH: limits.streams_per_caller,
            StreamKind.COLLEAGUES: WORKSPACES_MOST,
        }
        self._of_tenant = limits.streams_per_tenant
        self._of_process = limits.streams
        self.count = 0
        """Open streams of callers of all tenants."""

    def open_streams(self, kind: StreamKind) -> int:
        """How many streams of a kind are open, over all tenants."""
        return self._open[kind,]

    @contextmanager
    def admitted(self, kind: StreamKind, tenant: str, holder: str) -> Iterator[None]:
        """A stream is open for the length of the block. ``holder``: of a watch the caller, of a desktop's streams the person.

        Raises:
            WatchQuotaError, AttachmentQuotaError: There are too many.
        """
        keys: tuple[tuple[object, ...], ...] = ((kind, tenant, holder), (kind, tenant), (kind,))
        for key, most in zip(keys, (self._of_holder.get(kind), self._of_tenant, self._of_process), strict=True):
            if most is not None and self._open[key] >= most:
                raise _exceeded(kind, most)
        self._open.update(keys)
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1
            self._release(keys)

    def open_of(self, kind: StreamKind) -> int:
        """How many streams of a kind are open."""
        return self._open[(kind,)]

    @contextmanager
    def probing(self) -> Iterator[None]:
        """A stream of health or reflection is open for the length of the block.

        Raises:
            WatchQuotaError: There are too many.
        """
        key = (StreamKind.PROBE,)
        if self._open[key] >= PROBES_MOST:
            raise WatchQuotaError(PROBES_MOST)
        self._open[key] += 1
        try:
            yield
        finally:
            self._release((key,))

    def _release(self, keys: tuple[tuple[object, ...], ...]) -> None:
        for key in keys:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]


def _exceeded(kind: StreamKind, most: int) -> AttachmentQuotaError | WatchQuotaError:
    return AttachmentQuotaError(most) if kind is StreamKind.ATTACHMENT else WatchQuotaError(most)
