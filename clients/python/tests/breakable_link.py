"""A TCP link to a server on loopback that a test can cut, silence or refuse."""

import contextlib
import socket
import threading
from collections.abc import Iterator

from onduty_process import LONG


class BreakableLink:
    """Carries bytes both ways until told otherwise."""

    def __init__(self, target: str) -> None:
        """Listen on a free port."""
        self._target = _host_and_port(target)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._flows = threading.Event()
        self._flows.set()
        self._refuses = False
        self._closed = False
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def swallow(self) -> None:
        """What is sent from now on over the present connections comes nowhere; nobody is told."""
        self._flows.clear()

    def cut(self) -> None:
        """Ends the present connections; new ones carry."""
        for one in tuple(self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._flows.set()

    def refuse(self) -> None:
        """Ends every new connection at once."""
        self._refuses = True

    def lead_to(self, target: str) -> None:
        """Carries new connections to this server, also where they were refused."""
        self._target = _host_and_port(target)
        self._refuses = False

    def close(self) -> None:
        """Ends everything."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join(LONG)
        self._listener.close()
        self.cut()
        for one in self._threads:
            one.join(LONG)
        for one in self._sockets:
            one.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._refuses:
                near.close()
                continue
            try:
                far = socket.create_connection(self._target)
            except OSError:
                near.close()
                continue
            self._sockets += (near, far)
            for one, other in ((near, far), (far, near)):
                thread = threading.Thread(target=self._carry, args=(one, other), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while piece := source.recv(65_536):
                self._flows.wait()
                sink.sendall(piece)
        except OSError:
            pass
        finally:
            for one in (source, sink):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)


def _host_and_port(target: str) -> tuple[str, int]:
    host, port = target.rsplit(":", 1)
    return host, int(port)


@contextlib.contextmanager
def breakable_link(target: str) -> Iterator[BreakableLink]:
    """A link for the length of the block."""
    link = BreakableLink(target)
    try:
        yield link
    finally:
        link.close()
