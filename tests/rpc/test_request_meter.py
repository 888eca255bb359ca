"""What a request counts as is the same wherever it was decided."""

import pytest

from onduty_server.domain.model.errors import (
    DrainingError,
    JournalUnavailableError,
    OndutyError,
    OverloadedError,
    RequestIdReusedError,
    StaffUnknownError,
)
from onduty_server.metering import UNMETERED
from onduty_server.rpc.error_map import UnforeseenError
from onduty_server.rpc.forwarding.failures import failure_message, forwarded_error
from onduty_server.rpc.request_meter import RefusalMeter


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (StaffUnknownError("nobody"), "refused"),
        (RequestIdReusedError("r1"), "refused"),
        (OverloadedError(1), "later"),
        (DrainingError(), "later"),
        (JournalUnavailableError("the disk is gone"), "failed"),
        (UnforeseenError(), "failed"),
    ],
)
def test_a_refusal_of_the_leader_counts_as_an_own_one(error: OndutyError, outcome: str) -> None:
    """Refused by the rules is no failure of the service, also where another replica refused it."""
    meter = RefusalMeter(UNMETERED)
    assert meter.refused(error) == outcome
    assert meter.refused(forwarded_error(failure_message(error))) == outcome
