"""The page of the configuration: every setting with its three names, its default and its bounds."""

from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from generator.markdown import code, table
from onduty_server.config import Settings

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
    """The page."""
    rows = [
        [code(_flag(name)), code(_variable(name)), code(name), _default(field), _allowed(field), field.description or ""]
        for name, field in Settings.model_fields.items()
    ]
    return _HEAD + table(["flag", "environment", "key", "default", "allowed", "what it sets"], rows)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _variable(name: str) -> str:
    return f"{Settings.model_config['env_prefix']}{name.upper()}"


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
