"""A health watch sees every end of the server, whatever it was about when the end began."""

import asyncio

from grpc_health.v1 import health_pb2

from onduty_server.rpc.health import Health
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.quotas import StreamQuotas

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class SlowWrites:
    """A call whose first frame takes until the drain has begun: a moment that no real connection can be held at."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self.statuses: list[int] = []

    async def write(self, response: health_pb2.HealthCheckResponse) -> None:
        """Take the frame, and begin the drain within the first."""
        if not self.statuses:
            self._health.drain()
        self.statuses.append(response.status)


def test_a_drain_that_begins_while_a_frame_is_written_is_told() -> None:
    """NOT_SERVING follows, and only then the watch ends."""

    async def scenario() -> list[int]:
        health = Health([], StreamQuotas(Limits()))
        health.tell(serving=True)
        call = SlowWrites(health)
        await asyncio.wait_for(health.Watch(health_pb2.HealthCheckRequest(), call), 5)
        return call.statuses

    assert asyncio.run(scenario()) == [SERVING, NOT_SERVING]
