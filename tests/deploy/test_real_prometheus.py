"""A real Prometheus with the shipped rules beside a real server: alerts fire when their cause is there, and clear after it."""

import contextlib
import itertools
import json
import os
import resource
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from certificates import NAMES, Authority
from prometheus_server import Prometheus, prometheus
from promtool import DASHBOARDS
from repeating import repeated
from running_server import RunningServer, running_server
from scrape import admin_address
from wait_until import wait_until

from onduty.v1 import router_service_pb2, workspace_service_pb2
from onduty.v1.router_service_pb2_grpc import RouterServiceStub
from onduty.v1.workspace_service_pb2_grpc import WorkspaceServiceStub
from onduty_server.observability.catalogue import METRICS

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
CALL_SECONDS = 60
FEW_WATCHES = 3
STAND_SECONDS = 0.45
FILLS_SECONDS = 4 * 3600
NO_WINDOW = [("grpc.http2.lookahead_bytes", 0), ("grpc.http2.bdp_probe", 0)]


class Scene:
    """A server, its Prometheus, and what a test does to them."""

    def __init__(self, server: RunningServer, authority: Authority, watching: Prometheus) -> None:
        """All run."""
        self.server = server
        self.authority = authority
        self.prometheus = watching

    @contextlib.contextmanager
    def channel(self) -> Iterator[grpc.Channel]:
        """A connection of its own."""
        credentials = grpc.ssl_channel_credentials(self.authority.pem)
        options = [("grpc.use_local_subchannel_pool", 1), *NO_WINDOW]
        with grpc.secure_channel(self.server.address, credentials, options=options) as channel:
            yield channel

    def write_certificate(self, ends_in: timedelta) -> None:
        """The server's certificate, which it reads again every second."""
        self.authority.write("server", self.authority.pair(*NAMES, ends_at=datetime.now(UTC) + ends_in))  # noqa: TID251 - a certificate's end is a date.


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One for all tests: each leaves it as it was."""
    folder = tmp_path_factory.mktemp("sight")
    authority = Authority(folder)
    cert, key = authority.write("server", authority.pair(*NAMES))
    flags = ["--sample", "--log-format", "json", "--admin", "127.0.0.1:0", "--streams-per-caller", str(FEW_WATCHES)]
    flags += ["--tls-cert", str(cert), "--tls-key", str(key)]
    with running_server(folder / "journal.db", flags=flags) as server:
        admin = admin_address(server.log)
        with prometheus(folder, admin) as watching:
            yield Scene(server, authority, watching)


def test_nothing_fires_while_all_is_well(scene: Scene):
    """And Prometheus has every metric of the catalogue that has a value at all."""
    names = set(scene.prometheus.ask("label/__name__/values"))
    families = {name.removesuffix("_bucket") for name in names}
    assert METRICS.keys() - families == {"onduty_refusals_total"}
    wait_until(lambda: not scene.prometheus.firing(), what="nothing fires")


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboards_show_something(scene: Scene, path: Path):
    """Every panel has a line, but for what only refusals, calls and the like make."""
    with scene.channel() as channel:
        change(channel, 1)
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            for target in panel.get("targets", ()):
                asked = target["expr"].replace("$__rate_interval", "5s").replace("$instance", ".*").replace("$tenant", ".*")
                if "onduty_refusals_total" not in asked:
                    assert wait_until(lambda asked=asked: scene.prometheus.ask("query", query=asked)["result"], what=asked)


def change(channel: grpc.Channel, status: int) -> None:
    """Change a status of the sample."""
    request = workspace_service_pb2.ChangeStatusRequest(staff_id="ana", choice={"status": status})
    WorkspaceServiceStub(channel).ChangeStatus(request, timeout=CALL_SECONDS)


def test_a_certificate_that_ends_soon_alerts_until_it_is_renewed(scene: Scene):
    """First the warning, within three days the critical one; a new pair in the same files clears both."""
    scene.write_certificate(10 * DAY)
    assert scene.prometheus.until_fires("OndutyCertificateExpires")["severity"] == "warning"
    assert "OndutyCertificateExpiresSoon" not in scene.prometheus.firing()
    scene.write_certificate(2 * DAY)
    assert scene.prometheus.until_fires("OndutyCertificateExpiresSoon")["severity"] == "critical"
    scene.write_certificate(100 * DAY)
    scene.prometheus.until_clear("OndutyCertificateExpires", "OndutyCertificateExpiresSoon")


def test_what_is_too_much_alerts(scene: Scene):
    """A caller that opens more watches than it may, again and again; it clears when the caller has stopped."""
    with scene.channel() as channel:
        stub = RouterServiceStub(channel)
        held = [stub.WatchStaff(router_service_pb2.WatchStaffRequest()) for _ in range(FEW_WATCHES)]
        for stream in held:
            next(stream)
        with repeated(lambda: next(stub.WatchStaff(router_service_pb2.WatchStaffRequest()))):
            assert scene.prometheus.until_fires("OndutyOverloaded")["reason"] == "WATCH_QUOTA"
        for stream in held:
            stream.cancel()
    scene.prometheus.until_clear("OndutyOverloaded")


def test_a_journal_that_cannot_be_written_alerts_until_it_can(scene: Scene):
    """As on a full disk. It heals by itself, and so do the alerts."""
    wal = Path(f"{scene.server.journal}-wal").stat().st_size
    pid = scene.server.process.pid
    unlimited = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (wal, unlimited[1]))
    try:
        with scene.channel() as channel, repeated(_alternating(channel)):
            assert scene.prometheus.until_fires("OndutyJournalFailed")["severity"] == "critical"
            assert scene.prometheus.until_fires("OndutyNotReady")["check"] == "journal"
            assert scene.prometheus.until_fires("OndutyErrorsMany")
            assert scene.prometheus.until_fires("OndutyErrors")
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
    scene.prometheus.until_clear("OndutyJournalFailed", "OndutyNotReady", "OndutyErrorsMany", "OndutyErrors")


def _alternating(channel: grpc.Channel) -> Callable[[], object]:
    """Changes a status to and fro, so that each is a change."""
    turns = iter(range(10**9))
    return lambda: change(channel, 1 + next(turns) % 2)


def test_a_client_that_does_not_read_alerts_until_it_is_gone(scene: Scene):
    """It is seen while the stream is open, long before the service ends it. Once it reads on, what it gets comes late."""
    with scene.channel() as talking, scene.channel() as silent:
        stream = RouterServiceStub(silent).WatchStaff(router_service_pb2.WatchStaffRequest())
        next(stream)
        with repeated(_many_changes(talking)):
            scene.prometheus.until_fires("OndutyWatchersStalled")
            scene.prometheus.until_fires("OndutyWatchLag")
        with repeated(lambda: next(stream), every=0.0):
            scene.prometheus.until_fires("OndutyChangesLate")
        stream.cancel()
    scene.prometheus.until_clear("OndutyWatchersStalled", "OndutyWatchLag", "OndutyChangesLate")


def _many_changes(channel: grpc.Channel) -> Callable[[], object]:
    """Five hundred calls that begin and end, in one batch; the ids are long, so that frames are large."""
    turns = iter(range(10**9))
    pb = router_service_pb2

    def work() -> None:
        turn, events = next(turns), []
        for number in range(500):
            one = {"staff_id": "ana", "call_id": f"call-{turn}-{number}", "source": "p" * 120}
            events += [
                pb.CallEvent(started=pb.ReportCallStartedRequest(**one)),
                pb.CallEvent(ended=pb.ReportCallEndedRequest(**one)),
            ]
        RouterServiceStub(channel).ReportCallEvents(pb.ReportCallEventsRequest(events=events), timeout=CALL_SECONDS)

    return work


def test_a_loop_that_stands_again_and_again_alerts(scene: Scene):
    """As on a machine that is stopped and goes on, or swaps."""
    process = scene.server.process

    def stop_for_a_while() -> None:
        process.send_signal(signal.SIGSTOP)
        time.sleep(STAND_SECONDS)  # no wait for a condition: the length is what is provoked.
        process.send_signal(signal.SIGCONT)

    with repeated(stop_for_a_while, every=1.0):
        scene.prometheus.until_fires("OndutyLoopStalls")
    scene.prometheus.until_clear("OndutyLoopStalls")


def test_few_open_files_alert(scene: Scene):
    """The limit is lowered to a little above what is open."""
    pid = scene.server.process.pid
    limit = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    open_now = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (int(open_now * 1.1) + 2, limit[1]))
    try:
        scene.prometheus.until_fires("OndutyOpenFilesFew")
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, limit)
    scene.prometheus.until_clear("OndutyOpenFilesFew")


def test_a_disk_that_fills_alerts_before_it_is_full(scene: Scene, tmp_path: Path):
    """A file beside the journal takes room at four times the rate that would fill the disk within the time of the alert."""
    folder = Path(scene.server.journal).parent
    free = shutil.disk_usage(folder).free
    step = max(free * 4 // FILLS_SECONDS // 20, 1 << 20)
    with (folder / "filler").open("wb") as filler:
        taken = itertools.count()
        with repeated(lambda: os.posix_fallocate(filler.fileno(), next(taken) * step, step)):
            scene.prometheus.until_fires("OndutyDiskFills")
    (folder / "filler").unlink()
    scene.prometheus.until_clear("OndutyDiskFills")


def test_a_reader_that_stays_lets_the_log_grow(scene: Scene):
    """Another program reads the journal in one transaction; when it has gone, the log is given back with the next changes."""
    with contextlib.closing(sqlite3.connect(scene.server.journal, isolation_level=None)) as reader, scene.channel() as channel:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with repeated(_many_changes(channel), every=0.0):
            scene.prometheus.until_fires("OndutyWriteAheadLogGrows")
        reader.execute("ROLLBACK")
        with repeated(_alternating(channel)):
            scene.prometheus.until_clear("OndutyWriteAheadLogGrows")


def test_calls_that_end_without_anybody_saying_so_alert(scene: Scene):
    """A source reports starts only, and its lists of running calls miss them."""
    pb, turns = router_service_pb2, itertools.count()
    with scene.channel() as channel:
        stub = RouterServiceStub(channel)

        def lose_a_call() -> None:
            started = pb.ReportCallStartedRequest(staff_id="ana", call_id=f"lost-{next(turns)}", source="pbx")
            stub.ReportCallStarted(started, timeout=CALL_SECONDS)
            stub.ReconcileCalls(pb.ReconcileCallsRequest(source="pbx"), timeout=CALL_SECONDS)

        with repeated(lose_a_call, every=0.01):
            scene.prometheus.until_fires("OndutyHangUpsLost")
    scene.prometheus.until_clear("OndutyHangUpsLost")


def test_a_server_that_is_gone_alerts(tmp_path: Path):
    """Until another one has its place."""
    with running_server(tmp_path / "journal.db", flags=["--log-format", "json", "--admin", "127.0.0.1:0"]) as server:
        admin = admin_address(server.log)
        with prometheus(tmp_path, admin) as watching:
            assert "OndutyDown" not in watching.firing()
            server.stop()
            assert watching.until_fires("OndutyDown")["severity"] == "critical"
            with running_server(tmp_path / "journal.db", flags=["--log-format", "json", "--admin", admin]):
                watching.until_clear("OndutyDown")
