"""The supervisor service: stepping in. It converts and asks the engine; it decides nothing."""

from collections.abc import Mapping

from onduty.v1 import staff_pb2
from onduty.v1 import supervisor_service_pb2 as pb
from onduty_server.domain.model import commands as ask
from onduty_server.domain.model.skill_groups import names
from onduty_server.engine.positions import filter_mark
from onduty_server.engine.roster import StaffFilter
from onduty_server.engine.skill_groups import StatusCounts
from onduty_server.engine.works import Asked
from onduty_server.rpc import convert
from onduty_server.rpc.calls import BatchItem, Caller, Method, method_table
from onduty_server.rpc.error_map import status_counts
from onduty_server.rpc.fields import Fields
from onduty_server.rpc.pages import cut, name_after
from onduty_server.rpc.service import Service


class SupervisorServicer:
    """Behaviours of ``onduty.v1.SupervisorService``."""

    def __init__(self, service: Service) -> None:
        """Needs the running engine."""
        self._service = service
        self._engine = service.engine

    def methods(self) -> list[Method]:
        """The table of this service's methods."""
        return method_table(
            "SupervisorService",
            [
                ("ForceStatus", pb.ForceStatusRequest, self.force_status, False),
                ("BatchForceStatus", pb.BatchForceStatusRequest, self.batch_force_status, False),
                ("ResetStaff", pb.ResetStaffRequest, self.reset_staff, False),
                ("GetStaffSummary", pb.GetStaffSummaryRequest, self.get_staff_summary, False),
            ],
        )

    async def force_status(self, caller: Caller, request: pb.ForceStatusRequest) -> bytes:
        """Set a staff member's choice."""
        answer = await self._service.commit(caller, self._forcing(caller, request))
        return self._service.told(caller, answer, request.staff_id)

    def _forcing(self, caller: Caller, request: pb.ForceStatusRequest, item: BatchItem | None = None) -> Asked:
        fields = Fields()
        staff_id = fields.identifier("staff_id", request.staff_id)
        note = convert.note(fields, request, required=True)
        origin = convert.origin(caller, fields, request, note=note, item=item)
        command = ask.ForceStatus(convert.choice(fields, request), request.immediately, origin)
        fields.done()
        return self._service.asked(caller, staff_id, command, request, item)

    async def batch_force_status(self, caller: Caller, request: pb.BatchForceStatusRequest) -> pb.BatchForceStatusResponse:
        """Force several, each on its own."""
        fields = Fields()
        fields.batch("requests", len(request.requests))
        fields.optional_identifier("request_id", request.request_id)
        fields.done()

        def prepare(one: pb.ForceStatusRequest, item: BatchItem) -> Asked:
            return self._forcing(caller, one, item)

        answers = await self._service.each(caller, request.request_id, request.requests, prepare)
        results = self._service.results(caller, request.requests, answers, lambda one: one.staff_id)
        return pb.BatchForceStatusResponse(results=results, position=self._service.position(caller))

    async def reset_staff(self, caller: Caller, request: pb.ResetStaffRequest) -> bytes:
        """Repair a stuck staff member."""
        fields = Fields()
        staff_id = fields.identifier("staff_id", request.staff_id)
        command = ask.Reset(convert.origin(caller, fields, request, note=convert.note(fields, request)))
        fields.done()
        answer = await self._service.submit(caller, staff_id, command, request)
        return self._service.told(caller, answer, staff_id)

    async def get_staff_summary(self, caller: Caller, request: pb.GetStaffSummaryRequest) -> pb.GetStaffSummaryResponse:
        """Counts by status and by skill group."""
        fields = Fields()
        chosen = convert.staff_filter(fields, request.filter)
        size = fields.page_size("page_size", request.page_size)
        fields.done()
        await self._service.present(caller, request.at_least)
        question = f"summary {filter_mark(chosen).hex()}"
        after = name_after(caller.positions, request.page_token, question)
        everybody, groups = self._tallies(caller.tenant, chosen)
        summaries = (
            staff_pb2.SkillGroupSummary(skill_group=name, counts=status_counts(groups[name].counts()), total=groups[name].total)
            for name in sorted(groups)
            if name > after
        )
        page, more = cut(summaries, size)
        return pb.GetStaffSummaryResponse(
            counts=status_counts(everybody.counts()),
            skill_groups=page,
            position=self._service.position(caller),
            total=everybody.total,
            next_page_token=caller.positions.page_token(question, n=page[-1].skill_group) if more else "",
        )

    def _tallies(self, tenant: str, chosen: StaffFilter) -> tuple[StatusCounts, Mapping[str, StatusCounts]]:
        """The kept counts for everybody, or ones counted now for a filter."""
        roster = self._engine.rosters(tenant)
        if chosen.is_open:
            return roster.everybody, roster.groups
        everybody, groups = StatusCounts(), dict[str, StatusCounts]()
        for standing in roster.select(chosen):
            everybody.add(standing.state)
            for group in names(standing.state.skill_groups):
                if chosen.skill_groups is None or group in chosen.skill_groups:
                    groups.setdefault(group, StatusCounts()).add(standing.state)
        return everybody, groups
