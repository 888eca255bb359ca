"""Who can be assigned a call stands in order after any changes, as if everybody were looked at."""

import random

from onduty.v1.staff_pb2 import STATUS_AVAILABLE, STATUS_BUSY, Staff
from onduty_client.free_staff import FreeStaff, is_free


def made(chance: random.Random, number: int) -> Staff:
    staff = Staff(staff_id=f"s{number}", status=chance.choice([STATUS_AVAILABLE, STATUS_BUSY]))
    staff.capabilities.assign_inbound = chance.random() < 0.7
    staff.idle_started_at.seconds = chance.randrange(5)
    for name in chance.sample(["cards", "loans", "cards"], 2):
        staff.skill_groups.add(name=name)
    return staff


def test_the_lists_are_as_if_everybody_were_looked_at():
    """After a snapshot, changes and leavings in any order, for each group and for all."""
    chance = random.Random(5)
    everybody = {f"s{number}": made(chance, number) for number in range(50)}
    free = FreeStaff()
    free.fill(everybody.values())
    for _ in range(2_000):
        staff = made(chance, chance.randrange(60))
        if chance.random() < 0.2:
            everybody.pop(staff.staff_id, None)
            free.remove(staff.staff_id)
        else:
            everybody[staff.staff_id] = staff
            free.put(staff)
    for group in ("", "cards", "loans", "nobody"):
        here = [one for one in everybody.values() if is_free(one)]
        members = [one for one in here if not group or any(each.name == group for each in one.skill_groups)]
        in_order = sorted(members, key=lambda one: (one.idle_started_at.seconds, one.idle_started_at.nanos, one.staff_id))
        assert free.ids(group) == [one.staff_id for one in in_order]
