"""What an option of the server is: all that its flag, its variable, its line in `config print` and its page say of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal, get_args, get_origin

from annotated_types import Ge, GroupedMetadata, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from onduty_server.variables import PREFIX

ADDRESS: Final = "HOST:PORT"
FILE: Final = "FILE"
NAMES: Final = "NAME,..."
SECONDS: Final = "SECONDS"
BYTES: Final = "BYTES"


class Group(Enum):
    """Which options stand together in the help and on the page. The value is the heading; they are shown in this order."""

    GENERAL = "General"
    WEB = "Web"
    ACCESS = "Access"
    LOG = "Log, metrics, traces and health"
    POSTGRES = "PostgreSQL"
    REPLICAS = "Replicas"
    LIMITS = "Limits"
    PROCESS = "Process"

    @property
    def is_first(self) -> bool:
        """Whether it needs no heading where it is shown first."""
        return self is Group.GENERAL


class TakesEffect(Enum):
    """When a running server takes over a change."""

    AT_START = "at the next start"
    ON_SIGHUP = "on SIGHUP"
    CONTENT_WATCHED = "the file's content within a second"
    """The value is the path of a file that is read again every second, and on SIGHUP; another path needs a start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(GroupedMetadata):
    """Stands in the annotation of a field of ``Settings``, which gives the name, the type and the default."""

    help: str
    """A short sentence or two, for the help and the pages alike."""
    more: str = ""
    """What the page says in addition."""
    form: str = ""
    """How a value is written, as ``HOST:PORT``; for a number its unit."""
    group: Group = Group.GENERAL
    least: float | None = None
    most: float | None = None
    default: str = ""
    """The default in words, where the field's own would say nothing."""
    takes_effect: TakesEffect = TakesEffect.AT_START
    may_be_secret: bool = False
    """The value may hold a secret: a variable with ``_FILE`` behind its name can name a file that holds it instead."""

    def __iter__(self) -> Iterator[Any]:
        """The bounds, for pydantic."""
        if self.least is not None:
            yield Ge(self.least)
        if self.most is not None:
            yield Le(self.most)


@dataclass(frozen=True, slots=True)
class Row:
    """An option with what its field says."""

    name: str
    value_type: Any
    """As annotated. Any: Python has no type for what an annotation may be."""
    default: object
    option: Option

    @property
    def flag(self) -> str:
        """The flag of `onduty serve`."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def variable(self) -> str:
        """The variable of the environment."""
        return f"{PREFIX}{self.name.upper()}"

    @property
    def file_variable(self) -> str:
        """The variable that names a file with the value; only where the value may be secret."""
        return f"{self.variable}_FILE"

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that are allowed, if they are few."""
        return get_args(self.value_type) if get_origin(self.value_type) is Literal else ()

    @property
    def default_text(self) -> str:
        """The default as people read it; empty for what is just off."""
        if self.option.default:
            return self.option.default
        if isinstance(self.default, bool):
            return ""
        if isinstance(self.default, tuple):
            return ",".join(self.default)
        return f"{self.default:g}" if isinstance(self.default, float) else str(self.default) or "none"


def rows_of(settings: type[BaseModel]) -> tuple[Row, ...]:
    """The table of options, in the order of the groups and of the fields in each.

    Raises:
        TypeError: A field has no option.
    """
    rows = [_row(name, field) for name, field in settings.model_fields.items()]
    order = list(Group)
    return tuple(sorted(rows, key=lambda row: order.index(row.option.group)))


def _row(name: str, field: FieldInfo) -> Row:
    options = [entry for entry in field.metadata if isinstance(entry, Option)]
    if len(options) != 1:
        raise TypeError(f"the field {name} needs one Option in its annotation")
    return Row(name, field.annotation, field.default, options[0])
