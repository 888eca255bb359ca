"""All settings: flags over environment over file over defaults."""

import os
from pathlib import Path
from typing import Final

from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from onduty_server.config.access import AccessSettings
from onduty_server.config.addresses import is_local
from onduty_server.config.flags import Section, Setting, settings_of
from onduty_server.config.limits import LimitSettings
from onduty_server.config.places import default_journal, is_postgres, named_journal
from onduty_server.config.serving import ProcessSettings, ServingSettings, WebSettings
from onduty_server.config.sight import SightSettings
from onduty_server.config.storage import PostgresSettings, ReplicaSettings

SECTIONS: Final[tuple[type[Section], ...]] = (
    ServingSettings,
    WebSettings,
    AccessSettings,
    SightSettings,
    PostgresSettings,
    ReplicaSettings,
    LimitSettings,
    ProcessSettings,
)


class Settings(
    ServingSettings,
    WebSettings,
    AccessSettings,
    SightSettings,
    PostgresSettings,
    ReplicaSettings,
    LimitSettings,
    ProcessSettings,
    BaseSettings,
):
    """How to run a server. Every field is also ``ONDUTY_<FIELD>`` in the environment, a flag, and a key of the file."""

    model_config = SettingsConfigDict(env_prefix="ONDUTY_", extra="forbid", frozen=True)

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
        return is_local(self.admin)

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the address."""
        return is_local(self.listen)

    @property
    def web_on_loopback(self) -> bool:
        """Whether only this machine can reach the pages, if there are any."""
        return is_local(self.web)

    @property
    def replicas_on_loopback(self) -> bool:
        """Whether only this machine can reach the address for other replicas."""
        return is_local(self.replica_listen or self.advertise)


ALL_SETTINGS: Final[tuple[Setting, ...]] = settings_of(SECTIONS)
"""Every setting by sections, as help and reference show them."""
