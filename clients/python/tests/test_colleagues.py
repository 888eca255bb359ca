"""The live view of colleagues against a real server: it follows, and shows nobody who may no longer be seen."""

import pytest
from breakable_link import breakable_link
from kinds import QUICK, World
from onduty_process import LONG

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import policy_pb2
from onduty.v1.staff_pb2 import STATUS_AVAILABLE, STATUS_BUSY, STATUS_OFFLINE, SkillGroup
from onduty_client import ChangeKind, FloorState, NotFoundError, RefusedError


async def opened(world: World, connection, staff_id: str = "ana"):
    """A current view, with what it told."""
    told: list = []
    states: list = []
    view = await world.kind.do(world.kind.colleagues, connection, staff_id, on_change=told.append, on_state=states.append)
    await world.do(view.wait_current, LONG)
    return view, told, states


async def set_policy(world: World, connection, colleagues: int) -> None:
    """Which colleagues staff may see from now on."""
    request = admin.UpdatePolicyRequest(policy=policy_pb2.Policy(colleagues=colleagues))
    await world.do(connection.call, connection.services.admin.UpdatePolicy, request)


async def test_view_follows_colleagues(world: World):
    """Those of the own groups, in the snapshot and as they change, come and go; oneself is not among them."""
    connection = world.connect()
    await world.create(connection, "ana", "ben")
    await world.create(connection, "lea", groups=("loans",))
    view, told, states = await opened(world, connection)
    assert ([one.staff_id for one in view.all()], view.size, states) == (["ben"], 1, [FloorState.CURRENT])
    await world.sign_in(connection, "ana", "ben")
    await world.until(lambda: view.get("ben").status == STATUS_AVAILABLE)
    assert view.get("ben").open_to_transfers
    joining = admin.UpdateStaffRequest(staff_id="lea", skill_groups=[SkillGroup(name="cards")])
    await world.do(connection.call, connection.services.admin.UpdateStaff, joining)
    await world.until(lambda: view.size == 2)
    assert [(one.kind, one.staff_id) for one in told] == [
        (ChangeKind.ADDED, "ben"),
        (ChangeKind.CHANGED, "ben"),
        (ChangeKind.ADDED, "lea"),
    ]
    assert (told[1].before.status, told[1].after.status) == (STATUS_OFFLINE, STATUS_AVAILABLE)
    await world.do(view.close)
    assert (view.is_closed, states[-1]) == (True, FloorState.CLOSED)


async def test_view_begins_anew_when_the_policy_changes(world: World):
    """All are seen where the policy says so; nobody once it hides them, with the error that says it."""
    connection = world.connect(**QUICK)
    await world.create(connection, "ana", "ben")
    await world.create(connection, "lea", groups=("loans",))
    view, _, _ = await opened(world, connection)
    await set_policy(world, connection, policy_pb2.COLLEAGUES_ALL)
    await world.until(lambda: view.size == 2)
    await set_policy(world, connection, policy_pb2.COLLEAGUES_NOBODY)
    await world.until(lambda: view.state is FloorState.FAILED)
    assert view.size == 0
    assert (type(view.last_error), view.last_error.reason) == (RefusedError, "COLLEAGUES_HIDDEN")


async def test_view_of_nobody_who_exists_fails(world: World):
    """NotFoundError for an unknown person, from ``wait_current``."""
    connection = world.connect()
    view = await world.kind.do(world.kind.colleagues, connection, "eve")
    with pytest.raises(NotFoundError):
        await world.do(view.wait_current, LONG)


async def test_view_goes_on_after_a_break(world: World):
    """A broken connection leaves it STALE with what it had, and it goes on from its position."""
    with breakable_link(world.address) as link:
        direct, connection = world.connect(), world.connect(target=link.address, **QUICK)
        await world.create(direct, "ana", "ben")
        view, told, states = await opened(world, connection)
        link.refuse()
        link.cut()
        await world.until(lambda: view.state is FloorState.STALE)
        assert view.size == 1
        await world.do(world.kind.workspace(direct, "ben").change_status, STATUS_BUSY)
        link.lead_to(world.address)
        await world.until(lambda: view.state is FloorState.CURRENT and view.get("ben").status == STATUS_BUSY)
        assert [one.kind for one in told] == [ChangeKind.ADDED, ChangeKind.CHANGED]
        assert states == [FloorState.CURRENT, FloorState.STALE, FloorState.CURRENT]
