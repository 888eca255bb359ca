"""Tells of each client once: where it calls from, with what software, in which tenant; with bounds for memory and rate."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

import structlog

from onduty_server.domain.access.principal import Identity

log = structlog.get_logger(__name__)

CONNECTIONS_KEPT: Final = 4_096
"""Connections known at a time; a connection that was forgotten meanwhile is looked at again, and not told again."""
CLIENTS_TOLD: Final = 1_024
"""Clients that are told in a process's life; later ones are not."""
TOLD_AT_ONCE: Final = 20
TOLD_A_SECOND: Final = 2.0
TEXT_MOST: Final = 128

_Metadata = Sequence[tuple[str, str | bytes]]


class Arrivals:
    """Which clients have called so far. ``seen`` is asked with every call, so it is one look into a set."""

    def __init__(self) -> None:
        """Nobody yet."""
        self._connections: set[str] = set()
        self._clients: set[tuple[str, ...]] = set()
        self._budget, self._refilled_at = float(TOLD_AT_ONCE), 0.0
        self.untold = 0
        """Clients that were not told, because of their number or rate."""

    def seen(self, peer: str, metadata: _Metadata, identity: Identity, now: float) -> None:
        """A call came in. ``peer`` is gRPC's name of the connection; ``now`` are seconds of any steady clock."""
        if peer in self._connections:
            return
        if len(self._connections) >= CONNECTIONS_KEPT:
            self._connections.clear()
        self._connections.add(peer)
        host = unquote(peer.rpartition(":")[0] or peer)
        user_agent = next((str(value)[:TEXT_MOST] for key, value in metadata if key == "user-agent"), "")
        roles = "" if identity.principal is None else ",".join(sorted(role.name.lower() for role in identity.principal.roles))
        self._tell((host, user_agent, identity.tenant, roles, identity.actor_id), now)

    def _tell(self, client: tuple[str, str, str, str, str], now: float) -> None:
        if client in self._clients:
            return
        self._budget = min(TOLD_AT_ONCE, self._budget + (now - self._refilled_at) * TOLD_A_SECOND)
        self._refilled_at = now
        if len(self._clients) >= CLIENTS_TOLD or self._budget < 1:
            self.untold += 1
            return
        self._budget -= 1
        self._clients.add(client)
        host, user_agent, tenant, roles, actor = client
        log.info("client_arrived", peer=host, user_agent=user_agent, tenant=tenant, role=roles, actor=actor, untold=self.untold)
