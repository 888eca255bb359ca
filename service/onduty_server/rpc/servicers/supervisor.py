"""The supervisor service: statuses by force, resets, and a summary of the floor."""

from collections.abc import Mapping

from onduty.v1 import staff_pb2
from onduty.v1 import supervisor_service_pb2 as pb
from onduty_server.domain.model import commands
from onduty_server.domain.model.skill_groups import names
from onduty_server.engine.live.skill_group_index import StatusCounts
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.watch.positions import filter_mark
from onduty_server.engine.write.jobs import JobRequest
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.error_details import status_counts
from onduty_server.rpc.methods import Method, MethodTable
from onduty_server.rpc.pages import cut, name_after
from onduty_server.rpc.servicers.backend import Backend
from onduty_server.wire import convert
from onduty_server.wire.convert import BatchItem
from onduty_server.wire.fields import Fields


class SupervisorServicer:
    """Behaviours of ``onduty.v1.SupervisorService``."""

    def __init__(self, backend: Backend) -> None:
        """Needs the running engine."""
        self._backend = backend
        self._engine = backend.engine

    def methods(self) -> list[Method]:
        """The table of this service's methods."""
        table = MethodTable("SupervisorService")
        return [
            table.unary("ForceStatus", pb.ForceStatusRequest, self.force_status),
            table.unary("BatchForceStatus", pb.BatchForceStatusRequest, self.batch_force_status),
            table.unary("ResetStaff", pb.ResetStaffRequest, self.reset_staff),
            table.unary("GetStaffSummary", pb.GetStaffSummaryRequest, self.get_staff_summary),
        ]

    async def force_status(self, caller: Caller, request: pb.ForceStatusRequest) -> bytes:
        """Set a staff member's choice."""
        answer = await self._backend.commit(caller, self._forcing(caller, request))
        return self._backend.response(caller, answer, request.staff_id)

    def _forcing(self, caller: Caller, request: pb.ForceStatusRequest, item: BatchItem | None = None) -> JobRequest:
        fields = Fields()
        staff_id = fields.identifier("staff_id", request.staff_id)
        note = convert.note(fields, request, required=True)
        origin = convert.origin(caller, fields, request, note=note, item=item)
        command = commands.ForceStatus(convert.choice(fields, request), request.immediately, origin)
        fields.done()
        return self._backend.asked(caller, staff_id, command, request, item)

    async def batch_force_status(self, caller: Caller, request: pb.BatchForceStatusRequest) -> pb.BatchForceStatusResponse:
        """Force several, each on its own."""
        fields = Fields()
        fields.batch("requests", len(request.requests))
        fields.optional_identifier("request_id", request.request_id)
        fields.done()

        def prepare(item_request: pb.ForceStatusRequest, item: BatchItem) -> JobRequest:
            return self._forcing(caller, item_request, item)

        answers = await self._backend.each(caller, request, request.requests, prepare)
        results = self._backend.results(caller, request.requests, answers, lambda item_request: item_request.staff_id)
        return pb.BatchForceStatusResponse(results=results, position=self._backend.position(caller))

    async def reset_staff(self, caller: Caller, request: pb.ResetStaffRequest) -> bytes:
        """Repair a stuck staff member."""
        fields = Fields()
        staff_id = fields.identifier("staff_id", request.staff_id)
        command = commands.Reset(convert.origin(caller, fields, request, note=convert.note(fields, request)))
        fields.done()
        answer = await self._backend.submit(caller, staff_id, command, request)
        return self._backend.response(caller, answer, staff_id)

    async def get_staff_summary(self, caller: Caller, request: pb.GetStaffSummaryRequest) -> pb.GetStaffSummaryResponse:
        """Counts by status and by skill group."""
        fields = Fields()
        staff_filter = self._backend.staff_filter(caller, fields, request.filter)
        size = fields.page_size("page_size", request.page_size)
        fields.done()
        await self._backend.present(caller, request.at_least)
        question = f"summary {filter_mark(staff_filter).hex()}"
        after = name_after(caller.positions, request.page_token, question)
        everybody, groups = self._tallies(caller.tenant, staff_filter)
        summaries = (
            staff_pb2.SkillGroupSummary(skill_group=name, counts=status_counts(groups[name].counts()), total=groups[name].total)
            for name in sorted(groups)
            if name > after
        )
        page, more = cut(summaries, size)
        return pb.GetStaffSummaryResponse(
            counts=status_counts(everybody.counts()),
            skill_groups=page,
            position=self._backend.position(caller),
            total=everybody.total,
            next_page_token=caller.positions.page_token(question, n=page[-1].skill_group) if more else "",
        )

    def _tallies(self, tenant: str, staff_filter: StaffFilter) -> tuple[StatusCounts, Mapping[str, StatusCounts]]:
        """The kept counts for everybody, or ones counted now for a filter."""
        roster = self._engine.rosters.peek(tenant)
        if staff_filter.is_open:
            return roster.everybody, roster.groups
        everybody, groups = StatusCounts(), dict[str, StatusCounts]()
        for record in roster.select(staff_filter):
            everybody.add(record.state)
            for group in names(record.state.skill_groups):
                if _is_listed(group, staff_filter):
                    groups.setdefault(group, StatusCounts()).add(record.state)
        return everybody, groups


def _is_listed(group: str, staff_filter: StaffFilter) -> bool:
    """Whether a group has a line of its own: not those that others' counts would be missing from."""
    view = staff_filter.view
    return (staff_filter.skill_groups is None or group in staff_filter.skill_groups) and (view is None or view.holds((group,)))
