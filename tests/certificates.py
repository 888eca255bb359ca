"""An authority of a test's own, the pairs that it signs, in files, and connections that trust it."""

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import grpc
import trustme
from rpc_world import World

NAMES = ("localhost", "127.0.0.1")
"""What a server's certificate is for."""


class Authority:
    """A root and what it has signed, in a directory."""

    def __init__(self, directory: Path, name: str = "ca") -> None:
        """``ca_file`` has the root."""
        self.directory = directory
        self.root = trustme.CA()
        self.ca_file = directory / f"{name}.pem"
        self.root.cert_pem.write_to_path(self.ca_file)

    @property
    def pem(self) -> bytes:
        """The root."""
        return self.root.cert_pem.bytes()

    def pair(
        self, *names: str, ends_at: datetime | None = None, key_type: trustme.KeyType = trustme.KeyType.ECDSA
    ) -> tuple[bytes, bytes]:
        """A new certificate for these names, with its chain, and its key."""
        issued = self.root.issue_cert(*names, not_after=ends_at, key_type=key_type)
        return b"".join(one.bytes() for one in issued.cert_chain_pems), issued.private_key_pem.bytes()

    def write(self, stem: str, pair: tuple[bytes, bytes]) -> tuple[Path, Path]:
        """A pair in the files ``stem``.pem and ``stem``.key."""
        files = self.directory / f"{stem}.pem", self.directory / f"{stem}.key"
        for file, content in zip(files, pair, strict=True):
            file.write_bytes(content)
            file.chmod(0o600)
        return files


@contextlib.asynccontextmanager
async def connected(world: World, *, roots: bytes, pair: tuple[bytes, bytes] | None = None) -> AsyncIterator[grpc.aio.Channel]:
    """An encrypted connection of its own for the length of the block."""
    chain, key = pair or (None, None)
    credentials = grpc.ssl_channel_credentials(roots, key, chain)
    options = [("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.secure_channel(world.running.address, credentials, options=options) as channel:
        yield channel
