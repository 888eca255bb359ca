"""Signs somebody in, sees it on the floor, and claims the person for a call: a first program, with the client alone."""

import sys
import time

from onduty.v1.staff_pb2 import STATUS_AVAILABLE, STATUS_OFFLINE
from onduty_client import Connection, ConnectionOptions, RouterClient, WorkspaceClient

SECONDS_MOST = 30


def main(server: str, staff_id: str) -> None:
    """Plays a workspace and a router; what goes wrong is raised."""
    with Connection(ConnectionOptions(server)) as connection, WorkspaceClient(connection, staff_id) as desk:
        desk.attach()
        desk.wait_attached(SECONDS_MOST)
        desk.change_status(STATUS_AVAILABLE)
        print(staff_id, "signed in")
        router = RouterClient(connection)
        with router.floor() as floor:
            floor.wait_current(SECONDS_MOST)
            end = time.monotonic() + SECONDS_MOST
            while staff_id not in [staff.staff_id for staff in floor.available()]:
                if time.monotonic() > end:
                    raise TimeoutError(f"the floor does not show {staff_id}")
                time.sleep(0.01)
            print("the floor shows", staff_id)
            claim = router.claim(f"call-{staff_id}", staff_id=staff_id)
            print(claim.staff.staff_id, "is offered", claim.staff.offer.call_id)
            router.withdraw(claim.claim_id)
        desk.change_status(STATUS_OFFLINE)


main(*sys.argv[1:])
