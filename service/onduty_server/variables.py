"""Every environment variable of Onduty, in one place, and what is none of them; reads no value for anybody."""

import difflib
import re
from collections.abc import Mapping
from typing import Final

PREFIX: Final = "ONDUTY_"

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

CONFIG: Final = PREFIX + "CONFIG"
"""Names the server's TOML file."""

_ADDRESS: Final = r"tcp://\S+|udp://\S+|sctp://\S+"
_OF_CLUSTER: Final = (
    (re.compile(r"ONDUTY(_[A-Z0-9_]+)?_SERVICE_HOST"), re.compile(r"[0-9a-fA-F.:]+|None")),
    (re.compile(r"ONDUTY(_[A-Z0-9_]+)?_SERVICE_PORT(_[A-Z0-9_]+)?"), re.compile(r"\d+")),
    (re.compile(r"ONDUTY(_[A-Z0-9_]+)?_PORT(_\d+_(TCP|UDP|SCTP))?"), re.compile(_ADDRESS)),
    (re.compile(r"ONDUTY(_[A-Z0-9_]+)?_PORT_\d+_(TCP|UDP|SCTP)_(PROTO|PORT|ADDR)"), re.compile(r"\S*")),
)
"""What Kubernetes puts into the environment of every pod beside a Service whose name begins with onduty."""


def server_variables() -> frozenset[str]:
    """What `onduty serve` reads. Only who needs them pays for the import of the options."""
    from onduty_server.config import OPTIONS  # noqa: PLC0415 - client commands start without the server's modules.

    secret = (row.file_variable for row in OPTIONS if row.option.may_be_secret)
    return frozenset((CONFIG, *(row.variable for row in OPTIONS), *secret))


def known_variables() -> frozenset[str]:
    """Every variable that somebody reads."""
    return server_variables() | CLIENT | SOURCE_TREE


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """The names that begin as Onduty's variables do and are none, sorted. Case is ignored, as where they are read."""
    names = {
        name
        for name, value in environment.items()
        if name.upper().startswith(PREFIX) and not _is_of_others(name.upper()) and not _is_of_cluster(name, value)
    }
    served = server_variables() if names else ()
    return sorted(name for name in names if name.upper() not in served)


def meant(name: str) -> str:
    """A question that names the variable which was probably meant; empty if none is near."""
    own = {known.removeprefix(PREFIX): known for known in server_variables() | CLIENT}
    near = difflib.get_close_matches(name.upper().removeprefix(PREFIX), own, n=1)
    return f"did you mean {own[near[0]]}?" if near else ""


def _is_of_others(variable: str) -> bool:
    return variable in CLIENT or variable in SOURCE_TREE


def _is_of_cluster(name: str, value: str) -> bool:
    return any(names.fullmatch(name) and values.fullmatch(value) for names, values in _OF_CLUSTER)
