"""Where a peer calls from, by gRPC's name of its connection."""

import ipaddress
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

NETWORK_BITS: Final = 64
"""Of an IPv6 address: what one machine can have to itself, and choose its addresses in."""
CONNECTIONS_KEPT: Final = 4_096


@lru_cache(CONNECTIONS_KEPT)
def network_of(peer: str) -> str:
    """The IPv4 address, the IPv6 network, or ``unix`` for sockets of this machine."""
    kind, _, place = peer.partition(":")
    host = unquote(place.rpartition(":")[0]).strip("[]").partition("%")[0]
    if kind != "ipv6":
        return f"{kind}:{host}" if host else kind
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        return kind  # no address of any kind: they share what there is.
    if address.ipv4_mapped is not None:
        return f"ipv4:{address.ipv4_mapped}"
    return f"{kind}:{ipaddress.IPv6Network((int(address), NETWORK_BITS), strict=False)}"
