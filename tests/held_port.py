"""A loopback port for servers that end and start again at one address: nobody else is given it meanwhile."""

import socket
import sys


class HeldPort:
    """A port that is the holder's until ``close``, whether anything listens on it or not.

    A bound socket that does not listen keeps the system from choosing its port for anybody; Linux lets a server listen beside
    it. Elsewhere the port is only one that was free.
    """

    def __init__(self, port: int = 0) -> None:
        """Take the port, or any free one."""
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        if sys.platform != "linux":
            self._socket.close()

    def close(self) -> None:
        """Give it away."""
        self._socket.close()
