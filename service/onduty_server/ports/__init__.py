"""What the engine needs from the outside, as protocols whose docstrings are the contract.

An adapter that keeps these promises can replace another. The journal's promises are checked by one suite against every
adapter (``tests/adapters/journal_contract.py``).
"""

from onduty_server.past import NO_REVISION, HistoryQuery, Interval, Revision
from onduty_server.ports.clock import Clock
from onduty_server.ports.codec import Codec, Scrubber
from onduty_server.ports.errors import (
    DuplicateAnswersError,
    JournalLockedError,
    JournalOpenError,
    RecordDamagedError,
    StaleEntriesError,
)
from onduty_server.ports.journal import EPOCH_BITS, Journal
from onduty_server.ports.records import (
    AnswerRow,
    ClockRecord,
    ClockStep,
    Entry,
    Key,
    Record,
    RecordKind,
    StoredAnswer,
)

__all__ = [
    "EPOCH_BITS",
    "NO_REVISION",
    "AnswerRow",
    "Clock",
    "ClockRecord",
    "ClockStep",
    "Codec",
    "DuplicateAnswersError",
    "Entry",
    "HistoryQuery",
    "Interval",
    "Journal",
    "JournalLockedError",
    "JournalOpenError",
    "Key",
    "Record",
    "RecordDamagedError",
    "RecordKind",
    "Revision",
    "Scrubber",
    "StaleEntriesError",
    "StoredAnswer",
]
