"""A small server with TLS, of gRPC's own, that says what it was called with, which Onduty's own server tells nobody.

The certificates are made anew for each run by openssl.
"""

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
from onduty_process import LONG

from onduty.v1.router_service_pb2 import WatchStaffRequest, WatchStaffResponse
from onduty.v1.staff_pb2 import Bookmark
from onduty.v1.workspace_service_pb2 import GetStaffRequest, GetStaffResponse


class Certificates:
    """A root, a server's certificate for ``onduty.test`` and 127.0.0.1, and a client's, in a directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.ca_file = directory / "ca.pem"
        self._root("ca")
        self.server = self._signed("server", "subjectAltName=DNS:onduty.test,IP:127.0.0.1")
        self.client = self._signed("client", "subjectAltName=DNS:router-7")

    def _run(self, *arguments: object) -> None:
        subprocess.run(["openssl", *map(str, arguments)], cwd=self.directory, check=True, capture_output=True)

    def _root(self, name: str) -> None:
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 2]
        self._run("req", "-x509", *new, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}")

    def _signed(self, name: str, extension: str) -> tuple[Path, Path]:
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self._run("req", *new, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        (self.directory / f"{name}.ext").write_text(extension)
        by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", 2, "-extfile", f"{name}.ext"]
        self._run("x509", "-req", "-in", f"{name}.csr", *by, "-out", f"{name}.pem")
        return self.directory / f"{name}.pem", self.directory / f"{name}.key"


class SecureServer:
    """What it was called with: the metadata of each call, the name in the client's certificate, and the time it has.

    While ``answers`` is cleared, calls wait.
    """

    def __init__(self) -> None:
        self.address = ""
        self.metadata: list[dict[str, str]] = []
        self.peers: list[str] = []
        self.seconds_left: list[float | None] = []
        self.token = ""
        self.refusal: grpc.StatusCode | None = None
        self.answers = threading.Event()
        self.answers.set()

    def note(self, context: grpc.ServicerContext) -> None:
        """Keeps what a call came with; refuses it where it has not the token."""
        self.seconds_left.append(context.time_remaining())
        self.metadata.append({key: value for key, value in context.invocation_metadata() if isinstance(value, str)})
        self.peers.append(b"".join(context.auth_context().get("x509_subject_alternative_name", [])).decode())
        if self.token and self.metadata[-1].get("authorization") != f"Bearer {self.token}":
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "another token, please")
        if self.refusal:
            context.abort(self.refusal, "no")

    def get_staff(self, _request: GetStaffRequest, context: grpc.ServicerContext) -> GetStaffResponse:
        """An empty answer."""
        self.note(context)
        self.answers.wait()
        return GetStaffResponse(position="here")

    def watch_staff(self, _request: WatchStaffRequest, context: grpc.ServicerContext) -> Iterator[WatchStaffResponse]:
        """One bookmark and the end."""
        self.note(context)
        yield WatchStaffResponse(position="here", bookmark=Bookmark())


@contextlib.contextmanager
def secure_server(certificates: Certificates | None, *, mutual: bool = False) -> Iterator[SecureServer]:
    """A server for the length of the block; plain text without certificates."""
    said = SecureServer()
    server = grpc.server(ThreadPoolExecutor(4))
    get = grpc.unary_unary_rpc_method_handler(
        said.get_staff, request_deserializer=GetStaffRequest.FromString, response_serializer=GetStaffResponse.SerializeToString
    )
    watch = grpc.unary_stream_rpc_method_handler(
        said.watch_staff,
        request_deserializer=WatchStaffRequest.FromString,
        response_serializer=WatchStaffResponse.SerializeToString,
    )
    services = {"WorkspaceService": {"GetStaff": get}, "RouterService": {"WatchStaff": watch}}
    for name, methods in services.items():
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(f"onduty.v1.{name}", methods),))
    if certificates is None:
        port = server.add_insecure_port("127.0.0.1:0")
    else:
        chain, key = (one.read_bytes() for one in certificates.server)
        roots = certificates.ca_file.read_bytes() if mutual else None
        credentials = grpc.ssl_server_credentials([(key, chain)], roots, require_client_auth=mutual)
        port = server.add_secure_port("127.0.0.1:0", credentials)
    said.address = f"127.0.0.1:{port}"
    server.start()
    try:
        yield said
    finally:
        said.answers.set()
        server.stop(0).wait(LONG)
