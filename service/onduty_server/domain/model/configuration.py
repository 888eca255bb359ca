"""A change of configuration, as a value: who changed what, why and when."""

from enum import IntEnum

from onduty_server.domain.model.change import Actor
from onduty_server.domain.model.policy import BreakReason, Policy
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.status import Instant
from onduty_server.domain.model.values import value


class ConfigurationKind(IntEnum):
    """What a change of configuration is about."""

    POLICY = 1
    BREAK_REASON = 2
    STAFF = 3


class ConfigurationAction(IntEnum):
    """What it did."""

    CREATED = 1
    UPDATED = 2
    DELETED = 3
    ERASED = 4


@value
class DirectoryEntry:
    """What the directory says of a staff member."""

    display_name: str
    skill_groups: tuple[SkillGroup, ...]


Configured = Policy | BreakReason | DirectoryEntry | None
"""What was or is configured; None: nothing."""


@value
class ConfigurationChange:
    """Who did what to ``subject``, a break reason's code or a staff id (empty: the policy), why, and when.

    What changed is the difference between ``before`` and ``after``.
    """

    kind: ConfigurationKind
    action: ConfigurationAction
    subject: str
    actor: Actor
    note: str
    request_id: str
    changed_at: Instant
    before: Configured = None
    after: Configured = None
