"""The rules of a workspace, without a server or a clock."""

import pytest

from onduty.v1.staff_pb2 import Bookmark, Staff, StaffChange, Transition
from onduty.v1.workspace_service_pb2 import AttachResponse
from onduty_client import NotFoundError, RefusedError, ReplacedError, UnavailableError
from onduty_client.attachment import Attachment
from onduty_client.lifeline import GiveUp, Lifeline, Reopen
from onduty_client.options import StreamOptions

TIMES = StreamOptions(bookmark_interval=5, trust_limit=30, backoff_initial=0.2, backoff_max=10)


def frame(revision: int, *, recorded_at: int = 0, left: bool = False, **fields) -> AttachResponse:
    transition = Transition(revision=revision)
    if recorded_at:
        transition.recorded_at.seconds = recorded_at
    change = StaffChange(staff=Staff(staff_id="ana", revision=revision, **fields), transition=transition, left=left)
    return AttachResponse(position="p", change=change)


@pytest.fixture
def attachment() -> Attachment:
    """An attachment whose stream brought revision 5."""
    lifeline = Lifeline(TIMES, token_may_change=False, final_errors=(NotFoundError, ReplacedError))
    made = Attachment("ana", TIMES, lifeline, user_agent="desk/1")
    made.open()
    made.take(frame(5), 0)
    return made


def test_first_frame_attaches(attachment: Attachment):
    """A bookmark alone would not."""
    assert (attachment.attached, attachment.state.revision) == (True, 5)
    attachment.end(None)
    attachment.open()
    attachment.take(AttachResponse(position="p", bookmark=Bookmark()), 0)
    assert not attachment.attached


def test_one_id_is_kept_over_reconnects():
    """So that the server knows the workspace again, and another one has another id."""
    first, second = (Attachment("ana", TIMES, Lifeline(TIMES, token_may_change=False)) for _ in range(2))
    ids = [first.open().workspace_id, first.open().workspace_id, second.open().workspace_id]
    assert ids[0] == ids[1] != ids[2]
    assert all(1 <= len(one) <= 128 for one in ids)
    given = Attachment("ana", TIMES, Lifeline(TIMES, token_may_change=False), workspace_id="desk-7", user_agent="desk/1")
    asked = given.open()
    assert (asked.workspace_id, asked.user_agent) == ("desk-7", "desk/1")


def test_replaced_workspace_is_not_attached_again(attachment: Attachment):
    """Two workspaces of one id would push each other out for ever."""
    replaced = ReplacedError(code="ABORTED", reason="ATTACHMENT_REPLACED", workspace_id=attachment.workspace_id)
    assert isinstance(attachment.end(replaced), GiveUp)
    assert (attachment.attached, attachment.has_ended, attachment.last_error) == (False, True, replaced)


@pytest.mark.parametrize(("revision", "known"), [(4, 5), (5, 5), (6, 6)])
def test_higher_revision_wins(attachment: Attachment, revision: int, known: int):
    """An answer that comes after a later frame does not turn the state back."""
    attachment.learn(Staff(staff_id="ana", revision=revision))
    assert attachment.state.revision == known


def test_first_frame_of_a_new_stream_always_wins(attachment: Attachment):
    """The store may be another one, which counts from the beginning."""
    attachment.end(None)
    attachment.open()
    attachment.take(frame(2), 0)
    assert attachment.state.revision == 2


def test_deleted_staff_member_ends_it(attachment: Attachment):
    """Not attached, and nothing is retried."""
    attachment.take(frame(6, left=True), 0)
    assert (attachment.attached, attachment.has_ended, type(attachment.last_error)) == (False, True, NotFoundError)


def test_break_detaches_and_is_tried_again(attachment: Attachment):
    """The state stays known."""
    assert isinstance(attachment.end(UnavailableError(code="UNAVAILABLE")), Reopen)
    assert (attachment.attached, attachment.state.revision) == (False, 5)


def test_unknown_staff_member_is_not_tried_again(attachment: Attachment):
    """Somebody deleted in the meantime does not come back."""
    assert isinstance(attachment.end(NotFoundError(code="NOT_FOUND", reason="STAFF_UNKNOWN")), GiveUp)
    assert attachment.has_ended


def test_each_state_is_told_once(attachment: Attachment):
    """From the stream and from an answer alike."""
    attachment.learn(Staff(staff_id="ana", revision=6))
    attachment.take(frame(6), 0)
    told = []
    while attachment.has_events:
        told.append(attachment.take_event().revision)
    assert told == [5, 6]


def test_state_that_is_still_to_be_told_is_not_known_to_followers(attachment: Attachment):
    """It would come to them twice."""
    assert (attachment.known(), attachment.take_event().revision) == ([], 5)
    assert [one.revision for one in attachment.known()] == [5]


def test_countdown_is_by_the_servers_clock(attachment: Attachment):
    """The server's clock is 100 s ahead here; a new stream is measured anew."""
    attachment.take(frame(6, recorded_at=1_100), 1_000)
    attachment.state.wrap_up.ends_at.seconds = 1_130
    assert attachment.remaining_wrap_up(1_010) == 20
    attachment.open()
    assert attachment.remaining_wrap_up(1_010) == 120


def test_offer_is_the_known_one_unless_named(attachment: Attachment):
    """Without a known offer it is gone, as the server would say."""
    assert attachment.claim_id("mine") == "mine"
    with pytest.raises(RefusedError) as refused:
        attachment.claim_id("")
    assert (refused.value.reason, refused.value.code) == ("OFFER_GONE", "FAILED_PRECONDITION")
    attachment.state.offer.claim_id = "theirs"
    assert attachment.claim_id("") == "theirs"
