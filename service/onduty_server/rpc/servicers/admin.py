"""The admin service: directory, catalogue of break reasons, and policy."""

from typing import Any

from onduty.v1 import admin_service_pb2 as pb
from onduty_server.domain.model import commands
from onduty_server.domain.model.policy import BREAK_LIMIT_BOUNDS, BUILT_IN_REASON, BreakReason, Policy
from onduty_server.domain.model.status import Micros
from onduty_server.engine.write import transactions
from onduty_server.engine.write.answers import RequestKey
from onduty_server.engine.write.jobs import Answer, JobRequest
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.methods import Method, MethodTable
from onduty_server.rpc.servicers.audit import AuditListing
from onduty_server.rpc.servicers.backend import Backend, expected_revision
from onduty_server.wire import convert
from onduty_server.wire.configuration_messages import break_reason_message, policy_message
from onduty_server.wire.convert import BatchItem
from onduty_server.wire.fields import BATCH_MOST, NAME_LENGTH, Fields, quoted
from onduty_server.wire.history_fields import person_id
from onduty_server.wire.policy_fields import EVERY_FIELD, policy_change

_STAFF_PATHS = ("display_name", "skill_groups")
_REASON_PATHS = ("display_name", "enabled", "limit")


class AdminServicer:
    """Behaviours of ``onduty.v1.AdminService``."""

    def __init__(self, backend: Backend, audit: AuditListing) -> None:
        """Needs the running engine."""
        self._backend = backend
        self._audit = audit
        self._engine = backend.engine

    def methods(self) -> list[Method]:
        """The table of this service's methods."""
        table = MethodTable("AdminService")
        return [
            table.unary("CreateStaff", pb.CreateStaffRequest, self.create_staff),
            table.unary("UpdateStaff", pb.UpdateStaffRequest, self.update_staff),
            table.unary("DeleteStaff", pb.DeleteStaffRequest, self.delete_staff),
            table.unary("EraseStaff", pb.EraseStaffRequest, self.erase_staff),
            table.unary("BatchCreateStaff", pb.BatchCreateStaffRequest, self.batch_create_staff),
            table.unary("CreateBreakReason", pb.CreateBreakReasonRequest, self.create_break_reason),
            table.unary("UpdateBreakReason", pb.UpdateBreakReasonRequest, self.update_break_reason),
            table.unary("DeleteBreakReason", pb.DeleteBreakReasonRequest, self.delete_break_reason),
            table.unary("GetPolicy", pb.GetPolicyRequest, self.get_policy),
            table.unary("UpdatePolicy", pb.UpdatePolicyRequest, self.update_policy),
            table.unary("ListAuditEntries", pb.ListAuditEntriesRequest, self._audit.list_audit_entries),
        ]

    # --- directory ----------------------------------------------------------------------------------------------------

    async def create_staff(self, caller: Caller, request: pb.CreateStaffRequest) -> bytes:
        """Create one."""
        erased = await self._backend.engine.erasing.pseudonyms(caller.tenant, [request.staff_id])
        answer = await self._backend.commit(caller, self._creating(caller, request, erased))
        return self._backend.response(caller, answer, request.staff_id)

    def _creating(
        self, caller: Caller, request: pb.CreateStaffRequest, erased: frozenset[str], item: BatchItem | None = None
    ) -> JobRequest:
        fields = Fields()
        command = commands.CreateStaff(
            fields.identifier("staff_id", request.staff_id),
            fields.text("display_name", request.display_name, NAME_LENGTH),
            fields.skill_groups("skill_groups", request.skill_groups),
            convert.origin(caller, fields, request, note=convert.note(fields, request), item=item),
        )
        if request.staff_id in erased:
            fields.fault("staff_id", "stands for a person who was erased, in the history")
        fields.done()
        return caller.asked(transactions.create_staff(caller.tenant, command), request, item)

    async def batch_create_staff(self, caller: Caller, request: pb.BatchCreateStaffRequest) -> pb.BatchCreateStaffResponse:
        """Create several, each on its own."""
        fields = Fields()
        fields.batch("requests", len(request.requests))
        fields.optional_identifier("request_id", request.request_id)
        fields.done()

        erased = await self._backend.engine.erasing.pseudonyms(caller.tenant, [one.staff_id for one in request.requests])

        def prepare(item_request: pb.CreateStaffRequest, item: BatchItem) -> JobRequest:
            return self._creating(caller, item_request, erased, item)

        answers = await self._backend.each(caller, request, request.requests, prepare)
        results = self._backend.results(caller, request.requests, answers, lambda item_request: item_request.staff_id)
        return pb.BatchCreateStaffResponse(results=results, position=self._backend.position(caller))

    async def update_staff(self, caller: Caller, request: pb.UpdateStaffRequest) -> bytes:
        """Change name and skill groups."""
        fields = Fields()
        staff_id = fields.identifier("staff_id", request.staff_id)
        paths = _paths(fields, request, _STAFF_PATHS)
        name = fields.text("display_name", request.display_name, NAME_LENGTH)
        groups = fields.skill_groups("skill_groups", request.skill_groups)
        command = commands.UpdateStaff(
            name if "display_name" in paths else None,
            groups if "skill_groups" in paths else None,
            _origin(caller, fields, request),
        )
        fields.done()
        return await self._submit(caller, staff_id, command, request)

    async def delete_staff(self, caller: Caller, request: pb.DeleteStaffRequest) -> bytes:
        """Delete one who is OFFLINE."""
        fields = Fields()
        staff_id = fields.identifier("staff_id", request.staff_id)
        command = commands.DeleteStaff(_origin(caller, fields, request))
        fields.done()
        return await self._submit(caller, staff_id, command, request)

    async def erase_staff(self, caller: Caller, request: pb.EraseStaffRequest) -> pb.EraseStaffResponse:
        """Take a deleted person out of the history, and answer when it is done."""
        fields = Fields()
        staff_id = fields.identifier("staff_id", request.staff_id)
        person = person_id(fields, "person_id", request.person_id) if request.person_id else ""
        origin = _origin(caller, fields, request)
        fields.done()
        run = await self._engine.erasing.order(caller.tenant, staff_id, person, origin)
        answer = await self._backend.transact(caller, run, request)
        await self._engine.erasing.finish(answer.detail["pseudonyms"])
        return pb.EraseStaffResponse(
            pseudonyms=answer.detail["pseudonyms"],
            transitions=answer.detail["transitions"],
            position=caller.positions.token(answer.through),
            replayed=answer.replayed,
        )

    async def _submit(self, caller: Caller, staff_id: str, command: commands.Command, request: Any) -> bytes:
        answer = await self._backend.submit(caller, staff_id, command, request)
        return self._backend.response(caller, answer, staff_id)

    # --- catalogue ----------------------------------------------------------------------------------------------------

    async def create_break_reason(self, caller: Caller, request: pb.CreateBreakReasonRequest) -> pb.CreateBreakReasonResponse:
        """Add a reason."""
        fields = Fields()
        reason = BreakReason(
            fields.code("code", request.code),
            fields.text("display_name", request.display_name, NAME_LENGTH),
            request.enabled if request.HasField("enabled") else True,
            _limit(fields, request, rehearsal=self._backend.rehearsal),
        )
        origin = _origin(caller, fields, request)
        fields.done()
        run = transactions.create_break_reason(caller.tenant, reason, origin)
        answer = await self._backend.transact(caller, run, request)
        return pb.CreateBreakReasonResponse(**self._told_reason(caller, answer, reason.code))

    async def update_break_reason(self, caller: Caller, request: pb.UpdateBreakReasonRequest) -> pb.UpdateBreakReasonResponse:
        """Change a reason."""
        fields = Fields()
        paths = _paths(fields, request, _REASON_PATHS)
        name = fields.text("display_name", request.display_name, NAME_LENGTH)
        limit = _limit(fields, request, rehearsal=self._backend.rehearsal)
        update = transactions.ReasonUpdate(
            fields.code("code", request.code),
            name if "display_name" in paths else None,
            (request.enabled or not request.HasField("enabled")) if "enabled" in paths else None,
            limit if "limit" in paths else None,
        )
        origin, expected = _origin(caller, fields, request), expected_revision(request)
        fields.done()
        run = transactions.update_break_reason(caller.tenant, update, expected, origin)
        answer = await self._backend.transact(caller, run, request)
        return pb.UpdateBreakReasonResponse(**self._told_reason(caller, answer, update.code))

    async def delete_break_reason(self, caller: Caller, request: pb.DeleteBreakReasonRequest) -> pb.DeleteBreakReasonResponse:
        """Take a reason out."""
        fields = Fields()
        code = fields.code("code", request.code)
        origin, expected = _origin(caller, fields, request), expected_revision(request)
        fields.done()
        run = transactions.delete_break_reason(caller.tenant, code, expected, origin)
        answer = await self._backend.transact(caller, run, request)
        return pb.DeleteBreakReasonResponse(**self._told_reason(caller, answer, code))

    def _told_reason(self, caller: Caller, answer: Answer, code: str) -> dict[str, Any]:
        """The fields of an answer about a break reason: as the request left it, or as it was before it was deleted."""
        reason: BreakReason | None = BUILT_IN_REASON
        revision = 0
        if answer.configured is not None:
            assert isinstance(answer.configured.value, BreakReason), "the answer is about a break reason"
            reason, revision = answer.configured.value, answer.configured.revision
        elif answer.record is not None:
            reason, revision = self._engine.codec.decode_break_reason(answer.record.state), answer.record.revision
        elif answer.forgotten:
            known = self._engine.rosters.peek(caller.tenant).break_reasons[code]
            reason, revision = known.value, known.revision
        if "deleted" in answer.detail:
            gone = answer.detail["deleted"]
            reason = BreakReason(code, gone["display_name"], gone["enabled"], Micros(gone["limit"]))
        return {
            "break_reason": break_reason_message(reason or BreakReason(code, enabled=False), revision),
            "position": caller.positions.token(answer.through),
            "replayed": answer.replayed,
        }

    # --- policy -------------------------------------------------------------------------------------------------------

    async def get_policy(self, caller: Caller, request: pb.GetPolicyRequest) -> pb.GetPolicyResponse:
        """The policy in force."""
        await self._backend.at_least(caller, request.at_least)
        known = self._engine.rosters.peek(caller.tenant).policy
        return pb.GetPolicyResponse(
            policy=policy_message(known.value), position=self._backend.position(caller), revision=known.revision
        )

    async def update_policy(self, caller: Caller, request: pb.UpdatePolicyRequest) -> pb.UpdatePolicyResponse:
        """Change the policy."""
        fields = Fields()
        change = policy_change(fields, request, rehearsal=self._backend.rehearsal)
        origin, expected = _origin(caller, fields, request), expected_revision(request)
        fields.done()
        key: RequestKey | None = caller.request_key(request)
        answer = await self._engine.update_policy(caller.tenant, change, expected=expected, origin=origin, request=key)
        policy, revision = self._told_policy(caller, answer)
        return pb.UpdatePolicyResponse(
            policy=policy_message(policy),
            position=caller.positions.token(answer.through),
            replayed=answer.replayed,
            revision=revision,
        )

    def _told_policy(self, caller: Caller, answer: Answer) -> tuple[Policy, int]:
        """The policy as the request left it; for an answer given before whose record is gone, the present one."""
        if answer.configured is not None:
            assert isinstance(answer.configured.value, Policy), "the answer is about the policy"
            return answer.configured.value, answer.configured.revision
        if answer.record is not None:
            return self._engine.codec.decode_policy(answer.record.state), answer.record.revision
        if answer.forgotten:
            known = self._engine.rosters.peek(caller.tenant).policy
            return known.value, known.revision
        return Policy(), 0


def _origin(caller: Caller, fields: Fields, request: Any) -> commands.Origin:
    """Who changes the configuration, and why; checks request_id and expected_revision."""
    return convert.origin(caller, fields, request, note=convert.note(fields, request))


def _paths(fields: Fields, request: Any, known: tuple[str, ...]) -> tuple[str, ...]:
    """The fields to set: those that the mask names, all of them with ``*``, those that are set without a mask."""
    named = tuple(fields.bounded("update_mask", request.update_mask.paths, BATCH_MOST))
    if named == (EVERY_FIELD,):
        return known
    if not named:
        given = {descriptor.name for descriptor, _ in request.ListFields()}
        return tuple(path for path in known if path in given)
    for path in named:
        if path not in known:
            fields.fault("update_mask", f"{quoted(path)} cannot be updated; {', '.join(known)} can, or '*' for all")
    return named


def _limit(fields: Fields, request: Any, *, rehearsal: bool) -> Micros:
    if not request.HasField("limit"):
        return Micros(0)
    return fields.duration("limit", request.limit, BREAK_LIMIT_BOUNDS, rehearsal=rehearsal)
