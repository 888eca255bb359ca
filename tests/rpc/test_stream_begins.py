"""A stream that is cancelled while its headers are sent ends with its error all the same."""

import asyncio

import pytest

from onduty_server.rpc.stream_calls import _begin


class SlowHeaders:
    """A call whose headers are on the way: a moment that no real connection can be held at."""

    def __init__(self) -> None:
        """They have not gone out."""
        self.out = asyncio.Event()
        self.are_sent = False

    async def send_initial_metadata(self, metadata: tuple[()]) -> None:
        """Send them, which takes until ``out``."""
        assert metadata == ()
        await self.out.wait()
        self.are_sent = True


async def test_a_stream_that_is_cancelled_while_it_begins_waits_for_its_headers() -> None:
    """The cancellation takes effect once gRPC knows that they are sent; an error can follow then, and not before."""
    call = SlowHeaders()
    beginning = asyncio.ensure_future(_begin(call))  # type: ignore[arg-type] # it has what beginning needs.
    await asyncio.sleep(0)
    beginning.cancel()
    await asyncio.sleep(0.01)
    assert not beginning.done()
    call.out.set()
    with pytest.raises(asyncio.CancelledError):
        await beginning
    assert call.are_sent
