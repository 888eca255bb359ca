"""A staff member's desktop for one call: signs in, takes the first offer, wraps up for two seconds and signs out."""

import argparse
import contextlib
import time

from onduty.v1.staff_pb2 import STATUS_AFTER_CALL_WORK, STATUS_AVAILABLE, STATUS_IN_LINE, STATUS_OFFLINE, Status
from onduty_client import Connection, ConnectionOptions, RefusedError, WorkspaceClient

CALL_SECONDS = 60  # there is nothing better to do than to wait for a slow service


def run(desk: WorkspaceClient) -> None:
    desk.attach()
    desk.wait_attached()
    desk.change_status(STATUS_AVAILABLE)
    has_talked = False
    for state in desk.states():
        print(Status.Name(state.status).removeprefix("STATUS_"), flush=True)
        if state.status == STATUS_IN_LINE:
            has_talked = True
        elif state.HasField("offer") and not has_talked:
            with contextlib.suppress(RefusedError):  # it was withdrawn, or expired
                desk.accept(state.offer.claim_id)
        elif state.status == STATUS_AFTER_CALL_WORK and has_talked:
            wrap_up(desk)
        elif state.status == STATUS_AVAILABLE and has_talked:
            desk.change_status(STATUS_OFFLINE)
        elif state.status == STATUS_OFFLINE and has_talked:
            return


def wrap_up(desk: WorkspaceClient) -> None:
    for _ in range(2):
        left = desk.remaining_wrap_up()
        print("wrap-up has no end" if left is None else f"wrap-up ends in {left:.0f} s", flush=True)
        time.sleep(1)
    with contextlib.suppress(RefusedError):  # it has ended already
        desk.back_to_reception()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True, help="host:port")
    parser.add_argument("--tenant", default="")
    parser.add_argument("--staff-id", required=True)
    given = parser.parse_args()
    options = ConnectionOptions(given.server, tenant=given.tenant, call_timeout=CALL_SECONDS)
    with Connection(options) as connection, WorkspaceClient(connection, given.staff_id) as desk:
        run(desk)


main()
