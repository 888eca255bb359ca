"""Clients' certificates: a name in a certificate that the listener has verified, and what its holder reaches by a file."""

import re
from collections.abc import Iterable
from typing import Final

from onduty_server.auth import grants_file
from onduty_server.auth.grants import Grants
from onduty_server.auth.grants_file import Grant, Proof
from onduty_server.domain.access.principal import Principal
from onduty_server.domain.model.errors import CredentialProblem, UnauthenticatedError
from onduty_server.domain.model.status import Instant

NAMES_KEY: Final = "x509_subject_alternative_name"
"""Where gRPC's core has the names of the peer's certificate, DNS names and URIs among them, once it has verified it."""

_SAN: Final = Proof(
    "san", re.compile(r"[!-~]{1,512}"), "1-512 printable ASCII characters: a DNS name or URI of the certificate"
)


def parse(content: bytes) -> tuple[Grant, ...]:
    """The names of a file and what they reach.

    Raises:
        FileRefusedError: A line is no good, or has an id or name of another. Its number is told, and no content.
    """
    return grants_file.parse(content, _SAN, "the file of certificates' names")


def principal_of(grants: Grants, names: Iterable[bytes], now: Instant) -> Principal:
    """Who has the certificate with these names.

    Raises:
        UnauthenticatedError: None of them is in the file, or more than one is; or what it reaches has ended.
    """
    known = [name for name in (one.decode("ascii", "replace") for one in names) if grants.has(name)]
    if len(known) != 1:
        raise UnauthenticatedError(CredentialProblem.UNMAPPED)
    return grants.principal_of(known[0], now)
