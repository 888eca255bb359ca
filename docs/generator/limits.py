"""The page of limits, from the constants that hold them."""

from generator.markdown import bytes_size, length, table
from onduty_server.adapters.pooled_journal import SCAN_SECONDS_MOST, SCANS_WAITING_MOST
from onduty_server.domain.model.ended_legs import LEGS_KEPT
from onduty_server.domain.model.policy import CLAIM_TTL_BOUNDS
from onduty_server.domain.model.state import CALLS_MOST, WORKSPACES_MOST
from onduty_server.engine.watch.budgets import RING_BYTES
from onduty_server.engine.watch.ring import RING_AGE_SECONDS, RING_CHANGES
from onduty_server.engine.write.fair_queue import JOBS_MOST
from onduty_server.rpc.admission import REQUEST_BYTES
from onduty_server.wire.fields import BATCH_MOST, GROUPS_MOST, ID_LENGTH, NAME_LENGTH, NOTE_LENGTH

_HEAD = """# Limits

What is limited, and how far. A request beyond a limit is refused with a typed error that names it, and changes nothing.

"""


def page() -> str:
    """The page."""
    rows = [
        ["ids of staff, calls, claims and requests", f"1 to {ID_LENGTH} characters without control characters"],
        ["skill groups and break codes", "1 to 64 characters of `a-z`, `0-9`, `.`, `_`, `-`"],
        ["skill groups of one person", str(GROUPS_MOST)],
        ["names, notes", f"{NAME_LENGTH} and {NOTE_LENGTH:,} characters"],
        ["items of a batch, staff of a page", f"{BATCH_MOST:,}"],
        ["a request", bytes_size(REQUEST_BYTES)],
        ["how long an offer may last", f"{length(CLAIM_TTL_BOUNDS.least)} to {length(CLAIM_TTL_BOUNDS.most)}"],
        ["workspaces of one person", str(WORKSPACES_MOST)],
        ["calls in progress of one person", str(CALLS_MOST)],
        ["ended legs of calls remembered for one person", str(LEGS_KEPT)],
        [
            "requests that wait to be written",
            f"{JOBS_MOST:,}, and no more of one tenant than leave as much room for others; more are refused as `OVERLOADED`",
        ],
        [
            "changes kept in memory for watchers, per tenant",
            f"{RING_CHANGES:,}, {bytes_size(RING_BYTES)} or {RING_AGE_SECONDS / 60:g} minutes, then the journal",
        ],
        [
            "questions about the past (history, sums, persons), per tenant",
            (
                f"1 at a time, {SCAN_SECONDS_MOST:g} s each, then `QUERY_TOO_LONG`; "
                f"{SCANS_WAITING_MOST} wait, more are refused as `OVERLOADED`"
            ),
        ],
        ["servers on one journal file", "1"],
    ]
    return _HEAD + table(["what", "limit"], rows)
