"""The page of the configuration: every option with its three names, its default and its bounds."""

from generator.markdown import code, table
from onduty_server.config import OPTIONS, Group, Row

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
    return _HEAD + "\n".join(_section(group) for group in Group)


def _section(group: Group) -> str:
    head = ["flag", "environment", "key", "default", "allowed", "what it sets", "a change takes effect"]
    rows = [
        [
            code(row.flag),
            code(row.variable),
            code(row.name),
            _default(row),
            _allowed(row),
            _meaning(row),
            row.option.takes_effect.value,
        ]
        for row in OPTIONS
        if row.option.group is group
    ]
    return f"## {group.value}\n\n{table(head, rows)}"


def _meaning(row: Row) -> str:
    return f"{row.option.help} {row.option.more}".rstrip()


def _default(row: Row) -> str:
    if isinstance(row.default, bool):
        return code(str(row.default).lower())
    return row.default_text if row.option.default or row.default == "" else code(row.default_text)


def _allowed(row: Row) -> str:
    if row.choices:
        return ", ".join(code(value) for value in row.choices)
    if row.value_type is bool:
        return "`true`, `false`"
    option = row.option
    if option.least is None or option.most is None:
        return code(option.form)
    unit = option.form.lower()
    return f"{option.least:,} to {option.most:,} {'' if unit == 'share' else unit}".rstrip()
