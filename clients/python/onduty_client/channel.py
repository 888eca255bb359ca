"""What a gRPC channel is made with: its options, its credentials and the metadata of its calls. It makes no channel."""

import pkgutil
import ssl
from pathlib import Path
from typing import Any, Final, TypeVar

import grpc
from google.protobuf.message import Message

from onduty_client.errors import AccessError
from onduty_client.options import USER_AGENT, ConnectionOptions, TlsOptions
from onduty_client.request_id import new_request_id

M = TypeVar("M", bound=Message)

RECONNECT_MOST_MS: Final = 800
"""With its jitter of a fifth less than a second: so soon after a server's return the channel is there."""
LARGEST_ANSWER_BYTES: Final = 64 * 1024 * 1024


def service_config() -> str:
    """The retries of unary calls, as JSON; the same in every client."""
    # importlib.resources would be much more to import.
    return (pkgutil.get_data("onduty_client", "service_config.json") or b"").decode()


def channel_options(options: ConnectionOptions) -> list[tuple[str, Any]]:
    """The options of the core.

    ``ping_timeout_ms`` stands beside the keepalive options because without it a peer that vanished is noticed only after a
    minute. The channel's own pace of reconnecting is quick: streams keep the slower one of their backoff.
    """
    chosen: list[tuple[str, Any]] = [
        ("grpc.keepalive_time_ms", 15_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.http2.ping_timeout_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.min_reconnect_backoff_ms", 3_000),
        ("grpc.max_reconnect_backoff_ms", RECONNECT_MOST_MS),
        ("grpc.max_receive_message_length", LARGEST_ANSWER_BYTES),
        ("grpc.enable_http_proxy", 0),
        ("grpc.service_config", service_config()),
        ("grpc.service_config_disable_resolution", 1),
        # Two connections to one server are two, each with an end of its own.
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.primary_user_agent", USER_AGENT),
    ]
    if options.tls and options.tls.server_name:
        chosen.append(("grpc.ssl_target_name_override", options.tls.server_name))
    return chosen


def credentials(tls: TlsOptions) -> grpc.ChannelCredentials:
    """The credentials of an encrypted channel, from files that have been tried.

    Raises:
        ValueError: A file cannot be read, is not PEM, or key and certificate do not belong together.
    """
    trial = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    roots = _system_roots()
    key = chain = None
    if tls.ca_file:
        roots = _read("ca_file", tls.ca_file)
        try:
            trial.load_verify_locations(cafile=tls.ca_file)
        except ssl.SSLError as error:
            raise ValueError(f"tls.ca_file {tls.ca_file} holds no certificates in PEM form") from error
    if tls.cert_file and tls.key_file:
        chain, key = _read("cert_file", tls.cert_file), _read("key_file", tls.key_file)
        try:
            # An empty password: a key that needs one is refused, and nobody is asked on the terminal.
            trial.load_cert_chain(tls.cert_file, tls.key_file, password="")
        except ssl.SSLError as error:
            text = f"tls.key_file {tls.key_file} is not the key, without password, of tls.cert_file {tls.cert_file}"
            raise ValueError(text) from error
    return grpc.ssl_channel_credentials(roots, key, chain)


def call_metadata(options: ConnectionOptions, token: str | None, actor: str = "") -> list[tuple[str, str]]:
    """The metadata of one call; ``actor`` takes the place of the connection's.

    Raises:
        AccessError: The token cannot be sent as it is.
    """
    names = (("onduty-tenant", options.tenant), ("onduty-actor", actor or options.actor))
    metadata = [(key, name) for key, name in names if name]
    if token is not None:
        if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
            raise AccessError("the token is empty, or not printable ASCII text", code="UNAUTHENTICATED")
        metadata.append(("authorization", f"Bearer {token}"))
    return metadata


def token_failure(error: Exception) -> AccessError:
    """The error of a token function that failed."""
    return AccessError(f"the token function failed: {error!r}", code="UNAUTHENTICATED")


def identified(request: M) -> tuple[M, str]:
    """The request with an id of its own where it should have one, and that id; empty for requests that change nothing.

    The caller's message is left as it is.
    """
    if "request_id" not in request.DESCRIPTOR.fields_by_name:
        return request, ""
    given: str = request.request_id  # type: ignore[attr-defined]
    if given:
        return request, given
    copy = type(request)()
    copy.CopyFrom(request)
    copy.request_id = new_request_id()  # type: ignore[attr-defined]
    return copy, copy.request_id  # type: ignore[attr-defined]


def _read(field: str, path: Any) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ValueError(f"tls.{field} {path} cannot be read: {error.strerror}") from error


def _system_roots() -> bytes | None:
    """The system's roots; None where it has none that can be told, and the core falls back on its own."""
    file = ssl.get_default_verify_paths().cafile
    if file:
        return Path(file).read_bytes()
    known = ssl.create_default_context().get_ca_certs(binary_form=True)
    return "".join(map(ssl.DER_cert_to_PEM_cert, known)).encode() or None
