"""The configuration: flags over environment over file over defaults, with every mistake told at once."""

from onduty_server.config.loading import configured_journal, load_settings, read_file
from onduty_server.config.mistakes import ConfigError
from onduty_server.config.option import Group, Row, TakesEffect
from onduty_server.config.places import default_journal, is_loopback, is_postgres, named_journal, split_address
from onduty_server.config.settings import OPTIONS, Settings
from onduty_server.config.table import DEFAULT_JOURNAL, DEFAULT_LISTEN, DEFAULT_SCHEMA

__all__ = [
    "DEFAULT_JOURNAL",
    "DEFAULT_LISTEN",
    "DEFAULT_SCHEMA",
    "OPTIONS",
    "ConfigError",
    "Group",
    "Row",
    "Settings",
    "TakesEffect",
    "configured_journal",
    "default_journal",
    "is_loopback",
    "is_postgres",
    "load_settings",
    "named_journal",
    "read_file",
    "split_address",
]
