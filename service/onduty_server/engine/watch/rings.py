"""The rings of changes, one a tenant, with the bytes that all of them and their frames have together."""

from collections.abc import Callable, Iterable, Mapping

from onduty_server.engine.tenants import Tenants
from onduty_server.engine.watch import budgets
from onduty_server.engine.watch.budgets import Budget
from onduty_server.engine.watch.change import LoggedChange
from onduty_server.engine.watch.frames import SharedFrames
from onduty_server.engine.watch.ring import ChangeRing
from onduty_server.ports import Codec, Revision


class Rings(Tenants[ChangeRing]):
    """``change_bytes`` and ``frame_bytes`` bound what watching holds."""

    def __init__(self, head: Callable[[], Revision], codec: Codec) -> None:
        """A ring has what follows the head at which it is made."""
        super().__init__(lambda _tenant: self._ring())
        self._head = head
        self._codec = codec
        self.change_bytes = Budget(budgets.RINGS_BYTES, self.values)
        self.frame_bytes = Budget(budgets.FRAMES_BYTES, lambda: [ring.frames for ring in self.values()])

    def _ring(self) -> ChangeRing:
        frames = SharedFrames(self.frame_bytes.added)
        return ChangeRing(self._head, self._codec, added=self.change_bytes.added, frames=frames)

    def begin_all(self, tenants: Iterable[str]) -> None:
        """Have a ring for each, to be called before the head moves."""
        for tenant in tenants:
            self(tenant)

    def publish(self, changes: Mapping[str, list[LoggedChange]]) -> None:
        """Publish changes by tenant, when the head has moved over them."""
        for tenant, of_tenant in changes.items():
            self(tenant).publish(of_tenant)

    def wake(self, tenants: Iterable[str]) -> None:
        """Wake the watchers of tenants whose configuration has changed."""
        for tenant in tenants:
            self(tenant).wake()
