"""Changes of the configuration as lines of a terminal."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from onduty.v1 import history_service_pb2, staff_pb2
from onduty_cli.change_lines import ChangeLines, fields_words
from onduty_cli.moments import choose_zone, timestamp_of

NOON = round(datetime(2026, 3, 10, 12, 0, 0, 250_000, tzinfo=UTC).timestamp() * 1_000_000)
DAY = 86_400_000_000


@pytest.fixture(autouse=True)
def _in_utc():
    choose_zone(UTC)
    yield
    choose_zone(None)


def change(at: int = NOON, *, steps: dict[str, tuple[Any, Any]], **fields: object) -> history_service_pb2.ConfigurationChange:
    given = {
        "kind": history_service_pb2.CONFIGURATION_KIND_POLICY,
        "action": history_service_pb2.CONFIGURATION_ACTION_UPDATED,
        "actor": staff_pb2.Actor(role=staff_pb2.ACTOR_ROLE_ADMIN, id="ana"),
        "changed_at": timestamp_of(at),
        "fields": [
            history_service_pb2.FieldChange(
                path=path, before="" if before is None else json.dumps(before), after="" if after is None else json.dumps(after)
            )
            for path, (before, after) in steps.items()
        ],
        **fields,
    }
    return history_service_pb2.ConfigurationChange(**given)


def lines(*changes: history_service_pb2.ConfigurationChange, width: int = 80) -> list[str]:
    return [line.plain for line in ChangeLines(width).of(changes)]


def test_a_change_says_who_did_what_and_what_it_changed():
    """Under its day; the zone is named there."""
    assert lines(change(steps={"no_answer.misses": (2, 3)}, note="too strict")) == [
        "Tuesday 2026-03-10  times in UTC",
        "12:00:00  updated policy, by admin ana “too strict”",
        "          no_answer.misses: 2 → 3",
    ]


def test_days_have_a_heading_each_over_pages():
    """A blank line is between them."""
    written = ChangeLines(80)
    first, second = change(steps={}), change(NOON + DAY, steps={})
    assert [line.plain for page in ([first], [first, second]) for line in written.of(page)] == [
        "Tuesday 2026-03-10  times in UTC",
        "12:00:00  updated policy, by admin ana",
        "12:00:00  updated policy, by admin ana",
        "",
        "Wednesday 2026-03-11  times in UTC",
        "12:00:00  updated policy, by admin ana",
    ]


def test_no_line_is_wider_than_the_terminal_and_words_stay_whole():
    """A pseudonym can be copied."""
    pseudonym = "49447eb1a1f524e9"
    steps = {f"after_call_work.field_{number}": (number, number + 1) for number in range(9)}
    shown = lines(change(steps=steps, subject=pseudonym, note="asked for by the works council " * 4))
    assert all(len(line) <= 80 for line in shown)
    assert pseudonym in " ".join(shown)
    assert all(path in " ".join(shown) for path in steps)


def test_lengths_of_time_are_written_as_the_policy_shows_them():
    """A limit of two hours is not 7200s."""
    assert fields_words(change(steps={"claim_ttl": ("20s", "90s"), "max_call_age": ("14400s", "0s")})) == (
        "claim_ttl: 20s → 1m30s, max_call_age: 4h → none"
    )
    assert fields_words(change(steps={"limit": (None, "7200s"), "display_name": ("60s", "7200s")})) == (
        "limit: none → 2h, display_name: 60s → 7200s"
    )


def test_what_is_new_has_no_before():
    """Groups are written as they are typed."""
    created = change(
        action=history_service_pb2.CONFIGURATION_ACTION_CREATED,
        kind=history_service_pb2.CONFIGURATION_KIND_STAFF,
        subject="kim",
        steps={
            "display_name": (None, "Kim Novak"),
            "skill_groups": (None, [{"name": "cards"}, {"name": "english", "level": 3}]),
        },
    )
    assert lines(created)[1:] == [
        "12:00:00  created staff kim, by admin ana",
        "          display_name: Kim Novak, skill_groups: cards, english:3",
    ]
