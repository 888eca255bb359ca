"""The admin pages of a running server: every metric in a real scrape, and health by name."""

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from certificates import NAMES, Authority
from held_port import HeldPort
from rpc_world import AVAILABLE, DEADLINE_SECONDS, Client, World, serving
from scrape import Scrape, page, scraped
from wait_until import wait_until

from onduty.v1 import workspace_service_pb2
from onduty_server.config import ConfigError, load_settings
from onduty_server.observability.admin_address import AdminAddressError
from onduty_server.observability.catalogue import METRICS, OTHER, TENANTS_MOST
from onduty_server.ports import JournalLockedError

ADMIN = {"admin": "127.0.0.1:0"}


@pytest.fixture
async def seen(journal_path: Path) -> AsyncIterator[World]:
    """A server that can be looked into."""
    async with serving(journal_path, **ADMIN) as started:
        yield started


async def scrape_of(world: World) -> Scrape:
    """What it says of itself."""
    return await scraped(world.running.admin)


async def scrape_with(world: World, least: float, name: str, **labels: str) -> Scrape:
    """The first scrape in which a series has come so far: what is counted may be counted a moment after it is seen."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while (scrape := await scrape_of(world)).value(name, **labels) < least:
            pass  # each scrape lets the server have its turn.
    return scrape


async def refused_change(client: Client) -> None:
    """A request that a rule refuses: nobody of that id is there."""
    await client.refused(workspace_service_pb2.ChangeStatusRequest(staff_id="nobody", choice={"status": AVAILABLE}))


# --- what there is ----------------------------------------------------------------------------------------------------


async def test_the_catalogue_is_what_a_scrape_has(journal_path: Path, tmp_path: Path):
    """Every metric of the catalogue has a sample in a scrape of a server at work, and no sample is of another metric."""
    cert, key = Authority(tmp_path).write("server", Authority(tmp_path).pair(*NAMES))
    async with serving(journal_path, tls_cert=str(cert), tls_key=str(key), sample=True, **ADMIN) as world:
        missing = METRICS.keys() - (await scrape_of(world)).names
        assert missing == {"onduty_refusals_total"}, "whose series are made by the first refusal of a reason"
    async with serving(journal_path, **ADMIN) as world:
        await refused_change(world.client)
        scrape = await scrape_of(world)
    assert "onduty_refusals_total" in scrape.names
    assert scrape.names <= METRICS.keys()
    for metric in METRICS.values():
        family = scrape.families[metric.name.removesuffix("_total")]
        assert family.type == metric.kind.value, metric.name
        labels = {name for sample in family.samples for name in sample.labels if name != "le"}
        assert labels <= set(metric.labels), metric.name


async def test_nobody_is_named(seen: World):
    """Neither staff nor calls are in a scrape, whatever has happened."""
    client = seen.client
    await client.create("zz-somebody", "zz-group", name="Zz Somebody")
    await client.change("zz-somebody", AVAILABLE)
    async with client.watch() as watch, client.attach("zz-somebody"):
        await watch.began()
        await refused_change(client)
        text = (await asyncio.to_thread(page, seen.running.admin, "/metrics")).text
    assert "zz" not in text.lower()


async def test_tenants_are_bounded(seen: World):
    """The largest have series of their own; all others are one."""
    for number in range(TENANTS_MOST + 5):
        await seen.caller(f"tenant-{number:02}").create("a")
    await seen.caller("tenant-54").create("b")
    scrape = await scrape_of(seen)
    assert len(scrape.labels("tenant")) == TENANTS_MOST + 1
    assert scrape.value("onduty_staff", tenant=OTHER, status="OFFLINE") == 5
    assert scrape.value("onduty_staff", tenant="tenant-54", status="OFFLINE") == 2


async def test_nothing_listens_where_nobody_asked(world: World):
    """The pages are served where a setting says so."""
    assert world.running.admin == ""


# --- what it says -----------------------------------------------------------------------------------------------------


async def test_requests_and_refusals_are_counted(seen: World):
    """A refusal is an outcome of its own, and no failure; each is in the histogram of its method."""
    await seen.client.create_available("ana")
    await refused_change(seen.client)
    scrape, method = await scrape_of(seen), "WorkspaceService/ChangeStatus"
    assert scrape.value("onduty_requests_total", method=method, outcome="ok") == 1
    assert scrape.value("onduty_requests_total", method=method, outcome="refused") == 1
    assert scrape.value("onduty_requests_total", method=method, outcome="failed") == 0
    assert scrape.value("onduty_request_seconds_count", method=method) == 2
    assert scrape.value("onduty_refusals_total", reason="STAFF_UNKNOWN", fault="caller") == 1


async def test_changes_and_their_delivery_are_counted(seen: World):
    """Committed, and written to who watches; a change of status has its cause."""
    async with seen.client.watch() as watch:
        await watch.began()
        await seen.client.create_available("ana")
        await watch.until_changes(2)
        scrape = await scrape_with(seen, 2, "onduty_changes_sent_total")
    assert scrape.value("onduty_changes_total", cause="STAFF") == 1
    assert scrape.value("onduty_changes_sent_total") == 2
    assert scrape.value("onduty_change_visible_seconds_count") == scrape.value("onduty_frames_sent_total")
    assert scrape.value("onduty_watchers", state="live") == 1
    assert scrape.value("onduty_streams", kind="watch") == 1
    assert scrape.value("onduty_journal_revision") == 2


async def test_a_stream_that_its_client_leaves_has_ended_by_it(seen: World):
    """Streams are in no histogram of requests, but their ends are counted."""
    async with seen.client.watch() as watch:
        await watch.began()
    ended = {"method": "RouterService/WatchStaff", "reason": "client"}
    scrape = await scrape_with(seen, 1, "onduty_streams_ended_total", **ended)
    assert "RouterService/WatchStaff" not in {
        dict(labels)["method"] for name, labels in scrape.samples if name == "onduty_request_seconds_count"
    }


# --- health -----------------------------------------------------------------------------------------------------------


async def test_readiness_names_what_is_wrong(seen: World):
    """While the journal takes nothing the page says so, and fails; every check is there by name."""
    ready = await asyncio.to_thread(page, seen.running.admin, "/readyz?verbose")
    assert (ready.status, ready.text.splitlines()[-1]) == (200, "ok")
    assert (await asyncio.to_thread(page, seen.running.admin, "/readyz")).text == "ok\n"
    seen.engine.queue.accepting = False
    failed = await asyncio.to_thread(page, seen.running.admin, "/readyz")
    assert failed.status == 503
    assert "[-] journal: the journal takes nothing" in failed.text
    assert (await scrape_of(seen)).value("onduty_ready", check="journal") == 0
    assert (await asyncio.to_thread(page, seen.running.admin, "/livez")).status == 200
    seen.engine.queue.accepting = True


async def test_the_pages_answer_while_the_loop_stands(seen: World, monkeypatch: pytest.MonkeyPatch):
    """They have a thread and a loop of their own: a loop that stands is told, and the counters are there all the same."""
    monkeypatch.setattr("onduty_server.observability.admin_pages.READ_SECONDS", 0.1)
    monkeypatch.setattr("onduty_server.observability.loop_watch.STANDS_AFTER_SECONDS", 0.2)
    answers: list[tuple[int, str]] = []

    def look() -> None:
        live = wait_until(lambda: (found := page(seen.running.admin, "/livez")).status != 200 and found, what="it is noticed")
        answers.append((live.status, live.text))
        answers.append((200, page(seen.running.admin, "/metrics").text))

    looking = threading.Thread(target=look)
    looking.start()
    looking.join()  # the loop of the server stands in this very call.
    (status, text), (_, metrics) = answers
    assert status == 503
    assert "[-] loop: the event loop has not turned" in text
    assert "onduty_changes_total" in Scrape(metrics).names
    assert Scrape(metrics).value("onduty_ready", check="loop") == 0


async def test_what_runs_here_is_told_without_secrets(journal_path: Path):
    """Version, store, and settings that are not the default."""
    async with serving(journal_path, **ADMIN) as world:
        info = json.loads((await asyncio.to_thread(page, world.running.admin, "/info")).text)
        assert info["store"] == world.engine.journal.store_id
    assert info["settings"]["admin"] == "127.0.0.1:0"
    assert "log_level" not in info["settings"]


# --- the address ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{}, {"insecure": True}])
def test_elsewhere_than_on_loopback_it_needs_tls(more: dict[str, bool]):
    """As the service itself does, unless it is told that the network keeps others away."""
    flags = {"admin": "0.0.0.0:9464", **more}
    if more:
        assert not load_settings(flags).admin_has_tls
        return
    with pytest.raises(ConfigError, match=r"admin: 0\.0\.0\.0:9464 can be reached from other machines, and needs TLS"):
        load_settings(flags)


async def test_an_address_that_is_taken_is_told(seen: World, tmp_path: Path):
    """Before a journal is made for nothing."""
    other = tmp_path / "other.db"
    with pytest.raises(AdminAddressError, match="for the admin pages"):
        async with serving(other, admin=seen.running.admin):
            pass
    assert not other.exists()


async def test_a_start_that_fails_gives_the_address_back(seen: World, journal_path: Path):
    """As where another process has the journal."""
    with contextlib.closing(HeldPort()) as port:
        with pytest.raises(JournalLockedError):
            async with serving(journal_path, admin=port.address):
                pass
        async with serving(journal_path.with_name("other.db"), admin=port.address) as world:
            assert (await asyncio.to_thread(page, world.running.admin, "/livez")).status == 200


async def test_with_tls_the_pages_elsewhere_are_encrypted_and_follow_the_files(journal_path: Path, tmp_path: Path):
    """The certificate of the service, and a new one for new connections when the files change."""
    authority = Authority(tmp_path)
    cert, key = authority.write("server", authority.pair(*NAMES))
    files = {"tls_cert": str(cert), "tls_key": str(key)}
    async with serving(journal_path, admin="0.0.0.0:0", **files) as world:
        port = world.running.admin.rpartition(":")[2]
        address, ca = f"localhost:{port}", str(authority.ca_file)
        assert (await asyncio.to_thread(page, address, "/livez", cafile=ca)).status == 200
        other = Authority(tmp_path, "other")
        tls = world.running.server.tls
        assert tls is not None
        other.write("server", other.pair(*NAMES))
        await tls.files.read_again()
        assert (await asyncio.to_thread(page, address, "/livez", cafile=str(other.ca_file))).status == 200
