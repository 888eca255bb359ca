"""The configuration: flags over environment over file over defaults, with every mistake told at once. It starts nothing."""

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, InitSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from onduty_server.config_access import mistakes_of_access, mistakes_of_replicas
from onduty_server.config_origins import SecretFileError, values_of_files
from onduty_server.observability.redaction import shown_journal
from onduty_server.variables import meant, unknown_variables

DEFAULT_LISTEN = "127.0.0.1:50051"
DEFAULT_JOURNAL = "~/.local/state/onduty/onduty.db"
"""As it is shown; ``default_journal`` says where it really is."""

TENANT_LENGTH: Final = 128

POSTGRES_SCHEMES: Final = ("postgresql://", "postgres://")

DEFAULT_SCHEMA: Final = "onduty"

_RATE_MOST: Final = 1 << 40

_SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")


JwtAlgorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class ConfigError(Exception):
    """The configuration has mistakes; the message has a line for each."""


class Settings(BaseSettings):
    """How to run a server. Every field is also ``ONDUTY_<FIELD>`` in the environment and a key of the file."""

    model_config = SettingsConfigDict(env_prefix="ONDUTY_", extra="forbid", frozen=True)

    listen: str = Field(DEFAULT_LISTEN, description="Address to serve on, HOST:PORT. Port 0 lets the system choose.")
    journal: str = Field(
        DEFAULT_JOURNAL,
        description="Where the journal is: the path of an SQLite file, or the address of a PostgreSQL database as"
        " `postgresql://USER@HOST:PORT/DATABASE`. The default is a file below `STATE_DIRECTORY` or"
        " `XDG_STATE_HOME` where one of them is set; with `rehearsal` its name is `rehearsal.db`.",
    )
    web: str = Field(
        "",
        description="Address to serve the pages and JSON on, HOST:PORT, by an `onduty web` that starts and ends with the"
        " server: by HTTP, with `tls_cert` by HTTPS. Left out: none.",
    )
    web_hosts: str = Field("", description="Names by which browsers may ask for the pages, beside localhost and addresses.")
    web_origins: str = Field(
        "", description="Origins of other sites whose pages may call the HTTP address, as `https` addresses without a path."
    )
    postgres_schema: str = Field(DEFAULT_SCHEMA, description="The schema of the journal's tables in a PostgreSQL database.")
    postgres_statement_timeout: float = Field(
        5.0, ge=0.1, le=600, description="Seconds after which an append, or a read of a few records, is given up in PostgreSQL."
    )
    postgres_lock_timeout: float = Field(
        3.0, ge=0.1, le=600, description="Seconds to wait in PostgreSQL for a lock that somebody else has."
    )
    advertise: str = Field(
        "",
        description="HOST:PORT where other replicas of the store reach this one, which then shares its journal in PostgreSQL"
        " with them. Port 0 lets the system choose. None: the server has its journal for itself.",
    )
    replica_listen: str = Field(
        "", description="Where to listen for other replicas, HOST:PORT, if it is not what `advertise` says."
    )
    replica_ca: str = Field(
        "",
        description="Who may sign the certificates by which replicas know each other, as PEM. It is needed where `advertise`"
        " and TLS are given. It is read again every second.",
    )
    tenants: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="The tenants that are served; any other is refused. Left out: any, which is for trying out."
    )
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="Form of the log: json, console, or auto (console on a terminal)."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    insecure: bool = Field(
        default=False, description="Serve on an address that is not loopback without TLS, or without credentials of callers."
    )
    keys: str = Field(
        "",
        description="The file of API keys, which `onduty keys` writes. Callers must then show a credential, also on loopback."
        " It is read again every second.",
    )
    tls_cert: str = Field(
        "", description="The server's certificate and those between it and its root, as PEM. It is read again every second."
    )
    tls_key: str = Field("", description="The key of `tls_cert`, as PEM without a password.")
    tls_client_ca: str = Field(
        "", description="Who may sign clients' certificates, as PEM. It goes with `tls_client_auth` required."
    )
    tls_client_auth: Literal["none", "required"] = Field(
        "none", description="Whether clients must show a certificate to connect at all."
    )
    client_certificates: str = Field(
        "",
        description="The file that says what the names in clients' certificates reach. It goes with `tls_client_auth` required,"
        " and is read again every second.",
    )
    jwt_issuer: str = Field("", description="Whose JSON Web Tokens are taken: what their claim `iss` must be.")
    jwt_audience: str = Field("", description="What the claim `aud` of a token must be or hold.")
    jwt_keys: str = Field(
        "", description="The issuer's keys, a JSON Web Key Set: a file, or an `https` address (`http` on loopback only)."
    )
    jwt_algorithms: Annotated[tuple[JwtAlgorithm, ...], NoDecode] = Field(
        ("RS256", "ES256"), description="The algorithms that tokens may be signed by. A token has no say in it."
    )
    jwt_claims: str = Field("", description="The TOML file that says what the claims of a token mean. None: the defaults.")
    jwt_leeway: float = Field(
        30.0, ge=0, le=300, description="Seconds by which the issuer's clock may differ from the server's."
    )
    audit: str = Field(
        "",
        description="The file of the audit log, in lines of JSON. Left out: beside a journal that is a file, where callers show"
        " credentials; else it is in memory only.",
    )
    audit_bytes: int = Field(
        64 * 1024 * 1024, ge=65_536, le=1 << 40, description="What the files of the audit log have together; the oldest goes."
    )
    rehearsal: bool = Field(
        default=False,
        description="Allow lengths of time down to a millisecond, to replay recorded days in seconds. Not for real work.",
    )
    sample: bool = Field(default=False, description="Create a few sample staff and break reasons where the journal is empty.")
    admin: str = Field(
        "",
        description="Address of the admin pages, HOST:PORT: `/metrics`, `/livez`, `/readyz`, `/info`. On loopback they are"
        " plain HTTP; elsewhere they need TLS, and are HTTPS with the server's certificate.",
    )
    traces: str = Field(
        "",
        description="Where traces of a sample of requests are sent, by OpenTelemetry's protocol over HTTP, as"
        " `http://127.0.0.1:4318`. It needs the extra `otel`.",
    )
    trace_ratio: float = Field(
        0.01, ge=0, le=1, description="Share of the requests that are traced. Those whose callers record a trace are as well."
    )
    streams_per_caller: int = Field(
        2_000, ge=1, le=1_000_000, description="Open watches that one caller may have. Attached workspaces are not among them."
    )
    streams_per_tenant: int = Field(
        15_000,
        ge=1,
        le=1_000_000,
        description="Open watches, and beside them attached workspaces, of one tenant.",
    )
    streams: int = Field(
        50_000,
        ge=1,
        le=1_000_000,
        description="Open watches, and beside them attached workspaces, of all tenants.",
    )
    workspaces_per_caller: int = Field(
        15_000, ge=1, le=1_000_000, description="Attached workspaces that one caller with a credential may have, as a gateway."
    )
    scans_per_caller: int = Field(
        50, ge=1, le=1_000_000, description="Questions about the past of one caller that wait or are being answered."
    )
    calls_per_caller: int | None = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Calls of one caller a second; 0: any number. Left out: 2,000 with credentials, else any number.",
    )
    calls_per_tenant: int | None = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Calls of one tenant a second; 0: any number. Left out: 10,000 with credentials, else any number.",
    )
    items_per_caller: int | None = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Items of one caller a second; 0: any number. Left out: 20,000 with credentials, else any number.",
    )
    items_per_tenant: int | None = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Items of one tenant a second; 0: any number. Left out: 100,000 with credentials, else any number.",
    )
    bytes_per_caller: int | None = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Bytes of one caller a second; 0: any number. Left out: 64 MiB with credentials, else any number.",
    )
    bytes_per_tenant: int | None = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Bytes of one tenant a second; 0: any number. Left out: 256 MiB with credentials, else any number.",
    )
    connections: int = Field(
        0, ge=0, le=1_000_000, description="Connections in all; more are closed at once. 0: as many as come."
    )
    connection_age: float = Field(
        0.0,
        ge=0,
        le=31_536_000,
        description="Seconds after which, give or take a tenth, a connection is closed to new calls. Streams that are a little"
        " older are told to come again. So clients spread over replicas. 0: never.",
    )
    handshake_timeout: float = Field(
        20.0, ge=0.1, le=600, description="Seconds that a new connection has for its TLS and HTTP/2 handshakes."
    )
    keepalive_time: float = Field(20.0, ge=1, le=7200, description="Seconds of silence after which a peer is pinged.")
    keepalive_timeout: float = Field(
        10.0, ge=0.1, le=600, description="Seconds to wait for the answer to a ping before the peer is given up."
    )
    least_ping_interval: float = Field(
        10.0, ge=0.1, le=600, description="Seconds that clients must leave between their own pings."
    )
    watch_stall_limit: float = Field(
        60.0, ge=0.1, le=3600, description="Seconds after which a stream whose peer does not read is ended."
    )
    drain: float = Field(5.0, ge=0, le=600, description="Seconds that streams and calls get to end at a shutdown.")
    scheduling: Literal["batch", "normal"] = Field(
        "batch", description="How Linux schedules the server's threads: batch (fewer switches between them) or normal."
    )
    event_loop: Literal["asyncio", "uvloop"] = Field(
        "asyncio", description="What runs the server's event loop: Python's own asyncio, or the package uvloop (less CPU)."
    )

    @field_validator("listen", "web", "admin", "advertise", "replica_listen")
    @classmethod
    def _listen_is_an_address(cls, value: str, context: ValidationInfo) -> str:
        if context.field_name != "listen" and not value:
            return value
        host, port = split_address(value)
        if not host:
            raise ValueError("needs a host before the port, as 127.0.0.1:50051")
        if not 0 <= port <= 65_535:
            raise ValueError("the port must be between 0 and 65535")
        return value

    @field_validator("journal")
    @classmethod
    def _journal_is_a_place(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("needs the path of a file")
        if is_postgres(value) and find_spec("psycopg") is None:
            raise ValueError("needs the package psycopg for PostgreSQL; in a checkout: pip install '.[postgres]'")
        if "://" in value and not value.startswith(("sqlite://", *POSTGRES_SCHEMES)):
            kind = value.partition("://")[0]
            raise ValueError(f"does not know {kind!r} journals: give the path of an SQLite file, or postgresql://...")
        return value

    @field_validator("postgres_schema")
    @classmethod
    def _schema_is_a_name(cls, value: str) -> str:
        if not _SCHEMA.fullmatch(value):
            raise ValueError("needs lower-case letters, digits and underscores, at most 63")
        return value

    @field_validator("tenants", mode="before")
    @classmethod
    def _tenants_are_names(cls, value: Any) -> Any:
        names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            raise ValueError("needs a list of names")
        for name in names:
            if not (0 < len(name) <= TENANT_LENGTH and name.isascii() and name.isprintable()):
                raise ValueError(f"needs names of 1-{TENANT_LENGTH} printable ASCII characters")
        return tuple(names)

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

    @field_validator("traces")
    @classmethod
    def _traces_can_be_sent(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("needs the address of a collector, as http://127.0.0.1:4318")
        if value and find_spec("opentelemetry") is None:
            raise ValueError("needs the packages of OpenTelemetry; in a checkout: pip install '.[otel]'")
        return value

    @field_validator("event_loop")
    @classmethod
    def _event_loop_is_installed(cls, value: str) -> str:
        if value != "asyncio" and find_spec(value) is None:
            raise ValueError(f"the package {value} is not installed: install it beside the server, or leave this at asyncio")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then environment, also files that it names, then the file."""
        del dotenv_settings, file_secret_settings
        assert isinstance(init_settings, InitSettingsSource), "flags are given as arguments"
        flags = dict(init_settings.init_kwargs)
        file = InitSettingsSource(settings_cls, init_kwargs=flags.pop("from_file", {}))
        secrets = InitSettingsSource(settings_cls, init_kwargs=flags.pop("from_secrets", {}))
        return InitSettingsSource(settings_cls, init_kwargs=flags), env_settings, secrets, file

    @property
    def has_default_journal(self) -> bool:
        """Whether nobody said where the journal is."""
        return "journal" not in self.model_fields_set

    @property
    def in_postgres(self) -> bool:
        """Whether the journal is in PostgreSQL."""
        return is_postgres(self.journal)

    @property
    def journal_path(self) -> Path:
        """The SQLite file, absolute. Not to be asked for where the journal is ``in_postgres``.

        Raises:
            ConfigError: It is in the home directory, and there is none.
        """
        if self.has_default_journal:
            return default_journal(os.environ, rehearsal=self.rehearsal)
        return named_journal(self.journal)

    @property
    def audit_path(self) -> Path | None:
        """The newest file of the audit log, absolute; None: there is none."""
        if self.audit:
            return named_journal(self.audit)
        if self.in_postgres or not self.asks_for_credentials:
            return None
        return self.journal_path.with_name(f"{self.journal_path.name}.audit")

    @property
    def asks_for_credentials(self) -> bool:
        """Whether callers must show who they are."""
        return bool(self.keys or self.jwt_issuer or self.client_certificates)

    @property
    def has_tls(self) -> bool:
        """Whether connections are encrypted."""
        return bool(self.tls_cert)

    @property
    def admin_has_tls(self) -> bool:
        """Whether the admin pages are encrypted."""
        return self.has_tls and not self.admin_on_loopback

    @property
    def admin_on_loopback(self) -> bool:
        """Whether only this machine can reach the admin pages; so too where there are none."""
        return not self.admin or is_loopback(split_address(self.admin)[0])

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the address."""
        return is_loopback(split_address(self.listen)[0])

    @property
    def web_on_loopback(self) -> bool:
        """Whether only this machine can reach the pages, if there are any."""
        return not self.web or is_loopback(split_address(self.web)[0])

    @property
    def replicas_on_loopback(self) -> bool:
        """Whether only this machine can reach the address for other replicas."""
        return is_loopback(split_address(self.replica_listen or self.advertise)[0])


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its very address or name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_postgres(journal: str) -> bool:
    """Whether a journal's name is the address of a PostgreSQL database."""
    return journal.startswith(POSTGRES_SCHEMES)


def named_journal(text: str) -> Path:
    """The absolute path that a setting or option names; ``~`` is the home directory.

    Raises:
        ConfigError: There is no home directory.
    """
    try:
        return Path(text.removeprefix("sqlite://")).expanduser().absolute()
    except RuntimeError:
        raise ConfigError(f"journal: {text} needs a home directory, and this user has none: name an absolute path") from None


def configured_journal(named: str | None, environment: Mapping[str, str]) -> Path:
    """The journal that a server with this environment would use: ``named``, else ONDUTY_CONFIG's, else the default.

    Raises:
        ConfigError: The configuration cannot be read, there is no home directory, or the journal is no file.
    """
    file = environment.get("ONDUTY_CONFIG")
    settings = read_file(Path(file)) if file else {}
    try:
        journal = named or values_of_files(environment).get("journal") or settings.get("journal")
    except SecretFileError as error:
        raise ConfigError(str(error)) from error
    if journal and is_postgres(str(journal)):
        raise ConfigError(
            f"journal: {shown_journal(str(journal))} is no file: back up, restore and delete what is in PostgreSQL with the "
            "database's own tools, as pg_dump; `onduty journal copy` makes a file of it"
        )
    if journal:
        return named_journal(str(journal))
    return default_journal(environment, rehearsal=settings.get("rehearsal") is True)


def default_journal(environment: Mapping[str, str], *, rehearsal: bool = False) -> Path:
    """Where the journal is if nobody says so: an absolute place of one's own, the same from wherever a server is started.

    A service manager's state directory, else the user's by the XDG base directory specification, which ignores relative ones.
    A rehearsal has a file of its own, so that it never plays on a journal of real work by default.

    Raises:
        ConfigError: There is no home directory.
    """
    name = "rehearsal.db" if rehearsal else "onduty.db"
    own = environment.get("STATE_DIRECTORY", "").partition(":")[0]
    if own.startswith("/"):
        return Path(own) / name
    state = environment.get("XDG_STATE_HOME", "")
    return (Path(state) if state.startswith("/") else named_journal("~/.local/state")) / "onduty" / name


def split_address(address: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT`` or ``[HOST]:PORT``.

    Raises:
        ValueError: It is not one.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit():
        raise ValueError("must be HOST:PORT, as 127.0.0.1:50051")
    return host.removeprefix("[").removesuffix("]"), int(port)


def load_settings(flags: Mapping[str, Any], file: Path | None = None) -> Settings:
    """The settings from flags (None: not given), environment and a TOML file.

    Raises:
        ConfigError: With every mistake, a line each.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    mistakes = [_unknown(name) for name in unknown_variables(os.environ)]
    try:
        settings = Settings(**{"from_file": read_file(file), "from_secrets": values_of_files(os.environ), **given})
    except SecretFileError as error:
        raise ConfigError("\n".join([str(error), *mistakes])) from error
    except ValidationError as error:
        mistakes = [_mistake(one) for one in error.errors()] + mistakes
        raise ConfigError("\n".join(mistakes)) from error
    mistakes += mistakes_of_access(settings)
    mistakes += mistakes_of_replicas(settings)
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    if not settings.in_postgres:
        _ = settings.journal_path  # there must be one.
    return settings


def read_file(file: Path | None) -> dict[str, Any]:
    """The settings that a TOML file has; none without a file.

    Raises:
        ConfigError: It cannot be read, or is not TOML.
    """
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"config: cannot read {file}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"config: {file} is not valid TOML: {error}") from error


def _unknown(variable: str) -> str:
    """A mistake in words: a misspelt setting must not mean the default in silence."""
    return f"{variable}: there is no such setting" + (f"; {meant(variable)}" if meant(variable) else "")


def _mistake(error: Mapping[str, Any]) -> str:
    name = ".".join(str(part) for part in error["loc"]) or "configuration"
    if error["type"] == "extra_forbidden":
        return f"{name}: there is no such setting"
    given = error["input"]
    shown = shown_journal(given) if isinstance(given, str) else given
    return f"{name}: {str(error['msg']).removeprefix('Value error, ')} (it is {shown!r})"
