"""Every environment variable of Onduty, in one place, and what is none of them; reads no value for anybody."""

import difflib
import re
from collections.abc import Mapping
from typing import Final

PREFIX: Final = "ONDUTY_"

SERVER: Final = frozenset(
    PREFIX + name
    for name in (
        "ADMIN",
        "ADVERTISE",
        "AUDIT",
        "AUDIT_BYTES",
        "BYTES_PER_CALLER",
        "BYTES_PER_TENANT",
        "CALLS_PER_CALLER",
        "CALLS_PER_TENANT",
        "CLIENT_CERTIFICATES",
        "CONFIG",
        "CONNECTIONS",
        "CONNECTION_AGE",
        "DRAIN",
        "EVENT_LOOP",
        "HANDSHAKE_TIMEOUT",
        "INSECURE",
        "ITEMS_PER_CALLER",
        "ITEMS_PER_TENANT",
        "JOURNAL",
        "JOURNAL_FILE",
        "JWT_ALGORITHMS",
        "JWT_AUDIENCE",
        "JWT_CLAIMS",
        "JWT_ISSUER",
        "JWT_KEYS",
        "JWT_LEEWAY",
        "KEEPALIVE_TIME",
        "KEEPALIVE_TIMEOUT",
        "KEYS",
        "LEAST_PING_INTERVAL",
        "LISTEN",
        "LOG_FORMAT",
        "LOG_LEVEL",
        "POSTGRES_LOCK_TIMEOUT",
        "POSTGRES_SCHEMA",
        "POSTGRES_STATEMENT_TIMEOUT",
        "REHEARSAL",
        "REPLICA_CA",
        "REPLICA_LISTEN",
        "SAMPLE",
        "SCANS_PER_CALLER",
        "SCHEDULING",
        "STREAMS",
        "STREAMS_PER_CALLER",
        "STREAMS_PER_TENANT",
        "TENANTS",
        "TLS_CERT",
        "TLS_CLIENT_AUTH",
        "TLS_CLIENT_CA",
        "TLS_KEY",
        "TRACES",
        "TRACE_RATIO",
        "WATCH_STALL_LIMIT",
        "WEB",
        "WEB_HOSTS",
        "WEB_ORIGINS",
        "WORKSPACES_PER_CALLER",
    )
)
"""What `onduty serve` reads."""

CLIENT: Final = frozenset(
    PREFIX + name
    for name in (
        "ACTOR",
        "CA_FILE",
        "CERT_FILE",
        "KEY_FILE",
        "SERVER",
        "SERVER_NAME",
        "TENANT",
        "TLS",
        "TOKEN",
        "TOKEN_COMMAND",
        "TOKEN_FILE",
        "ZONE",
    )
)
"""What the other commands read, and the clients' examples."""

SOURCE_TREE: Final = frozenset(
    PREFIX + name for name in ("CLIENT_INSTALLED", "CLIENT_PYTHON", "DRIVERS", "LINE", "SEARCH", "TEST_POSTGRES", "WANTED")
)
"""What tests and tools of the source tree read."""

KNOWN: Final = SERVER | CLIENT | SOURCE_TREE

_ADDRESS: Final = r"tcp://\S+|udp://\S+|sctp://\S+"
_OF_CLUSTER: Final = (
    (re.compile(r"ONDUTY(_[A-Z0-9_]+)?_SERVICE_HOST"), re.compile(r"[0-9a-fA-F.:]+|None")),
    (re.compile(r"ONDUTY(_[A-Z0-9_]+)?_SERVICE_PORT(_[A-Z0-9_]+)?"), re.compile(r"\d+")),
    (re.compile(r"ONDUTY(_[A-Z0-9_]+)?_PORT(_\d+_(TCP|UDP|SCTP))?"), re.compile(_ADDRESS)),
    (re.compile(r"ONDUTY(_[A-Z0-9_]+)?_PORT_\d+_(TCP|UDP|SCTP)_(PROTO|PORT|ADDR)"), re.compile(r"\S*")),
)
"""What Kubernetes puts into the environment of every pod beside a Service whose name begins with onduty."""


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """The names that begin as Onduty's variables do and are none, sorted. Case is ignored, as where they are read."""
    return sorted(
        name
        for name, value in environment.items()
        if name.upper().startswith(PREFIX) and name.upper() not in KNOWN and not _is_of_cluster(name, value)
    )


def meant(name: str) -> str:
    """A question that names the variable which was probably meant; empty if none is near."""
    own = {known.removeprefix(PREFIX): known for known in SERVER | CLIENT}
    near = difflib.get_close_matches(name.upper().removeprefix(PREFIX), own, n=1)
    return f"did you mean {own[near[0]]}?" if near else ""


def _is_of_cluster(name: str, value: str) -> bool:
    return any(names.fullmatch(name) and values.fullmatch(value) for names, values in _OF_CLUSTER)
