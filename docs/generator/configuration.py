"""The page of the configuration: every setting with its three names, its default and its bounds."""

from itertools import groupby
from operator import attrgetter
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from generator.markdown import code, table
from onduty_server.config import ALL_SETTINGS, Setting, Settings

_HEAD = """# Configuration

A setting can be given as a flag of `onduty serve`, in the environment, or in a TOML file named by `--config` or
`ONDUTY_CONFIG`. Flags win over the environment, the environment wins over the file, the file wins over the defaults. Every
mistake is told at once, before anything starts; a variable that begins with `ONDUTY_` and is none is one. `make run` is
`onduty serve --sample` with the journal `var/onduty.db` of the checkout: it obeys the environment.

```toml
# onduty.toml
listen = "127.0.0.1:50051"
journal = "/var/lib/onduty/onduty.db"
log_format = "json"
```

The address of a database may hold a password: `ONDUTY_JOURNAL_FILE` names a file that holds it instead, as a mounted secret
does. Keys and certificates are files by themselves. `onduty config print --origin` shows every setting, and where it comes
from.

"""


def page() -> str:
    """The page: a table for each section."""
    columns = ["flag", "environment", "key", "default", "allowed", "what it sets"]
    parts = [_HEAD]
    for section, settings in groupby(ALL_SETTINGS, key=attrgetter("section")):
        rows = [_row(setting) for setting in settings]
        parts.append(f"## {section or 'Serving'}\n\n{table(columns, rows)}\n")
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _row(setting: Setting) -> list[str]:
    name, field = setting.name, setting.field
    names = (f"--{name.replace('_', '-')}", f"{Settings.model_config['env_prefix']}{name.upper()}", name)
    return [*map(code, names), _default(field), _allowed(field), field.description or ""]


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if value is None:
        return "as said"
    if value == ():
        return "any"
    if value == "":
        return "none"
    if isinstance(value, tuple):
        return code(",".join(value))
    if isinstance(value, bool):
        return code(str(value).lower())
    return code(f"{value:g}" if isinstance(value, float) else value)


def _allowed(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return ", ".join(code(value) for value in get_args(field.annotation))
    if field.annotation is bool:
        return "`true`, `false`"
    least = [bound.ge for bound in field.metadata if hasattr(bound, "ge")]
    most = [bound.le for bound in field.metadata if hasattr(bound, "le")]
    return f"{least[0]:,} to {most[0]:,}" if least and most else ""
