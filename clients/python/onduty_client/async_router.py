"""What routers and telephony do, on asyncio. It keeps no state of its own but the floors it opened."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from onduty.v1 import router_service_pb2 as pb
from onduty.v1.staff_pb2 import DIRECTION_UNSPECIFIED, Direction, Staff, StaffFilter
from onduty_client import router_requests as requests
from onduty_client.async_connection import AsyncConnection
from onduty_client.async_floor import AsyncFloor, OnChangeAsync, OnStateAsync
from onduty_client.errors import OndutyError
from onduty_client.handlers import OnError
from onduty_client.options import FloorOptions
from onduty_client.router_requests import Instant, ReportResults, StaffList


class AsyncRouterClient:
    """Claims staff for calls, reports calls, lists and follows the floor.

    Every method that changes something takes a ``request_id``, makes one where none is given, and can be asked again with
    it. ``expected_revision`` other than 0 is the revision that the staff member must still have. All raise ``OndutyError``.
    """

    def __init__(self, connection: AsyncConnection, *, call_timeout: float | None = None) -> None:
        """The connection stays the caller's to close. ``call_timeout``: seconds; None: the connection's."""
        self._connection = connection
        self._stub = connection.services.router
        self._timeout = call_timeout
        self._floors: list[AsyncFloor] = []

    # --- claims -------------------------------------------------------------------------------------------------------------

    async def claim(
        self,
        call_id: str,
        *,
        staff_id: str | None = None,
        skill_group: str | None = None,
        ttl: float | None = None,
        direction: Direction = DIRECTION_UNSPECIFIED,
        source: str = "",
        expected_revision: int = 0,
        request_id: str = "",
    ) -> pb.ClaimStaffResponse:
        """Claims a staff member for a call: the named one, or the one of the group who has been available longest.

        Args:
            call_id: The call, 1-128 characters.
            staff_id: Whom to claim; or
            skill_group: from whom.
            ttl: How long the offer lasts, 1-600 s; None: as the policy says.
            direction: DIRECTION_INBOUND (also when unset) or DIRECTION_TRANSFER.
            source: The telephony source that will report the call's end, up to 128 characters.
            expected_revision: Only with ``staff_id``.
            request_id: 1-128 characters.

        Raises:
            RefusedError: The named one cannot be assigned a call; ``current`` says why.
            NobodyAvailableError: Nobody of the group can.
        """
        request = requests.claim_request(
            call_id,
            staff_id=staff_id,
            skill_group=skill_group,
            ttl=ttl,
            direction=direction,
            source=source,
            expected_revision=expected_revision,
            request_id=request_id,
        )
        return await self._connection.call(self._stub.ClaimStaff, request, timeout=self._timeout)

    async def withdraw(self, claim_id: str, *, expected_revision: int = 0, request_id: str = "") -> pb.WithdrawClaimResponse:
        """Withdraws a claim, as when the caller hung up. ``applied`` is false where it had ended already.

        Raises:
            NotFoundError: The claim is not known.
        """
        request = pb.WithdrawClaimRequest(claim_id=claim_id, expected_revision=expected_revision, request_id=request_id)
        return await self._connection.call(self._stub.WithdrawClaim, request, timeout=self._timeout)

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
        expected_revision: int = 0,
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
        return await self._connection.call(self._stub.ReportCallStarted, request, timeout=self._timeout)

    async def call_ended(
        self,
        staff_id: str,
        call_id: str,
        *,
        source: str = "",
        leg: str = "",
        occurred_at: Instant | None = None,
        answered: bool | None = None,
        expected_revision: int = 0,
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
        return await self._connection.call(self._stub.ReportCallEnded, request, timeout=self._timeout)

    async def report(self, events: Sequence[pb.CallEvent], *, request_id: str = "") -> ReportResults:
        """Reports facts in order, each on its own, with a result for each.

        More than 1,000 are sent in several requests. Where one of them fails as a whole, the error's ``request_id`` is the
        one to report all facts again with: those that were taken give the same results.
        """
        results: list[pb.CallEventTaken | OndutyError] = []
        position, base = "", ""
        for request in requests.report_requests(events, request_id):
            base = base or request.request_id
            try:
                response = await self._connection.call(self._stub.ReportCallEvents, request, timeout=self._timeout)
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
        return await self._connection.call(self._stub.ReconcileCalls, request, timeout=self._timeout)

    # --- the floor ------------------------------------------------------------------------------------------------------------

    async def list_staff(self, staff_filter: StaffFilter | None = None, *, at_least: str = "") -> StaffList:
        """Everybody that the filter matches, at one revision, read in pages of 1,000; at or after ``at_least``."""
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
        self._floors = [one for one in self._floors if not one.is_closed] + [floor]
        return floor

    async def close(self) -> None:
        """Closes the floors it opened. May be called twice."""
        while self._floors:
            await self._floors.pop().close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
