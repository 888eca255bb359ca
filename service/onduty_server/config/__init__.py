"""The configuration: flags over environment over file over defaults, with every mistake told at once. It starts nothing."""

from onduty_server.config.addresses import is_loopback, split_address
from onduty_server.config.flags import Setting
from onduty_server.config.loading import configured_journal, load_settings, read_file
from onduty_server.config.mistakes import ConfigError
from onduty_server.config.places import DEFAULT_JOURNAL, default_journal, is_postgres, named_journal
from onduty_server.config.serving import DEFAULT_LISTEN
from onduty_server.config.settings import ALL_SETTINGS, Settings
from onduty_server.config.storage import DEFAULT_SCHEMA

__all__ = [
    "ALL_SETTINGS",
    "DEFAULT_JOURNAL",
    "DEFAULT_LISTEN",
    "DEFAULT_SCHEMA",
    "ConfigError",
    "Setting",
    "Settings",
    "configured_journal",
    "default_journal",
    "is_loopback",
    "is_postgres",
    "load_settings",
    "named_journal",
    "read_file",
    "split_address",
]
