"""Skill groups as a staff member is in them: a name and a level."""

from functools import lru_cache
from typing import Final, NamedTuple

LEVEL_MOST: Final = 100
"""The highest level in a skill group; the least is 0."""


class SkillGroup(NamedTuple):
    """Membership in a skill group. ``level`` is 0-100, the higher the better; 0 where nobody said."""

    name: str
    level: int = 0


@lru_cache(maxsize=4096)
def names(groups: tuple[SkillGroup, ...]) -> tuple[str, ...]:
    """The groups' names, in their order."""
    return tuple([group.name for group in groups])


def level_in(groups: tuple[SkillGroup, ...], name: str) -> int | None:
    """The level in a group, or None outside it."""
    for group in groups:  # a generator would take nine times as long, and every change asks this several times.
        if group.name == name:
            return group.level
    return None
