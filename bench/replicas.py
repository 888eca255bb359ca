"""Measures one, two and three replicas over one database: changes a second, their times, and those of a takeover.

Run ``python bench/replicas.py --seconds 8``. It needs the tests' PostgreSQL, and the service installed as for tests.
"""

import argparse
import asyncio
import os
import signal
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"  # a fork here only runs another program.

from adapters.postgres_factory import postgres_factory
from postgres_server import postgres_server
from replica_servers import CLIENT_SECONDS, ReplicaServers, replica_servers

from onduty.v1 import admin_service_pb2, staff_pb2, workspace_service_pb2
from onduty.v1.workspace_service_pb2_grpc import WorkspaceServiceStub

CALLERS = 64
STATUSES = (staff_pb2.STATUS_AVAILABLE, staff_pb2.STATUS_BUSY)


@dataclass(slots=True)
class Times:
    """How long each change took, in milliseconds, by who took the call."""

    leader: list[float] = field(default_factory=list)
    followers: list[float] = field(default_factory=list)


async def _change(stub: WorkspaceServiceStub, staff_id: str, until: float, times: list[float]) -> None:
    turn = 0
    while time.monotonic() < until:
        began_at, turn = time.monotonic(), turn + 1
        choice = {"status": STATUSES[turn % 2]}
        request_id = f"{staff_id}-{began_at}"
        await stub.ChangeStatus(
            workspace_service_pb2.ChangeStatusRequest(staff_id=staff_id, choice=choice, request_id=request_id), timeout=30
        )
        times.append((time.monotonic() - began_at) * 1000)


async def _load(addresses: list[str], seconds: float) -> Times:
    """Callers that change a person of their own each, spread over the addresses; the leader's is the first."""
    times = Times()
    channels = [grpc.aio.insecure_channel(address) for address in addresses]
    stubs = [WorkspaceServiceStub(channel) for channel in channels]
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for number in range(CALLERS):
            place = number % len(stubs)
            group.create_task(_change(stubs[place], f"b-{number}", until, times.followers if place else times.leader))
    for channel in channels:
        await channel.close()
    return times


def _takeover(servers: ReplicaServers, sig: signal.Signals) -> float:
    """From a signal to the leader until a follower has a change acknowledged, in seconds."""
    follower = servers.followers()[0]
    leader = servers.leader()
    began_at = time.monotonic()
    leader.process.send_signal(sig)
    request = workspace_service_pb2.ChangeStatusRequest(
        staff_id="b-0", choice={"status": STATUSES[0]}, request_id=f"takeover-{began_at}"
    )
    while True:
        try:
            follower.stubs.workspace.ChangeStatus(request, timeout=CLIENT_SECONDS)
        except grpc.RpcError:
            time.sleep(0.01)
        else:
            return time.monotonic() - began_at


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Measure one, two and three replicas over one database.")
    parser.add_argument("--seconds", type=float, default=8, help="for how long each is loaded (default 8)")
    seconds = parser.parse_args().seconds
    shown = Table("replicas", "changes/s", "leader p50", "leader p99", "forwarded p50", "forwarded p99", "killed", "stopped")
    with postgres_server() as database:
        for count in (1, 2, 3):
            with postgres_factory(database.address) as factory, replica_servers(factory) as servers:
                for _ in range(count):
                    servers.start()
                leader = servers.leader()
                for number in range(CALLERS):
                    request = admin_service_pb2.CreateStaffRequest(staff_id=f"b-{number}")
                    leader.stubs.admin.CreateStaff(request, timeout=CLIENT_SECONDS)
                addresses = [leader.address, *(server.address for server in servers.followers())]
                times = asyncio.run(_load(addresses, seconds))
                rate = (len(times.leader) + len(times.followers)) / seconds
                cells = [*_percentiles(times.leader), *(_percentiles(times.followers) if count > 1 else ["", ""])]
                takeovers = [f"{_takeover(servers, signal.SIGKILL):.2f} s" if count > 1 else ""]
                takeovers.append(f"{_takeover(servers, signal.SIGSTOP):.2f} s" if count > 2 else "")
                shown.add_row(str(count), f"{rate:,.0f}", *cells, *takeovers)
    Console(width=120).print(shown)
    return 0


def _percentiles(times: list[float]) -> list[str]:
    cuts = statistics.quantiles(times, n=100)
    return [f"{cuts[49]:.0f} ms", f"{cuts[98]:.0f} ms"]


if __name__ == "__main__":
    sys.exit(main())
