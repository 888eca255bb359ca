"""The history service: changes, an export of them, and sums."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from typing import Any, Final

from onduty.v1 import history_service_pb2 as pb
from onduty_server.domain.model.configuration import ConfigurationKind
from onduty_server.domain.model.errors import PageTokenInvalidError, PositionTooOldError
from onduty_server.domain.model.status import Cause
from onduty_server.past import NO_REVISION, ConfigurationQuery, HistoryQuery, PastPage, Revision
from onduty_server.ports import RecordKind
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.methods import Method, MethodTable
from onduty_server.rpc.pages import PAGE_BYTES
from onduty_server.rpc.servicers.backend import Backend
from onduty_server.rpc.servicers.time_sums import TimeSummaries
from onduty_server.rpc.streams import telling_stalls
from onduty_server.wire import splicing
from onduty_server.wire.fields import BATCH_MOST, Fields
from onduty_server.wire.history_fields import period, skill_groups, whose
from onduty_server.wire.primitives import put

EXPORT_RECORDS: Final = 1_000
KINDS_MOST: Final = 10

_KINDS: Final = {
    ConfigurationKind.POLICY: (RecordKind.POLICY,),
    ConfigurationKind.BREAK_REASON: (RecordKind.BREAK_REASON,),
    ConfigurationKind.STAFF: (RecordKind.STAFF, RecordKind.ERASURE),
}
"""The records that have changes of a kind."""


class HistoryServicer:
    """Behaviours of ``onduty.v1.HistoryService``."""

    def __init__(self, backend: Backend) -> None:
        """Needs the running engine."""
        self._backend = backend
        self._engine = backend.engine
        self._summaries = TimeSummaries(backend)

    def methods(self) -> list[Method]:
        """The table of this service's methods."""
        table = MethodTable("HistoryService")
        return [
            table.unary("ListTransitions", pb.ListTransitionsRequest, self.list_transitions),
            table.stream("ExportTransitions", pb.ExportTransitionsRequest, self.export_transitions),
            table.unary("SummarizeTime", pb.SummarizeTimeRequest, self._summaries.summarize_time),
            table.unary("ListConfigurationChanges", pb.ListConfigurationChangesRequest, self.list_configuration_changes),
        ]

    # --- changes ------------------------------------------------------------------------------------------------------

    async def list_transitions(self, caller: Caller, request: pb.ListTransitionsRequest) -> bytes:
        """A page of changes."""
        fields = Fields()
        size = fields.page_size("page_size", request.page_size)
        query = _query(fields, caller, request.filter, newest_first=request.newest_first)
        fields.done()
        await self._backend.at_least(caller, request.at_least)
        question = f"transitions {request.newest_first} {request.filter.SerializeToString(deterministic=True).hex()}"
        after = await self._place(caller, request.page_token, question, newest_first=request.newest_first)
        if request.page_token:
            await self._backend.refuse_after_erasure(caller, after.first_head)
        head = self._engine.head  # the journal may be ahead of what is shown
        query = replace(
            query, after=after.revision, through=head, bearers_at=after.first_head, limit=size, bytes_most=PAGE_BYTES
        )
        page = await self._engine.journal.history(query)
        message = pb.ListTransitionsResponse(
            next_page_token=after.token_of(caller, question, page), position=caller.positions.token(head)
        )
        await self._tell_beginning(caller, message)
        return self._transitions(page) + message.SerializeToString()

    async def list_configuration_changes(self, caller: Caller, request: pb.ListConfigurationChangesRequest) -> bytes:
        """A page of changes of configuration."""
        fields = Fields()
        size = fields.page_size("page_size", request.page_size)
        start, end = period(fields, request)
        kinds = [
            fields.enum(f"kinds[{number}]", value, ConfigurationKind)
            for number, value in enumerate(fields.bounded("kinds", request.kinds, KINDS_MOST))
        ]
        subjects = fields.bounded("subjects", request.subjects, BATCH_MOST)
        named = tuple([fields.identifier(f"subjects[{number}]", subject) for number, subject in enumerate(subjects)])
        fields.done()
        await self._backend.at_least(caller, request.at_least)
        asked = pb.ListConfigurationChangesRequest(
            kinds=request.kinds, subjects=request.subjects, newest_first=request.newest_first
        )
        question = f"configuration {start} {end} {asked.SerializeToString(deterministic=True).hex()}"
        after = await self._place(caller, request.page_token, question, newest_first=request.newest_first)
        head = self._engine.head
        query = ConfigurationQuery(
            caller.tenant,
            tuple([int(cause) for kind in dict.fromkeys(kinds) for cause in _KINDS[kind]]),
            named,
            start,
            end,
            after.revision,
            through=head,
            newest_first=request.newest_first,
            limit=size,
            bytes_most=PAGE_BYTES,
            within=caller.groups_seen,
        )
        page = await self._engine.journal.configuration_changes(query)
        message = pb.ListConfigurationChangesResponse(
            next_page_token=after.token_of(caller, question, page), position=caller.positions.token(head)
        )
        await self._tell_beginning(caller, message)
        return self._transitions(page) + message.SerializeToString()

    async def _place(self, caller: Caller, token: str, question: str, *, newest_first: bool) -> "Place":
        """Where a page begins.

        Raises:
            PageTokenInvalidError: The token is not for this question; or what was to come next has been forgotten since.
        """
        horizon = await self._engine.journal.horizon(caller.tenant)
        if not token:
            return Place(NO_REVISION, horizon, self._engine.head)
        place = caller.positions.page_place(token, question)
        revision, first_horizon, first_head = (number if isinstance(number := place.get(key), int) else -1 for key in "rhu")
        if first_horizon < 0 or not 1 <= revision <= self._engine.head or not 1 <= first_head <= self._engine.head:
            raise PageTokenInvalidError
        if not newest_first and horizon > max(first_horizon, revision):
            raise PageTokenInvalidError
        return Place(Revision(revision), Revision(first_horizon), Revision(first_head))

    async def _tell_beginning(self, caller: Caller, message: Any) -> None:
        complete_from = await self._engine.journal.complete_from(caller.tenant)
        if complete_from is not None:
            put(complete_from, message.complete_from)

    def _transitions(self, page: PastPage) -> bytes:
        """The repeated field of changes, number 1, each with its revision as field 1."""
        codec = self._engine.codec
        return b"".join(
            splicing.field(1, codec.change_with_revision(change.change, change.revision)) for change in page.changes
        )

    async def export_transitions(self, caller: Caller, request: pb.ExportTransitionsRequest) -> AsyncGenerator[bytes, None]:
        """Every change that matches, up to the present."""
        fields = Fields()
        query = _query(fields, caller, request.filter, newest_first=False)
        fields.done()
        after = NO_REVISION
        await self._backend.at_least(caller, "")
        if request.resume_after:
            after = (await self._backend.reached(caller, request.resume_after)).through
            horizon = await self._engine.journal.horizon(caller.tenant)
            if after < horizon:
                raise PositionTooOldError(after, horizon, self._engine.head)
        head = self._engine.head
        query = replace(query, through=head, bearers_at=head, limit=EXPORT_RECORDS, bytes_most=PAGE_BYTES)
        more = True
        with telling_stalls(lambda: after):
            while more:
                page = await self._engine.journal.history(replace(query, after=after))
                more = page.more
                after = page.changes[-1].revision if more else self._engine_end(query)
                yield self._transitions(page) + splicing.field(2, caller.positions.token(after).encode())

    @staticmethod
    def _engine_end(query: HistoryQuery) -> Revision:
        """The revision that an export is complete at."""
        assert query.through is not None, "an export has an end"
        return query.through


@dataclass(frozen=True, slots=True)
class Place:
    """After which revision a page begins; up to where history was forgotten, and reached, when the first page was asked for.

    Whoever had an id then is the one of whom all pages tell.
    """

    revision: Revision
    horizon: Revision
    first_head: Revision

    def token_of(self, caller: Caller, question: str, page: PastPage) -> str:
        """The token of the page after this one; empty: there is none."""
        if not page.more:
            return ""
        return caller.positions.page_token(question, r=page.changes[-1].revision, h=self.horizon, u=self.first_head)


def _query(fields: Fields, caller: Caller, message: pb.TransitionFilter, *, newest_first: bool) -> HistoryQuery:
    start, end = period(fields, message, "filter.")
    causes = fields.bounded("filter.causes", message.causes, BATCH_MOST)
    staff_ids, person_ids = whose(fields, message, "filter.")
    calls = fields.bounded("filter.call_ids", message.call_ids, BATCH_MOST)
    source = fields.optional_identifier("filter.source", message.source)
    if source and not calls:
        fields.fault("filter.source", "goes with call_ids")
    return HistoryQuery(
        caller.tenant,
        staff_ids=staff_ids,
        person_ids=person_ids,
        skill_groups=skill_groups(fields, "filter.skill_groups", message.skill_groups),
        call_ids=tuple([fields.identifier(f"filter.call_ids[{number}]", call_id) for number, call_id in enumerate(calls)]),
        source=source,
        start=start,
        end=end,
        causes=tuple(fields.enum(f"filter.causes[{n}]", value, Cause) for n, value in enumerate(causes)),
        status_changes_only=message.status_changes_only,
        newest_first=newest_first,
        within=caller.groups_seen,
    )
