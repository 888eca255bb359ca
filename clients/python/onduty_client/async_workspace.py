"""One staff member's desktop, on asyncio. The rules are in ``attachment``; this opens, waits, asks and tells."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Self, TypeVar

from google.protobuf.message import Message

from onduty.v1 import workspace_service_pb2 as pb
from onduty.v1.staff_pb2 import DIRECTION_UNSPECIFIED, STATUS_ON_BREAK, Direction, Staff, Status, StatusChoice
from onduty_client import clock
from onduty_client.async_connection import AsyncConnection
from onduty_client.async_stream_loop import AsyncStreamLoop
from onduty_client.attachment import Attachment
from onduty_client.errors import NotFoundError, OndutyError, ReplacedError, TimedOutError
from onduty_client.handlers import OnError, run_async_handlers
from onduty_client.lifeline import Lifeline
from onduty_client.options import PAGE_SIZE, USER_AGENT, stream_options
from onduty_client.services import AboutStaff, UnaryMethod

Q = TypeVar("Q", bound=Message)
A = TypeVar("A", bound=AboutStaff)

STATES_KEPT = 1_000
"""How many states wait for a slow reader; the oldest give way."""

OnStaff = Callable[[Staff], Awaitable[None] | None]


class AsyncWorkspaceClient:
    """One staff member's side: stays attached over breaks, knows the state, and asks for changes.

    Every method that changes something takes a ``request_id``, makes one where none is given, and can be asked again with
    it. ``expected_revision``, where given, is the revision that the state must still have. All raise ``OndutyError``.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        staff_id: str,
        *,
        workspace_id: str = "",
        user_agent: str = USER_AGENT,
        on_state: OnStaff | None = None,
        on_error: OnError | None = None,
        call_timeout: float | None = None,
    ) -> None:
        """Nothing is asked yet. The connection stays the caller's to close.

        Args:
            connection: Over which to ask.
            staff_id: Whose workspace it is.
            workspace_id: Its own id, 1-128 characters; who attaches with it takes the place of who has it. Empty: a new one.
            user_agent: What it is, for those who look for it, up to 200 characters.
            on_state: A handler of new states, as ``on_state`` adds them.
            on_error: Gets what a handler raised.
            call_timeout: Seconds; None: the connection's.
        """
        times = stream_options(connection.options, None)
        lifeline = Lifeline(
            times, token_may_change=callable(connection.options.token), final_errors=(NotFoundError, ReplacedError)
        )
        self._connection = connection
        self._stub = connection.services.workspace
        self._timeout = call_timeout
        self._attachment = Attachment(staff_id, times, lifeline, workspace_id=workspace_id, user_agent=user_agent)
        self._on_state = [on_state] if on_state else []
        self._on_error = on_error
        self._readers: list[deque[Staff]] = []
        self._telling = False
        self._told = asyncio.Event()
        self._loop: AsyncStreamLoop[pb.AttachRequest, pb.AttachResponse] | None = None

    @property
    def staff_id(self) -> str:
        """Whose workspace it is."""
        return self._attachment.staff_id

    @property
    def workspace_id(self) -> str:
        """The workspace's own id, the same whenever it attaches."""
        return self._attachment.workspace_id

    @property
    def state(self) -> Staff | None:
        """The last known state, from the stream or an answer; None before the first. Do not change the message."""
        return self._attachment.state

    @property
    def attached(self) -> bool:
        """The stream lives."""
        return self._attachment.attached

    @property
    def last_error(self) -> OndutyError | None:
        """Why the stream broke last, or why the attachment ended; None where it never did."""
        return self._attachment.last_error

    def remaining_wrap_up(self) -> float | None:
        """Seconds left of the wrap-up's countdown, a local value; None outside wrap-up and where it is open-ended."""
        return self._attachment.remaining_wrap_up(clock.wall())

    def remaining_offer(self) -> float | None:
        """Seconds left to answer the offer, a local value; None where there is none."""
        return self._attachment.remaining_offer(clock.wall())

    # --- attaching ----------------------------------------------------------------------------------------------------------

    def attach(self) -> None:
        """Attaches in the background, and again after breaks. Does nothing where it does so already.

        A workspace that attaches with the same id elsewhere ends it, with a ``ReplacedError`` as ``last_error``.

        Raises:
            OndutyError: The connection is closed.
        """
        if self._loop is not None and not self._attachment.has_ended:
            return
        self._connection.adopt(self)
        self._attachment.begin()
        self._loop = AsyncStreamLoop(
            self._connection, self._stub.Attach, self._attachment, tell=self._tell, now=clock.wall, name="onduty-workspace"
        )

    async def detach(self) -> None:
        """Ends the attachment and waits for handlers that run. May be called twice."""
        if self._loop is not None:
            await self._loop.close()
        self._connection.release(self)
        self._attachment.close()
        await self._tell()

    async def wait_attached(self, timeout: float = 30.0) -> None:
        """Waits until the stream lives and its first state has been told.

        Raises:
            TimedOutError: It did not come true within ``timeout`` seconds.
            OndutyError: The attachment ended, with its error; or there is none.
        """
        try:
            async with asyncio.timeout(timeout):
                while not self._is_attached():
                    await self._told.wait()
        except TimeoutError:
            text = f"the workspace was not attached within {timeout:g} s"
            raise TimedOutError(text, code="DEADLINE_EXCEEDED") from self.last_error

    def on_state(self, handler: OnStaff) -> None:
        """Adds a handler of new states."""
        self._on_state.append(handler)

    async def states(self) -> AsyncIterator[Staff]:
        """The known state and then every new one, until the attachment ends.

        Up to 1,000 wait for a slow reader; then the oldest give way.
        """
        reader: deque[Staff] = deque(self._attachment.known(), STATES_KEPT)
        self._readers.append(reader)
        try:
            while True:
                told = self._told
                while reader:
                    yield reader.popleft()
                if told is not self._told:
                    continue
                if self._attachment.has_ended:
                    return
                await told.wait()
        finally:
            self._readers.remove(reader)

    def _is_attached(self) -> bool:
        if self._loop is None or self._attachment.has_ended:
            raise self.last_error or OndutyError("the workspace is detached", code="CANCELLED")
        return self.attached and not self._telling and not self._attachment.has_events

    # --- asking -------------------------------------------------------------------------------------------------------------

    async def change_status(
        self,
        status: Status,
        *,
        break_reason: str = "",
        note: str = "",
        expected_revision: int | None = None,
        request_id: str = "",
    ) -> pb.ChangeStatusResponse:
        """Chooses a status: signs in, signs out, or goes on break with a reason.

        Raises:
            RefusedError: In a call, and for statuses that only the system sets.
        """
        request = pb.ChangeStatusRequest(
            staff_id=self.staff_id,
            choice=StatusChoice(status=status, break_reason=break_reason),
            note=note,
            expected_revision=expected_revision,
            request_id=request_id,
        )
        return await self._ask(self._stub.ChangeStatus, request)

    async def take_break(
        self, reason: str, *, note: str = "", expected_revision: int | None = None, request_id: str = ""
    ) -> pb.ChangeStatusResponse:
        """Goes on break for a reason of the catalogue."""
        return await self.change_status(
            STATUS_ON_BREAK,
            break_reason=reason,
            note=note,
            expected_revision=expected_revision,
            request_id=request_id,
        )

    async def set_next_status(
        self, status: Status, *, break_reason: str = "", expected_revision: int | None = None, request_id: str = ""
    ) -> pb.SetNextStatusResponse:
        """Sets the choice that applies when the call and its wrap-up are over."""
        request = pb.SetNextStatusRequest(
            staff_id=self.staff_id,
            choice=StatusChoice(status=status, break_reason=break_reason),
            expected_revision=expected_revision,
            request_id=request_id,
        )
        return await self._ask(self._stub.SetNextStatus, request)

    async def clear_next_status(
        self, *, expected_revision: int | None = None, request_id: str = ""
    ) -> pb.ClearNextStatusResponse:
        """Takes the next choice back."""
        request = pb.ClearNextStatusRequest(staff_id=self.staff_id, expected_revision=expected_revision, request_id=request_id)
        return await self._ask(self._stub.ClearNextStatus, request)

    async def back_to_reception(
        self, *, expected_revision: int | None = None, request_id: str = ""
    ) -> pb.BackToReceptionResponse:
        """Ends after-call work at once, to AVAILABLE."""
        request = pb.BackToReceptionRequest(staff_id=self.staff_id, expected_revision=expected_revision, request_id=request_id)
        return await self._ask(self._stub.BackToReception, request)

    async def continue_wrap_up(
        self, *, expected_revision: int | None = None, request_id: str = ""
    ) -> pb.ContinueAfterCallWorkResponse:
        """Stops the countdown; the wrap-up lasts until it is ended."""
        request = pb.ContinueAfterCallWorkRequest(
            staff_id=self.staff_id, expected_revision=expected_revision, request_id=request_id
        )
        return await self._ask(self._stub.ContinueAfterCallWork, request)

    async def accept(
        self, claim_id: str = "", *, expected_revision: int | None = None, request_id: str = ""
    ) -> pb.AcceptOfferResponse:
        """Accepts an offer: the one of the known state where no claim is named.

        Raises:
            RefusedError: The offer is gone, or none is known (then no call is made): reason OFFER_GONE.
        """
        request = pb.AcceptOfferRequest(
            staff_id=self.staff_id,
            claim_id=self._attachment.claim_id(claim_id),
            expected_revision=expected_revision,
            request_id=request_id,
        )
        return await self._ask(self._stub.AcceptOffer, request)

    async def decline(
        self, claim_id: str = "", *, note: str = "", expected_revision: int | None = None, request_id: str = ""
    ) -> pb.DeclineOfferResponse:
        """Declines an offer, which counts as a miss: the one of the known state where no claim is named.

        Raises:
            RefusedError: As ``accept``.
        """
        request = pb.DeclineOfferRequest(
            staff_id=self.staff_id,
            claim_id=self._attachment.claim_id(claim_id),
            note=note,
            expected_revision=expected_revision,
            request_id=request_id,
        )
        return await self._ask(self._stub.DeclineOffer, request)

    async def place_call(
        self,
        call_id: str,
        *,
        direction: Direction = DIRECTION_UNSPECIFIED,
        source: str = "",
        expected_revision: int | None = None,
        request_id: str = "",
    ) -> pb.PlaceCallResponse:
        """Places a call by hand: DIRECTION_OUTBOUND (also when unset) or DIRECTION_INTERNAL."""
        request = pb.PlaceCallRequest(
            staff_id=self.staff_id,
            call_id=call_id,
            direction=direction,
            source=source,
            expected_revision=expected_revision,
            request_id=request_id,
        )
        return await self._ask(self._stub.PlaceCall, request)

    async def break_reasons(self, *, include_disabled: bool = False, at_least: str = "") -> pb.ListBreakReasonsResponse:
        """The break reasons that can be chosen, by code, of all pages; also the others where ``include_disabled``."""
        request = pb.ListBreakReasonsRequest(include_disabled=include_disabled, at_least=at_least, page_size=PAGE_SIZE)
        found = pb.ListBreakReasonsResponse()
        while True:
            page = await self._connection.call(self._stub.ListBreakReasons, request, timeout=self._timeout)
            found.break_reasons.extend(page.break_reasons)
            found.position = page.position
            if not page.next_page_token:
                return found
            request.page_token, request.at_least = page.next_page_token, ""

    # --- ending -------------------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """As ``detach``."""
        await self.detach()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _ask(self, method: UnaryMethod[Q, A], request: Q) -> A:
        answer = await self._connection.call(method, request, timeout=self._timeout)
        self._attachment.learn(answer.staff)
        await self._tell()
        return answer

    async def _tell(self) -> None:
        if self._telling:  # Who tells now tells these too, in order.
            return
        self._telling = True
        try:
            while self._attachment.has_events:
                state = self._attachment.take_event()
                for reader in self._readers:
                    reader.append(state)
                with self._connection.telling():
                    await run_async_handlers(self._on_state, state, self._on_error)
        finally:
            self._telling = False
            told, self._told = self._told, asyncio.Event()
            told.set()
