"""What a setting is called where it is a flag: its text in the help, beside the field that it belongs to."""

from typing import Any, ClassVar, Final, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

NO_SECTION: Final = ""


class Flag(NamedTuple):
    """A flag of `onduty serve`.

    ``help`` fits a terminal; the field's description, which may be longer, is for the reference. ``metavar`` is what stands for
    its value (None: its type does), ``default`` how the default is written (None: as it is).
    """

    help: str
    metavar: str | None = None
    default: str | None = None


class Section(BaseModel):
    """Settings that belong together. ``title`` is over them in the help; those without one come first."""

    title: ClassVar[str] = NO_SECTION


class Setting(NamedTuple):
    """One setting, as help, reference and `onduty config print` need it."""

    name: str
    field: FieldInfo
    flag: Flag
    section: str

    @property
    def default(self) -> str:
        """The default as people read it; empty for a switch, which is off."""
        if self.flag.default is not None:
            return self.flag.default
        return default_text(self.field.default)


def default_text(value: Any) -> str:
    """A default as people read it; empty for a switch, which is off."""
    if isinstance(value, bool):
        return ""
    if value == "":
        return "none"
    if value in ((), None):
        return "any"
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def settings_of(sections: tuple[type[Section], ...]) -> tuple[Setting, ...]:
    """The settings of sections in their order."""
    return tuple(
        Setting(name, field, next(part for part in field.metadata if isinstance(part, Flag)), section.title)
        for section in sections
        for name, field in section.model_fields.items()
    )
