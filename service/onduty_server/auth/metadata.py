"""The metadata keys that say who calls and in which tenant, and what may be in them."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from onduty_server.domain.access.identity_rules import ACTOR_KEY, TENANT_KEY
from onduty_server.domain.model.errors import (
    CredentialProblem,
    FieldViolation,
    InvalidFieldsError,
    UnauthenticatedError,
)

CREDENTIAL_KEY: Final = "authorization"
LONGEST: Final = 128
CREDENTIAL_LENGTH: Final = 16 * 1024
"""More than gRPC's core lets metadata have by default."""

_SCHEME: Final = "bearer "

Metadata = Sequence[tuple[str, str | bytes]]


class Named(NamedTuple):
    """What metadata says of its caller; empty: nothing."""

    tenant: str = ""
    actor: str = ""
    credential: str = ""


def read(metadata: Metadata) -> Named:
    """What the metadata says.

    Raises:
        InvalidFieldsError: A name is empty, too long, not printable or there twice.
        UnauthenticatedError: The credential is there twice, or has no form that a credential has.
    """
    tenant = actor = credential = ""
    for key, value in metadata:
        if key == TENANT_KEY:
            tenant = _name(key, value, before=tenant)
        elif key == ACTOR_KEY:
            actor = _name(key, value, before=actor)
        elif key == CREDENTIAL_KEY:
            credential = _bearer(value, before=credential)
    return Named(tenant, actor, credential)


def _name(key: str, value: str | bytes, *, before: str) -> str:
    if before:  # whoever added the second, a proxy or a caller, the other did not mean it.
        raise InvalidFieldsError((FieldViolation(f"metadata {key}", "is there more than once"),))
    text = value if isinstance(value, str) else value.decode("utf-8", "replace")
    if not text or len(text) > LONGEST or not text.isprintable():
        raise InvalidFieldsError((FieldViolation(f"metadata {key}", f"must be 1-{LONGEST} printable characters"),))
    return text


def _bearer(value: str | bytes, *, before: str) -> str:
    text = value if isinstance(value, str) else value.decode("utf-8", "replace")
    credential = text[len(_SCHEME) :].strip()
    well_formed = text[: len(_SCHEME)].lower() == _SCHEME and credential.isascii() and credential.isprintable()
    if before or not credential or not well_formed or " " in credential or len(credential) > CREDENTIAL_LENGTH:
        raise UnauthenticatedError(CredentialProblem.MALFORMED)
    return credential
