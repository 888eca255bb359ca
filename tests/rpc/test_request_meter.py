"""What a request counts as is the same wherever it was decided."""

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2

from onduty_server.domain.model.errors import (
    DrainingError,
    IssuerUnavailableError,
    JournalUnavailableError,
    OndutyError,
    OverloadedError,
    QueryTooLongError,
    RequestIdReusedError,
    StaffUnknownError,
)
from onduty_server.metering import UNMETERED
from onduty_server.rpc.error_map import DOMAIN, ForwardedError, UnforeseenError
from onduty_server.rpc.forwarding.failures import failure_message, forwarded_error
from onduty_server.rpc.request_meter import RefusalMeter


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (StaffUnknownError("nobody"), "refused"),
        (RequestIdReusedError("r1"), "refused"),
        (QueryTooLongError(30), "refused"),
        (OverloadedError(1), "later"),
        (DrainingError(), "later"),
        (JournalUnavailableError("the disk is gone"), "failed"),
        (IssuerUnavailableError("the issuer does not answer"), "failed"),
        (UnforeseenError(), "failed"),
    ],
)
def test_a_refusal_of_the_leader_counts_as_an_own_one(error: OndutyError, outcome: str) -> None:
    """Refused by the rules is no failure of the service, also where another replica refused it."""
    meter = RefusalMeter(UNMETERED)
    assert meter.refused(error) == outcome
    assert meter.refused(forwarded_error(failure_message(error))) == outcome


def test_a_reason_that_is_not_known_here_counts_as_a_fault() -> None:
    """Of a leader of a newer release: nobody can say that the caller was to blame."""
    info = error_details_pb2.ErrorInfo(reason="OF_A_LATER_RELEASE", domain=DOMAIN)
    status = status_pb2.Status(code=grpc.StatusCode.FAILED_PRECONDITION.value[0], message="no")
    status.details.add().Pack(info)
    assert RefusalMeter(UNMETERED).refused(ForwardedError(grpc.StatusCode.FAILED_PRECONDITION, status)) == "failed"
