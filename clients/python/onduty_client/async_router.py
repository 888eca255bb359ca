"""What routers and telephony do, on asyncio. It keeps no state of its own but the floors and outboxes it opened."""

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self, TypeVar

from google.protobuf.message import Message

from onduty.v1 import router_service_pb2 as pb
from onduty.v1.batch_pb2 import ItemTaken
from onduty.v1.staff_pb2 import DIRECTION_UNSPECIFIED, Direction, Staff, StaffFilter
from onduty_client import router_requests as requests
from onduty_client.async_connection import AsyncConnection
from onduty_client.async_floor import AsyncFloor, OnChangeAsync
from onduty_client.async_live_view import OnStateAsync
from onduty_client.async_outbox import AsyncOutbox, OnSettledAsync
from onduty_client.errors import OndutyError
from onduty_client.handlers import OnError
from onduty_client.options import FloorOptions, OutboxOptions
from onduty_client.router_requests import Instant, ReportResults, SkillGroups, StaffList
from onduty_client.services import UnaryMethod

Q = TypeVar("Q", bound=Message)
A = TypeVar("A")


class AsyncRouterClient:
    """Claims staff for calls, reports calls, lists and follows the floor.

    Every method that changes something takes a ``request_id``, makes one where none is given, and can be asked again with
    it. ``expected_revision``, where given, is the revision that the staff member must still have. All raise ``OndutyError``.
    """

    def __init__(self, connection: AsyncConnection, *, call_timeout: float | None = None) -> None:
        """The connection stays the caller's to close. ``call_timeout``: seconds; None: the connection's."""
        self._connection = connection
        self._stub = connection.services.router
        self._timeout = call_timeout
        self._opened: list[AsyncFloor | AsyncOutbox] = []
        self._facts_wait = not connection.options.facts_fail_fast

    # --- claims -------------------------------------------------------------------------------------------------------------

    async def claim(
        self,
        call_id: str,
        *,
        staff_id: str,
        ttl: float | None = None,
        direction: Direction = DIRECTION_UNSPECIFIED,
        source: str = "",
        another_offer: bool = False,
        expected_revision: int | None = None,
        request_id: str = "",
    ) -> pb.ClaimStaffResponse:
        """Claims one staff member, by name, for a call.

        Args:
            call_id: The call, 1-128 characters.
            staff_id: Whom to claim.
            ttl: How long the offer lasts, 1-600 s; None: as the policy says.
            direction: The kind of the call, DIRECTION_INBOUND where unset. It says what must be open to the staff member.
            source: The telephony source that will report the call's end, up to 128 characters.
            another_offer: Also where the call is on offer already. Without it that offer is the answer, if it is theirs.
            expected_revision: The revision that the staff member must still have.
            request_id: 1-128 characters.

        Raises:
            RefusedError: They cannot be given the call; ``current`` says why.
        """
        request = requests.named_claim(call_id, staff_id, expected_revision)
        return await self._claim(
            request, ttl=ttl, direction=direction, source=source, another_offer=another_offer, request_id=request_id
        )

    async def claim_first(
        self,
        call_id: str,
        staff_ids: Iterable[str],
        *,
        ttl: float | None = None,
        direction: Direction = DIRECTION_UNSPECIFIED,
        source: str = "",
        another_offer: bool = False,
        request_id: str = "",
    ) -> pb.ClaimStaffResponse:
        """Claims the first of up to 100 staff members, the best first, who can be given the call.

        The other arguments are those of ``claim``. Without ``another_offer`` an offer of the call that there is is the answer.

        Raises:
            NobodyAvailableError: None of them can.
        """
        request = requests.candidates_claim(call_id, staff_ids)
        return await self._claim(
            request, ttl=ttl, direction=direction, source=source, another_offer=another_offer, request_id=request_id
        )

    async def claim_member(
        self,
        call_id: str,
        skill_groups: SkillGroups,
        *,
        required_groups: SkillGroups = (),
        exclude_staff_ids: Iterable[str] = (),
        order: pb.ClaimOrder = pb.CLAIM_ORDER_UNSPECIFIED,
        ttl: float | None = None,
        direction: Direction = DIRECTION_UNSPECIFIED,
        source: str = "",
        another_offer: bool = False,
        request_id: str = "",
    ) -> pb.ClaimStaffResponse:
        """Claims a member of skill groups for a call: of the first group that has somebody who can be given it.

        ``skill_groups`` is one group or up to 20, each a name, or a ``SkillGroupLevel`` with the least level. Whoever is
        chosen must be in all ``required_groups``, up to 20, as well. ``exclude_staff_ids``, up to 1,000, are passed over, as
        those who declined the call. ``order`` says whom to choose of several, CLAIM_ORDER_LONGEST_IDLE where unset. The
        other arguments are those of ``claim_first``.

        Raises:
            NobodyAvailableError: Nobody can; ``skill_groups`` says what its members do.
        """
        request = requests.member_claim(
            call_id, skill_groups, required_groups=required_groups, exclude_staff_ids=exclude_staff_ids, order=order
        )
        return await self._claim(
            request, ttl=ttl, direction=direction, source=source, another_offer=another_offer, request_id=request_id
        )

    async def withdraw(
        self,
        claim_id: str,
        *,
        reason: pb.WithdrawReason = pb.WITHDRAW_REASON_UNSPECIFIED,
        expected_revision: int | None = None,
        request_id: str = "",
    ) -> pb.WithdrawClaimResponse:
        """Withdraws a claim, as when the caller hung up. ``applied`` is false where it had ended already.

        Raises:
            NotFoundError: The claim is not known.
        """
        request = pb.WithdrawClaimRequest(
            claim_id=claim_id, reason=reason, expected_revision=expected_revision, request_id=request_id
        )
        return await self._connection.call(self._stub.WithdrawClaim, request, timeout=self._timeout)

    async def get_claim(self, claim_id: str, *, at_least: str = "") -> pb.GetClaimResponse:
        """Reads a claim: whether it is outstanding, or how it ended.

        Raises:
            NotFoundError: The claim is not known, or forgotten.
        """
        request = pb.GetClaimRequest(claim_id=claim_id, at_least=at_least)
        return await self._connection.call(self._stub.GetClaim, request, timeout=self._timeout)

    # --- facts --------------------------------------------------------------------------------------------------------------

    async def call_started(
        self,
        staff_id: str,
        call_id: str,
        *,
        direction: Direction = DIRECTION_UNSPECIFIED,
        source: str = "",
        leg: str = "",
        occurred_at: Instant | None = None,
        on_hold: bool | None = None,
        answered: bool | None = None,
        expected_revision: int | None = None,
        request_id: str = "",
    ) -> pb.ReportCallStartedResponse:
        """Reports that a call is in progress: started, going on, held or answered. ``outcome`` says what came of it."""
        request = requests.call_started_request(
            staff_id,
            call_id,
            direction=direction,
            source=source,
            leg=leg,
            occurred_at=occurred_at,
            on_hold=on_hold,
            answered=answered,
            expected_revision=expected_revision,
            request_id=request_id,
        )
        return await self._tell(self._stub.ReportCallStarted, request)

    async def call_ended(
        self,
        staff_id: str,
        call_id: str,
        *,
        source: str = "",
        leg: str = "",
        occurred_at: Instant | None = None,
        answered: bool | None = None,
        expected_revision: int | None = None,
        request_id: str = "",
    ) -> pb.ReportCallEndedResponse:
        """Reports that a call, or one leg of it, ended. ``outcome`` says what came of it."""
        request = requests.call_ended_request(
            staff_id,
            call_id,
            source=source,
            leg=leg,
            occurred_at=occurred_at,
            answered=answered,
            expected_revision=expected_revision,
            request_id=request_id,
        )
        return await self._tell(self._stub.ReportCallEnded, request)

    async def report(self, events: Sequence[pb.CallEvent], *, request_id: str = "") -> ReportResults:
        """Reports facts in order, each on its own, with a result for each.

        More than 1,000 are sent in several requests. Where one of them fails as a whole, the error's ``request_id`` is the
        one to report all facts again with: those that were taken give the same results.
        """
        results: list[ItemTaken | OndutyError] = []
        position, base = "", ""
        for request in requests.report_requests(events, request_id):
            base = base or request.request_id
            try:
                response = await self._tell(self._stub.ReportCallEvents, request)
            except OndutyError as error:
                error.request_id = base
                raise
            results += requests.report_results(request, response)
            position = response.position
        return ReportResults(tuple(results), position)

    async def reconcile(
        self,
        source: str,
        calls: Sequence[pb.SourceCall],
        *,
        observed_at: Instant | None = None,
        observed_position: str = "",
        staff_ids: Sequence[str] = (),
        request_id: str = "",
    ) -> pb.ReconcileCallsResponse:
        """Tells all calls that a source has, up to 1,000: its other calls end, missing ones start.

        Say when the list was taken, by the source's clock or as a position: what began or ended since is left alone. With
        ``staff_ids`` the list is of these only, so that more calls fit in several requests.
        """
        request = requests.reconcile_request(
            source,
            calls,
            observed_at=observed_at,
            observed_position=observed_position,
            staff_ids=staff_ids,
            request_id=request_id,
        )
        return await self._tell(self._stub.ReconcileCalls, request)

    def outbox(
        self,
        options: OutboxOptions | None = None,
        *,
        on_settled: OnSettledAsync | None = None,
        on_error: OnError | None = None,
    ) -> AsyncOutbox:
        """Facts that are delivered in the end: it takes them at once and repeats them until the service has taken them."""
        outbox = AsyncOutbox(self._connection, options, on_settled=on_settled, on_error=on_error)
        self._keep(outbox)
        return outbox

    # --- the floor ------------------------------------------------------------------------------------------------------------

    async def list_staff(self, staff_filter: StaffFilter | None = None, *, at_least: str = "") -> StaffList:
        """Everybody that the filter matches, in pages of 1,000, at or after ``at_least``, with the first page's position."""
        staff: list[Staff] = []
        page_token = ""
        while True:
            request = requests.list_request(staff_filter, page_token=page_token, at_least=at_least)
            page = await self._connection.call(self._stub.ListStaff, request, timeout=self._timeout)
            staff += page.staff
            page_token = page.next_page_token
            if not page_token:
                return StaffList(tuple(staff), page.position)

    def floor(
        self,
        staff_filter: StaffFilter | None = None,
        options: FloorOptions | None = None,
        *,
        on_change: OnChangeAsync | None = None,
        on_state: OnStateAsync | None = None,
        on_error: OnError | None = None,
    ) -> AsyncFloor:
        """Follows the staff that the filter matches, all where there is none. It watches in the background at once."""
        floor = AsyncFloor(self._connection, staff_filter, options, on_change=on_change, on_state=on_state, on_error=on_error)
        self._keep(floor)
        return floor

    async def close(self) -> None:
        """Closes the floors and outboxes it opened. May be called twice."""
        while self._opened:
            await self._opened.pop().close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _claim(
        self,
        request: pb.ClaimStaffRequest,
        *,
        ttl: float | None,
        direction: Direction,
        source: str,
        another_offer: bool,
        request_id: str,
    ) -> pb.ClaimStaffResponse:
        requests.completed_claim(
            request, ttl=ttl, direction=direction, source=source, another_offer=another_offer, request_id=request_id
        )
        return await self._connection.call(self._stub.ClaimStaff, request, timeout=self._timeout)

    async def _tell(self, method: UnaryMethod[Q, A], request: Q) -> A:
        return await self._connection.call(method, request, timeout=self._timeout, wait_for_ready=self._facts_wait)

    def _keep(self, opened: AsyncFloor | AsyncOutbox) -> None:
        self._opened = [one for one in self._opened if not one.is_closed] + [opened]
