"""What the journal keeps for questions about the past, and what such questions and their answers look like, as values."""

from onduty_server.past.changes import ConfigurationQuery, HistoryQuery, PastChange, PastPage
from onduty_server.past.erasing import Erasure, PendingErasure, RecordParts
from onduty_server.past.facets import NO_FACETS, CallName, Facets, Interval, Life, Place, Standing, Talk, standing_of
from onduty_server.past.identities import NO_REVISION, NOBODY, PersonId, Revision, looks_like_person_id
from onduty_server.past.persons import Person, PersonQuery
from onduty_server.past.sums import Counts, CutTalk, GroupStay, PastState, Sums, SumsQuery, TalkSum, TimeSum, groups_asked

__all__ = [
    "NOBODY",
    "NO_FACETS",
    "NO_REVISION",
    "CallName",
    "ConfigurationQuery",
    "Counts",
    "CutTalk",
    "Erasure",
    "Facets",
    "GroupStay",
    "HistoryQuery",
    "Interval",
    "Life",
    "PastChange",
    "PastPage",
    "PastState",
    "PendingErasure",
    "Person",
    "PersonId",
    "PersonQuery",
    "Place",
    "RecordParts",
    "Revision",
    "Standing",
    "Sums",
    "SumsQuery",
    "Talk",
    "TalkSum",
    "TimeSum",
    "groups_asked",
    "looks_like_person_id",
    "standing_of",
]
