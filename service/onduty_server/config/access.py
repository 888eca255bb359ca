"""Settings of access: certificates, keys, tokens, and the audit log."""

from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from onduty_server.config.addresses import is_loopback
from onduty_server.config.flags import Flag, Section

JwtAlgorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class AccessSettings(Section):
    """Who is let in, by what they show."""

    title: ClassVar[str] = "Access"

    keys: Annotated[str, Flag("The file of API keys: callers must show a credential.", metavar="FILE")] = Field(
        "",
        description="The file of API keys, which `onduty keys` writes. Callers must then show a credential, also on loopback."
        " It is read again every second.",
    )
    tls_cert: Annotated[str, Flag("The server's certificate chain, as PEM.", metavar="FILE")] = Field(
        "", description="The server's certificate and those between it and its root, as PEM. It is read again every second."
    )
    tls_key: Annotated[str, Flag("Its key, as PEM without a password.", metavar="FILE")] = Field(
        "", description="The key of `tls_cert`, as PEM without a password."
    )
    tls_client_ca: Annotated[str, Flag("Who may sign clients' certificates, as PEM.", metavar="FILE")] = Field(
        "", description="Who may sign clients' certificates, as PEM. It goes with `tls_client_auth` required."
    )
    tls_client_auth: Annotated[Literal["none", "required"], Flag("Whether clients must show a certificate.")] = Field(
        "none", description="Whether clients must show a certificate to connect at all."
    )
    client_certificates: Annotated[str, Flag("What the names in clients' certificates reach.", metavar="FILE")] = Field(
        "",
        description="The file that says what the names in clients' certificates reach. It goes with `tls_client_auth` required,"
        " and is read again every second.",
    )
    jwt_issuer: Annotated[str, Flag("Whose JSON Web Tokens are taken.", metavar="NAME")] = Field(
        "", description="Whose JSON Web Tokens are taken: what their claim `iss` must be."
    )
    jwt_audience: Annotated[str, Flag("Whom tokens must be for.", metavar="NAME")] = Field(
        "", description="What the claim `aud` of a token must be or hold."
    )
    jwt_keys: Annotated[str, Flag("The issuer's keys: a JSON Web Key Set.", metavar="FILE_OR_URL")] = Field(
        "", description="The issuer's keys, a JSON Web Key Set: a file, or an `https` address (`http` on loopback only)."
    )
    jwt_algorithms: Annotated[tuple[JwtAlgorithm, ...], NoDecode, Flag("What tokens may be signed by.", metavar="NAME,...")] = (
        Field(("RS256", "ES256"), description="The algorithms that tokens may be signed by. A token has no say in it.")
    )
    jwt_claims: Annotated[str, Flag("What a token's claims mean, as TOML.", metavar="FILE")] = Field(
        "", description="The TOML file that says what the claims of a token mean. None: the defaults."
    )
    jwt_leeway: Annotated[float, Flag("Seconds by which the issuer's clock may differ.")] = Field(
        30.0, ge=0, le=300, description="Seconds by which the issuer's clock may differ from the server's."
    )
    audit: Annotated[
        str, Flag("The audit log; left out, beside the journal where callers show credentials.", metavar="FILE")
    ] = Field(
        "",
        description="The file of the audit log, in lines of JSON. Left out: beside a journal that is a file, where callers show"
        " credentials; else it is in memory only.",
    )
    audit_bytes: Annotated[int, Flag("What its files have together.", metavar="BYTES")] = Field(
        64 * 1024 * 1024, ge=65_536, le=1 << 40, description="What the files of the audit log have together; the oldest goes."
    )

    @field_validator("jwt_algorithms", mode="before")
    @classmethod
    def _algorithms_are_several(cls, value: Any) -> Any:
        return tuple(name.strip() for name in value.split(",")) if isinstance(value, str) else value

    @field_validator("jwt_keys")
    @classmethod
    def _keys_are_fetched_safely(cls, value: str) -> str:
        address = urlsplit(value)
        if (
            "://" in value
            and address.scheme != "https"
            and not (address.scheme == "http" and is_loopback(address.hostname or ""))
        ):
            raise ValueError("needs a file, or an https address: whoever could change the answer could make tokens")
        return value
