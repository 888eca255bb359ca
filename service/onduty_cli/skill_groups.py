"""Skill groups as people type and read them: ``cards``, or ``cards:3`` with a level; it asks the server nothing."""

from collections.abc import Iterable

import typer

from onduty.v1 import staff_pb2

LEVEL_MOST = 100

Membership = tuple[str, int]
"""A group's name and the level in it."""


def parse_membership(text: str) -> Membership:
    """Reads a group with or without its level.

    Raises:
        ValueError: The level is not a whole number from 0 to 100.
    """
    name, colon, level = text.strip().partition(":")
    if not colon:
        return name, 0
    if not (level.isascii() and level.isdecimal() and int(level) <= LEVEL_MOST):
        raise ValueError(f"{text!r} is not GROUP:LEVEL with a level of 0-{LEVEL_MOST}, as in {name or 'cards'}:3")
    return name, int(level)


def typed_memberships(groups: Iterable[str] | None, option: str) -> list[Membership]:
    """Reads the groups that were given with an option.

    Raises:
        typer.BadParameter: A level is none; the message names the option.
    """
    try:
        return [parse_membership(group) for group in groups or ()]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=f"'{option}'") from None


def membership_messages(groups: Iterable[Membership]) -> list[staff_pb2.SkillGroup]:
    """Returns the groups as the contract has them."""
    return [staff_pb2.SkillGroup(name=name, level=level) for name, level in groups]


def membership_texts(groups: Iterable[staff_pb2.SkillGroup]) -> list[str]:
    """Returns each group as ``parse_membership`` reads it; a level of 0 is left out."""
    return [f"{group.name}:{group.level}" if group.level else group.name for group in groups]


def group_names(groups: Iterable[staff_pb2.SkillGroup]) -> set[str]:
    """Returns the names alone."""
    return {group.name for group in groups}
