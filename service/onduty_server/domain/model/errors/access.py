"""Who may not, and what to do about it. No sentence tells whether what was asked for exists."""

from dataclasses import dataclass
from enum import Enum

from onduty_server.domain.model.errors.base import CallerError


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose credential was refused, where that is known: for the audit, and never for the caller."""

    kind: str
    credential_id: str
    actor_id: str
    tenants: frozenset[str]


class CredentialProblem(Enum):
    """What is wrong with a credential; the value says what to do.

    More than UNKNOWN is said only to who holds the credential, or a token that its issuer has signed.
    """

    MISSING = "a credential is needed: send the metadata authorization with Bearer and a key or token"
    MALFORMED = "the metadata authorization must be there once, as Bearer and a key or token"
    UNKNOWN = "the credential is not one that this server takes: look for a misspelling, or ask for a new one"
    EXPIRED = "the credential has expired: get a new one"
    NOT_YET_VALID = "the token is not valid yet: look at the clocks of its issuer and of this server"
    REVOKED = "the credential was revoked, or reaches less than it did: get a new one"
    WRONG_ISSUER = "the token is of another issuer than this server's"
    WRONG_AUDIENCE = "the token is for another audience than this server: ask its issuer for one that is for it"
    WRONG_ALGORITHM = "the token is signed by an algorithm that this server does not take"
    UNMAPPED = "the credential is good, and gives no tenant or role of this server: ask whoever gives access to it"


@dataclass(eq=False)
class UnauthenticatedError(CallerError):
    """No valid credential."""

    problem: CredentialProblem
    holder: Holder | None = None

    def __str__(self) -> str:
        return self.problem.value


class AccessProblem(Enum):
    """What a valid credential does not reach."""

    ROLE = "role"
    TENANT = "tenant"
    STAFF = "staff"
    ACTOR = "actor"
    SKILL_GROUP = "skill group"


@dataclass(eq=False)
class PermissionDeniedError(CallerError):
    """The credential does not reach that far; ``why`` says what it would need."""

    method: str
    problem: AccessProblem
    why: str
    holder: Holder | None = None

    def __str__(self) -> str:
        return f"{self.method} is not allowed: {self.why}"


class ColleaguesHiddenError(CallerError):
    """The policy lets nobody see colleagues."""

    def __str__(self) -> str:
        return "the policy lets nobody see colleagues"
