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

_Bound = tuple[tuple[object, ...], int | None, str]
"""What is counted, how many there may be (None: any number), and the limit's name."""

_HOLDERS: Final = {StreamKind.WATCH: "streams_per_caller", StreamKind.COLLEAGUES: "workspaces_per_staff"}


class StreamQuotas:
    """Counts open streams. A tenant has a bound of its own, so that a caller gains nothing by inventing names."""

    def __init__(self, limits: Limits) -> None:
        """Nothing is open."""
        self._open: Counter[tuple[object, ...]] = Counter()
        self._of_holder: dict[StreamKind, int] = {
            StreamKind.WATCH: limits.streams_per_caller,
            StreamKind.COLLEAGUES: WORKSPACES_MOST,
        }
        self._workspaces_of_caller = limits.workspaces_per_caller
        self._of_tenant = limits.streams_per_tenant
        self._of_process = limits.streams
        self.count = 0
        """Open streams of callers of all tenants."""

    def open_streams(self, kind: StreamKind) -> int:
        """How many streams of a kind are open, over all tenants."""
        return self._open[kind,]

    @contextmanager
    def admitted(self, kind: StreamKind, tenant: str, holder: str, actor: str = "") -> Iterator[None]:
        """A stream is open for the length of the block.

        ``holder``: of a watch the caller, of a desktop's streams the person; ``actor`` who has the credential that a desktop's
        stream is opened with, as a gateway has for many. Without one nobody has.

        Raises:
            WatchQuotaError, AttachmentQuotaError: There are too many.
        """
        bounds: list[_Bound] = [
            ((kind, tenant, holder), self._of_holder.get(kind), _HOLDERS.get(kind, "")),
            ((kind, tenant), self._of_tenant, "streams_per_tenant"),
            ((kind,), self._of_process, "streams"),
        ]
        if kind is StreamKind.ATTACHMENT and actor:
            bounds.append(((kind, tenant, "actor", actor), self._workspaces_of_caller, "workspaces_per_caller"))
        for key, most, name in bounds:
            if most is not None and self._open[key] >= most:
                raise _exceeded(kind, most, name)
        keys = tuple([key for key, _, _ in bounds])
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
            raise WatchQuotaError(PROBES_MOST, "probes")
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


def _exceeded(kind: StreamKind, most: int, name: str) -> AttachmentQuotaError | WatchQuotaError:
    return AttachmentQuotaError(most, name) if kind is StreamKind.ATTACHMENT else WatchQuotaError(most, name)
