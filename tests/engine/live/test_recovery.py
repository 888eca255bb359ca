"""Recovery: a start shows what the changes had shown."""

from pathlib import Path

from engine_floor import ORIGIN, TENANT, Floor, opened
from fake_clock import FakeClock

from onduty_server.domain.model import commands
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.status import ClaimOrder, Direction
from onduty_server.engine.live.skill_group_index import SkillGroupIndex, Slot
from onduty_server.engine.live.staff_record import StaffRecord


def _orders(group: SkillGroupIndex, staff: dict[str, StaffRecord]) -> dict[object, list[list[Slot]]]:
    """Who can be claimed, in every order."""
    return {key: [list(group.queue(key, order, staff)) for order in ClaimOrder] for key in group.buckets}


async def test_a_start_makes_the_same_indexes_as_the_changes_did(journal_path: Path, clock: FakeClock) -> None:
    """Counts, the order of the longest idle, claims, calls and tombstones are the same after a restart."""

    def indexes(floor: Floor) -> dict[str, object]:
        roster = floor.engine.rosters(TENANT)
        return {
            "everybody": roster.everybody.counts(),
            "groups": {name: (group.counts(), _orders(group, roster.staff)) for name, group in roster.groups.items()},
            "staff": {name: (one.state, one.body, one.revision) for name, one in roster.staff.items()},
            "rest": (roster.gone, roster.offered_to, roster.in_line),
        }

    async with opened(journal_path, clock) as floor:
        names = [f"p{number}" for number in range(40)]
        await floor.create(*names)
        for number, name in enumerate(names):
            groups = tuple(SkillGroup(group, number % 4) for group in sorted({f"g{number % 3}", f"g{number % 5}"}))
            await floor.submit(name, commands.UpdateStaff(None, groups, ORIGIN))
        for number, name in enumerate(reversed(names)):
            clock.move(0.25 if number % 4 else -0.25)
            if number % 5:
                await floor.choose(name)
            if number % 5 == 2:
                await floor.claim(name, f"call-{number}")
            if number % 5 == 3:
                await floor.submit(
                    name, commands.CallStarted(commands.SourceCall(f"call-{number}", Direction.INBOUND), "pbx", ORIGIN)
                )
            if number % 10 == 0:
                await floor.submit(name, commands.DeleteStaff(ORIGIN))
        before = indexes(floor)
    async with opened(journal_path, clock) as floor:
        assert indexes(floor) == before
        assert len(before["rest"][0]) == 4
        assert before["rest"][1]
