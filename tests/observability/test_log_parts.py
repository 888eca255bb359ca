"""The parts of the log: lines of gRPC's core, settings without secrets, clients told once within bounds."""

import contextlib
import io
import os

import pytest
from structlog.testing import capture_logs

from onduty_server.domain.access.principal import Identity
from onduty_server.observability import arrivals
from onduty_server.observability.arrivals import Arrivals
from onduty_server.observability.life import HIDDEN, shown_settings
from onduty_server.observability.log_sink import LogSink, tell_line

ANYBODY = Identity("default")


@pytest.mark.parametrize(
    ("line", "event", "level"),
    [
        ("E1126 12:00:00.123456   4242 add_port.cc:83] Failed to add port", "grpc_core_line", "error"),
        ("W1126 12:00:00.123456 7 a.cc:1] careful", "grpc_core_line", "warning"),
        ("something else", "stderr_line", "warning"),
    ],
)
def test_a_line_of_the_core_has_its_own_level_and_place(line: str, event: str, level: str) -> None:
    """Other lines are told as they are."""
    with capture_logs() as logs:
        tell_line(line)
    (told,) = logs
    assert (told["event"], told["log_level"]) == (event, level)
    assert told.get("place") in {None, "add_port.cc:83", "a.cc:1"}
    assert told["text"] in line


def test_settings_are_told_where_they_differ_and_secrets_never() -> None:
    """A name that may hold a secret is told without its value."""
    defaults = {"drain": 5.0, "listen": "a", "api_token": None}
    shown = shown_settings({"drain": 1.0, "listen": "a", "api_token": "s3cret"}, defaults)
    assert shown == {"drain": 1.0, "api_token": HIDDEN}


def test_what_cannot_be_written_is_dropped_and_counted() -> None:
    """A closed stream, and none at all."""
    closed = io.StringIO()
    closed.close()
    for stream in (closed, None):
        sink = LogSink(stream)
        sink.write("a line\n")
        sink.write("a line\n")
        assert sink.dropped == 2
        assert not sink.is_terminal


def test_a_client_is_told_once_over_all_its_connections() -> None:
    """The same host, software and tenant by another port is the same client."""
    seen = Arrivals()
    with capture_logs() as logs:
        for port in range(5):
            seen.seen(f"ipv4:10.0.0.7:{port}", (("user-agent", "router/1"),), ANYBODY, 0.0)
        seen.seen("ipv6:%5B::1%5D:9", (), Identity("north"), 0.0)
    assert [(one["peer"], one["user_agent"], one["tenant"]) for one in logs] == [
        ("ipv4:10.0.0.7", "router/1", "default"),
        ("ipv6:[::1]", "", "north"),
    ]


def test_many_clients_at_once_are_told_at_a_bounded_rate() -> None:
    """Those left out are counted, and told when they come again later."""
    seen = Arrivals()
    with capture_logs() as logs:
        for host in range(100):
            seen.seen(f"ipv4:10.0.0.{host}:1", (), ANYBODY, 0.0)
        seen.seen("ipv4:10.0.0.99:2", (), ANYBODY, 10.0)
    assert len(logs) == arrivals.TOLD_AT_ONCE + 1
    assert logs[-1]["untold"] == 100 - arrivals.TOLD_AT_ONCE


def test_what_is_remembered_of_clients_is_bounded() -> None:
    """However many connections and clients come."""
    seen = Arrivals()
    with capture_logs() as logs:
        for number in range(3 * arrivals.CONNECTIONS_KEPT):
            seen.seen(f"ipv4:h{number}:1", (), ANYBODY, float(number))
    assert len(logs) == arrivals.CLIENTS_TOLD
    assert len(seen._connections) <= arrivals.CONNECTIONS_KEPT
    assert len(seen._clients) == arrivals.CLIENTS_TOLD


def test_a_reader_that_has_stopped_holds_nothing_up():
    """What a full pipe does not take is dropped and counted; once it is read, whole lines come again."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        sink, line = LogSink(stream), "x" * 9_999 + "\n"
        for _ in range(100):
            sink.write(line)
        assert 0 < sink.dropped < 100
        dropped = sink.dropped
        os.set_blocking(reading, False)
        with contextlib.suppress(BlockingIOError):
            while os.read(reading, 1 << 20):
                pass
        sink.write("again\n")
        assert os.read(reading, 1 << 20).decode().splitlines()[-1] == "again"
        assert sink.dropped == dropped
    os.close(reading)
