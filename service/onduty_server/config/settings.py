"""The settings of a server: the table of options with the checks of single values, and what follows from them."""

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import ValidationInfo, field_validator
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource

from onduty_server.config.option import Row, rows_of
from onduty_server.config.places import (
    POSTGRES_SCHEMES,
    default_journal,
    is_loopback,
    is_postgres,
    named_journal,
    split_address,
)
from onduty_server.config.table import Table

TENANT_LENGTH: Final = 128

_SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class Settings(Table):
    """How to run a server."""

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


OPTIONS: Final[tuple[Row, ...]] = rows_of(Settings)
"""The table, in the order in which it is shown."""
