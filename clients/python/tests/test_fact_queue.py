"""What an outbox sends next and what it gives up: the pure rules."""

import pytest

from onduty.v1.batch_pb2 import ItemTaken
from onduty.v1.router_service_pb2 import CallEvent, ReportCallEndedRequest, ReportCallStartedRequest
from onduty_client import OndutyError, OutboxOptions, OverloadedError, UnavailableError
from onduty_client.error_map import error_class
from onduty_client.fact_queue import FactQueue, fact_of
from onduty_client.options import StreamOptions

TIMES = StreamOptions(bookmark_interval=5, trust_limit=30, backoff_initial=0.2, backoff_max=10)
TAKEN = ItemTaken()
LOST = UnavailableError("gone", code="UNAVAILABLE")
REFUSED = error_class("INVALID_FIELD", "INVALID_ARGUMENT")("bad", code="INVALID_ARGUMENT", reason="INVALID_FIELD")
TOO_LARGE = error_class("REQUEST_TOO_LARGE", "")("large", code="RESOURCE_EXHAUSTED", reason="REQUEST_TOO_LARGE")


def queue(**options) -> FactQueue:
    return FactQueue(OutboxOptions(**options), TIMES)


def started(call_id: str, **fields) -> CallEvent:
    return CallEvent(started=ReportCallStartedRequest(staff_id="ana", call_id=call_id, **fields))


def ended(call_id: str) -> CallEvent:
    return CallEvent(ended=ReportCallEndedRequest(staff_id="ana", call_id=call_id))


def going_out(held: FactQueue) -> list[tuple[str, str]]:
    return [(one.event.WhichOneof("event") or "", fact_of(one.event).call_id) for one in held.batch()]


def test_of_a_call_only_the_oldest_fact_is_on_the_way():
    """The end goes out when the start is settled, and other calls do not wait for it."""
    held = queue()
    for event in (started("a"), ended("a"), started("b")):
        held.add(event, 0)
    assert going_out(held) == [("started", "a"), ("started", "b")]
    held.answered(held.batch(), [LOST, TAKEN])
    assert going_out(held) == [("started", "a")]
    held.answered(held.batch(), [TAKEN])
    assert going_out(held) == [("ended", "a")]


def test_repeats_have_the_same_request_id():
    """The one given, or one that the outbox made; the caller's message is left as it is."""
    held = queue()
    event = started("a")
    made, given = held.add(event, 0), held.add(started("b", request_id="mine"), 0)
    assert (event.started.request_id, given) == ("", "mine")
    first = held.request(held.batch())
    held.failed(held.batch(), LOST, 0)
    assert held.request(held.batch()) == first
    assert [fact_of(one).request_id for one in first.events] == [made, "mine"]


@pytest.mark.parametrize("options", [{"most_facts": 1}, {"most_bytes": 80}])
def test_a_full_outbox_refuses(options: dict[str, int]):
    """By count and by bytes; a fact that is settled makes room."""
    held = queue(**options)
    held.add(started("a"), 0)
    with pytest.raises(OverloadedError) as full:
        held.add(started("b"), 0)
    assert (full.value.code, full.value.reason) == ("RESOURCE_EXHAUSTED", "")
    held.answered(held.batch(), [TAKEN])
    assert (held.count, held.size_bytes) == (0, 0)
    held.add(started("b"), 0)


@pytest.mark.parametrize(
    ("code", "reason", "stays"),
    [
        ("UNAVAILABLE", "", True),
        ("UNIMPLEMENTED", "", True),
        ("PERMISSION_DENIED", "", True),
        ("INVALID_ARGUMENT", "", True),
        ("UNAUTHENTICATED", "UNAUTHENTICATED", True),
        ("UNAVAILABLE", "JOURNAL_UNAVAILABLE", True),
        ("RESOURCE_EXHAUSTED", "NEVER_HEARD_OF", True),
        ("ABORTED", "NEVER_HEARD_OF", True),
        ("NOT_FOUND", "STAFF_UNKNOWN", False),
        ("FAILED_PRECONDITION", "NEVER_HEARD_OF", False),
        ("INVALID_ARGUMENT", "INVALID_FIELD", False),
    ],
)
def test_a_fact_is_given_up_only_for_what_the_service_says_of_it(code: str, reason: str, stays: bool):
    """A stray status, overload and trouble of the service's own keep it; a refusal with a reason is told."""
    held = queue()
    held.add(started("a"), 0)
    error = error_class(reason, code)("no", code=code, reason=reason)
    settled, wait = held.answered(held.batch(), [error])
    assert (held.count, [one.error for one in settled]) == ((1, []) if stays else (0, [error]))
    assert (wait > 0) is stays


def test_one_bad_fact_holds_up_no_other():
    """Where a request is refused as a whole its facts go out one by one, and the bad one alone is told."""
    held = queue()
    held.add(started("a"), 0)
    held.add(started("b"), 0)
    assert held.failed(held.batch(), TOO_LARGE, 0) == ([], 0.0)
    ((bad,), _) = held.failed(held.batch(), TOO_LARGE, 0)
    assert (fact_of(bad.event).call_id, bad.error) == ("a", TOO_LARGE)
    assert going_out(held) == [("started", "b")]


def test_what_was_not_taken_for_too_long_is_told():
    """With how the last attempt went; what is younger stays."""
    held = queue(keep_seconds=10)
    held.add(started("a"), 0)
    held.add(started("b"), 5)
    held.failed(held.batch(), LOST, 0)
    (gone,) = held.expired(11)
    assert gone.error is not None
    assert (gone.error.code, gone.request_id) == ("DEADLINE_EXCEEDED", gone.event.started.request_id)
    assert "gone" in gone.error.message
    assert held.count == 1


def test_what_is_left_is_told_in_the_order_given():
    """With the code CANCELLED, and the request ids under which they can be given again."""
    held = queue()
    ids = [held.add(event, now) for now, event in enumerate((started("a"), started("b"), ended("a")))]
    left = held.given_up()
    assert [one.request_id for one in left] == ids
    assert {one.error.code for one in left if isinstance(one.error, OndutyError)} == {"CANCELLED"}
    assert held.count == 0


def test_a_server_that_is_back_hears_of_it_within_a_second():
    """However long it was away: waits stay short, and a long attempt needs none after it."""
    held = queue()
    held.add(started("a"), 0)
    waits = [held.failed(held.batch(), LOST, 0)[1] for _ in range(20)]
    assert 0 < max(waits) <= 0.5
    assert held.failed(held.batch(), LOST, 5)[1] == 0
