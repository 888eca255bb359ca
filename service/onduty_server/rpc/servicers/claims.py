"""Claims as requests and answers: whom a router claims for which call, and what became of it."""

from collections.abc import Sequence

from onduty.v1 import router_service_pb2 as pb
from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import ClaimUnknownError
from onduty_server.domain.model.policy import CLAIM_TTL_BOUNDS
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.status import ClaimOrder, Direction, WithdrawReason
from onduty_server.engine.claim_lookup import FoundClaim, find_claim
from onduty_server.engine.write.choosing import Wanted
from onduty_server.engine.write.claims import Claimed, ClaimJobs
from onduty_server.engine.write.jobs import Answer, JobBody
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.servicers.backend import Backend, expected_revision
from onduty_server.wire import convert, splicing
from onduty_server.wire.fields import BATCH_MOST, Fields
from onduty_server.wire.primitives import put

CANDIDATES_MOST = 100
ASKED_GROUPS_MOST = 20
REQUIRED_GROUPS_MOST = 20


class Claims:
    """The claims' part of ``onduty.v1.RouterService``."""

    def __init__(self, backend: Backend) -> None:
        """Needs the running engine."""
        self._backend = backend
        self._engine = backend.engine

    async def claim_staff(self, caller: Caller, request: pb.ClaimStaffRequest) -> bytes:
        """Claim a named staff member, the first of several, or a member of skill groups."""
        fields = Fields()
        claimed = _claimed(caller, fields, request, rehearsal=self._backend.rehearsal)
        run = _target(fields, request, claimed, self._engine.claims(caller.tenant))
        fields.done()
        answer = await self._backend.transact(caller, run, request)
        return splicing.answer(
            self._body(caller, answer),
            caller.positions.token(answer.through),
            replayed=answer.replayed,
            extra=splicing.claim(
                str(answer.detail["claim_id"]),
                str(answer.detail.get("skill_group", "")),
                already_offered=bool(answer.detail.get("already_offered")),
            ),
        )

    async def withdraw_claim(self, caller: Caller, request: pb.WithdrawClaimRequest) -> bytes:
        """Withdraw a claim."""
        fields = Fields()
        claim_id = fields.claim_id(request.claim_id)
        reason = fields.enum("reason", request.reason, WithdrawReason, default=WithdrawReason.OTHER)
        command = commands.WithdrawClaim(claim_id, convert.origin(caller, fields, request), reason)
        fields.done()
        run = self._engine.claims(caller.tenant).withdraw(command, expected_revision(request))
        answer = await self._backend.transact(caller, run, request)
        owner = self._engine.claims(caller.tenant).owner(claim_id)
        return self._backend.response(caller, answer, owner, splicing.applied(changed=answer.applied))

    def _body(self, caller: Caller, answer: Answer) -> bytes:
        owner = self._engine.claims(caller.tenant).owner(str(answer.detail["claim_id"]))
        return self._backend.body(caller, answer, owner)

    async def get_claim(self, caller: Caller, request: pb.GetClaimRequest) -> pb.GetClaimResponse:
        """Read a claim."""
        fields = Fields()
        claim_id = fields.claim_id(request.claim_id)
        fields.done()
        await self._backend.at_least(caller, request.at_least)
        position = self._backend.position(caller)
        self._check_sees(caller, claim_id)
        found = await find_claim(self._engine, caller.tenant, claim_id)
        return pb.GetClaimResponse(claim=_claim(found), position=position)

    def _check_sees(self, caller: Caller, claim_id: str) -> None:
        """Claims of others than whom the caller sees are not there for it.

        Raises:
            ClaimUnknownError: It is one of those, or nobody's who is there.
        """
        if caller.view is None:
            return
        record = self._engine.rosters.peek(caller.tenant).staff.get(self._engine.claims(caller.tenant).owner(claim_id))
        if record is None or not self._backend.sees(caller, record):
            raise ClaimUnknownError(claim_id)


def _claimed(caller: Caller, fields: Fields, request: pb.ClaimStaffRequest, *, rehearsal: bool) -> Claimed:
    ttl = fields.duration("ttl", request.ttl, CLAIM_TTL_BOUNDS, rehearsal=rehearsal) if request.HasField("ttl") else None
    return Claimed(
        fields.identifier("call_id", request.call_id),
        convert.direction(fields, request.direction, Direction.INBOUND),
        convert.origin(caller, fields, request),
        fields.optional_identifier("source", request.source),
        ttl,
        request.another_offer,
    )


def _target(fields: Fields, request: pb.ClaimStaffRequest, claimed: Claimed, jobs: ClaimJobs) -> JobBody:
    match request.WhichOneof("target"):
        case "named":
            staff_id = fields.identifier("named.staff_id", request.named.staff_id)
            expected = fields.revision(request.named, path="named.expected_revision")
            return jobs.named(staff_id, claimed, expected)
        case "candidates":
            return jobs.candidates(_candidates(fields, request.candidates), claimed)
        case "group_member":
            return jobs.group_member(_wanted(fields, request.group_member), claimed)
        case _:
            fields.fault("target", "is required: set named, candidates or group_member")
            return jobs.candidates((), claimed)


def _candidates(fields: Fields, message: pb.Candidates) -> tuple[str, ...]:
    name = "candidates.staff_ids"
    values = fields.bounded(name, message.staff_ids, CANDIDATES_MOST)
    if not message.staff_ids:
        fields.fault(name, f"has no values; 1-{CANDIDATES_MOST} are allowed")
    return tuple([fields.identifier(f"{name}[{number}]", value) for number, value in enumerate(values)])


def _wanted(fields: Fields, message: pb.GroupMember) -> Wanted:
    name = "group_member"
    if not message.skill_groups:
        fields.fault(f"{name}.skill_groups", f"has no values; 1-{ASKED_GROUPS_MOST} are allowed")
    excluded = fields.bounded(f"{name}.exclude_staff_ids", message.exclude_staff_ids, BATCH_MOST)
    return Wanted(
        _levels(fields, f"{name}.skill_groups", message.skill_groups, ASKED_GROUPS_MOST),
        _levels(fields, f"{name}.required_groups", message.required_groups, REQUIRED_GROUPS_MOST),
        frozenset(
            fields.identifier(f"{name}.exclude_staff_ids[{number}]", staff_id) for number, staff_id in enumerate(excluded)
        ),
        fields.enum(f"{name}.order", message.order, ClaimOrder, default=ClaimOrder.LONGEST_IDLE),
    )


def _levels(fields: Fields, name: str, values: Sequence[pb.SkillGroupLevel], most: int) -> tuple[SkillGroup, ...]:
    return tuple(
        [
            SkillGroup(
                fields.code(f"{name}[{number}].name", group.name), fields.level(f"{name}[{number}].min_level", group.min_level)
            )
            for number, group in enumerate(fields.bounded(name, values, most))
        ]
    )


def _claim(found: FoundClaim) -> pb.Claim:
    offer = found.offer
    message = pb.Claim(
        claim_id=offer.claim_id,
        staff_id=found.staff_id,
        call_id=offer.call_id,
        source=offer.source,
        direction=offer.direction,  # type: ignore[arg-type]
        end=found.end or 0,  # type: ignore[arg-type]
    )
    put(offer.offered_at, message.offered_at)
    put(offer.expires_at, message.expires_at)
    if found.ended_at is not None:
        put(found.ended_at, message.ended_at)
    return message
