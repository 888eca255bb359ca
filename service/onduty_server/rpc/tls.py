"""TLS of the listener: new handshakes take the newest good certificate, and open connections go on with theirs."""

from typing import Final

import grpc

from onduty_server.auth.tls_files import TlsFiles
from onduty_server.auth.watched_files import WatchedFiles
from onduty_server.domain.model.status import Instant


class ListenerTls:
    """The credentials of a listener. gRPC's core speaks TLS 1.2 and 1.3 only, with its own choice of ciphers."""

    def __init__(self, files: WatchedFiles[TlsFiles]) -> None:
        """Clients must show a certificate where the files name authorities for them.

        gRPC's core asks for one and needs it, or does not ask: from Python there is nothing between.
        """
        self.files: Final = files
        self._given = files.current
        self.credentials: Final = grpc.dynamic_ssl_server_credentials(
            _configuration(files.current),
            self._changed,  # type: ignore[arg-type]  # None is allowed, as the function's own words have it.
            require_client_authentication=bool(files.current.client_ca),
        )

    @property
    def expires_at(self) -> Instant:
        """When the certificate in use ends."""
        return self.files.current.expires_at

    def _changed(self) -> "grpc.ServerCertificateConfiguration | None":
        """What the next handshake takes; None: as before. The core asks on threads of its own, before every handshake."""
        current = self.files.current
        if current is self._given:
            return None
        self._given = current
        return _configuration(current)


def _configuration(files: TlsFiles) -> "grpc.ServerCertificateConfiguration":
    return grpc.ssl_server_certificate_configuration([(files.key, files.chain)], files.client_ca or None)
