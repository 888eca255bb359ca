"""What callers and tenants may ask for a second, and the other limits of callers: named, counted, and open again in time."""

import asyncio
import tracemalloc
from pathlib import Path
from typing import Any

import grpc
import pytest
from credentials import KeyFile, with_credential
from google.rpc import error_details_pb2
from rpc_world import DEADLINE_SECONDS, Client, World, eventually, refusal_of, serving

from onduty.v1 import history_service_pb2 as history
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import server_service_pb2 as server
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.config import OPTIONS, load_settings, split_address
from onduty_server.config_limits import USUAL_RATES, limits_of
from onduty_server.domain.access.principal import CredentialKind, Identity, Principal
from onduty_server.domain.model.errors import RateLimitedError
from onduty_server.rpc import rates
from onduty_server.rpc.failing import PUSHBACK_KEY
from onduty_server.rpc.peers import network_of
from onduty_server.rpc.rates import BURST_SECONDS, Buckets, Payer, RateLimits, Rates, payer_of

EXHAUSTED = grpc.StatusCode.RESOURCE_EXHAUSTED
WHO_AM_I = server.WhoAmIRequest()
ANA, BEN = Payer("ana", "north"), Payer("ben", "north")
MEBIBYTE = 1024 * 1024
FAR = 1_000_000
"""A rate that no test reaches."""


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    """Two callers of the tenant north, and one of south."""
    file = KeyFile(tmp_path / "keys.jsonl")
    for name in ("first", "second"):
        file.add(name, "workspace", "router", "supervisor", "admin", all_staff=True)
    file.add("other", "workspace", "router", "supervisor", "admin", all_staff=True, tenants=("south",))
    return file


def who(world: World, keys: KeyFile, key_id: str) -> Client:
    """Who has the key."""
    return with_credential(world.channel, keys.keys[key_id])


async def ask_until_refused(client: Client, request: Any = WHO_AM_I, most: int = 2_000) -> Any:
    """The refusal that comes when a request is repeated."""
    for _ in range(most):
        call = client.call(request, timeout=DEADLINE_SECONDS)
        if await call.code() is not grpc.StatusCode.OK:
            return call
    raise AssertionError("it was never refused")


# --- the buckets ------------------------------------------------------------------------------------------------------


def test_a_bucket_gives_a_burst_and_then_its_rate():
    """What was not used for five seconds may be used at once; after that as much as flows in."""
    buckets = Buckets("calls_per_caller", 10)
    for _ in range(10 * int(BURST_SECONDS)):
        buckets.check("ana", 100.0)
        buckets.take("ana", 1, 100.0)
    with pytest.raises(RateLimitedError) as refused:
        buckets.check("ana", 100.0)
    assert (refused.value.bound, refused.value.per_second) == ("calls_per_caller", 10)
    assert 0.1 <= refused.value.retry_after_seconds <= 0.125
    buckets.check("ana", 100.0 + refused.value.retry_after_seconds)
    buckets.check("ben", 100.0)


def test_a_batch_larger_than_the_bucket_is_taken_and_paid_for():
    """It would never be taken otherwise; the next waits until all of it is paid."""
    limits = RateLimits(Rates(items_per_caller=10))
    limits.items(ANA, 1_000, 0.0)
    with pytest.raises(RateLimitedError) as refused:
        limits.items(ANA, 1, 1.0)
    assert refused.value.retry_after_seconds >= 94
    limits.items(ANA, 1, 96.0)
    limits.items(BEN, 1, 1.0)


def test_a_tenants_callers_share_its_bucket():
    """Each has less than its own, and all together have the tenant's."""
    limits = RateLimits(Rates(calls_per_caller=100, calls_per_tenant=100))
    for _ in range(250):
        limits.call(ANA, 10, 0.0)
        limits.call(BEN, 10, 0.0)
    for payer in (ANA, BEN):
        with pytest.raises(RateLimitedError) as refused:
            limits.call(payer, 10, 0.0)
        assert refused.value.bound == "calls_per_tenant"
    limits.call(Payer("ana of south", "south"), 10, 0.0)


def test_what_is_answered_is_paid_for_before_the_next_call():
    """Bytes of answers and frames count with those of requests."""
    limits = RateLimits(Rates(bytes_per_caller=100))
    limits.call(ANA, 100, 0.0)
    limits.sent(ANA, 1_000, 0.0)
    with pytest.raises(RateLimitedError) as refused:
        limits.call(ANA, 1, 0.0)
    assert refused.value.bound == "bytes_per_caller"


def test_buckets_are_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch):
    """However many callers come, and however long their names are; who came last has one."""
    monkeypatch.setattr(rates, "BUCKETS_BYTES", 2 * MEBIBYTE)
    tracemalloc.start()
    try:
        buckets = Buckets("calls_per_caller", 1)
        for number in range(10_000):
            buckets.take(str(number) + "\U0001f4de" * 250, 7, 0.0)
        for number in range(10_000):
            buckets.take(str(number), 7, 0.0)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert buckets.size <= rates.BUCKETS_BYTES
    assert held < 1.2 * rates.BUCKETS_BYTES
    assert buckets.level("9999", 0.0) < buckets.level("0", 0.0)


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("ipv4:192.0.2.7:50123", "ipv4:192.0.2.7"),
        ("ipv6:%5B2001:db8:1:2:3:4:5:6%5D:50123", "ipv6:2001:db8:1:2::/64"),
        ("ipv6:[2001:db8:1:2:ffff::9]:50123", "ipv6:2001:db8:1:2::/64"),
        ("ipv6:%5B::ffff:192.0.2.7%5D:50123", "ipv4:192.0.2.7"),
        ("ipv6:%5Bfe80::1%25eth0%5D:50123", "ipv6:fe80::/64"),
        ("unix:", "unix"),
        ("unix:/run/onduty/beside", "unix"),
        ("ipv6:what is this", "ipv6"),
    ],
)
def test_the_network_of_a_peer(peer: str, network: str):
    """One machine is one, whatever ports and addresses of its own it takes."""
    assert network_of(peer) == network


def test_who_pays():
    """A credential says who somebody is; without one names are only said, and the network is known."""
    peer = "ipv4:192.0.2.7:50123"
    key = Principal(CredentialKind.KEY, "k", frozenset({"north"}), frozenset(), "ana")
    assert payer_of(Identity("north", "ana", key), peer) == payer_of(Identity("north", "ana", key), "ipv4:192.0.2.8:1")
    assert payer_of(Identity("north", "ana"), peer) == payer_of(Identity("north", "ben"), "ipv4:192.0.2.7:1")
    assert payer_of(Identity("north", "ana"), peer).tenant == "north"


def test_usual_rates_hold_where_callers_show_credentials(tmp_path: Path):
    """An open server has none unless it is told; what is told counts everywhere, and 0 is none."""
    listen = {"listen": "127.0.0.1:0", "journal": str(tmp_path / "journal.db")}
    assert limits_of(load_settings(listen)).rates == Rates()
    assert limits_of(load_settings({**listen, "calls_per_caller": 7})).rates == Rates(calls_per_caller=7)
    guarded = limits_of(load_settings({**listen, "keys": "keys.jsonl", "bytes_per_tenant": 0})).rates
    assert guarded == Rates(**{**{name: getattr(USUAL_RATES, name) for name in Rates.__slots__}, "bytes_per_tenant": 0})


# --- a server ---------------------------------------------------------------------------------------------------------


async def test_who_asks_too_often_is_told_which_limit_and_when(journal_path: Path, keys: KeyFile):
    """RESOURCE_EXHAUSTED with the limit's name, RetryInfo, gRPC's pushback; another caller of the tenant goes on. Counted."""
    async with serving(journal_path, keys=str(keys.path), calls_per_caller=4) as world:
        call = await ask_until_refused(who(world, keys, "first"), most=1_000)
        refused = await refusal_of(call)
        assert (refused.code, refused.reason) == (EXHAUSTED, "RATE_LIMITED")
        assert refused.metadata == {"limit": "4", "name": "calls_per_caller"}
        wait = refused.detail(error_details_pb2.RetryInfo).retry_delay
        pushback = dict(await call.trailing_metadata())[PUSHBACK_KEY]
        assert int(pushback) == wait.ToMilliseconds() > 0
        assert (await who(world, keys, "second").ask(WHO_AM_I)).actor_id == "second"
        assert world.running.server.limited.counts == {"calls_per_caller": 1}
        await asyncio.sleep(wait.ToMilliseconds() / 1000)
        async with asyncio.timeout(DEADLINE_SECONDS):
            while await who(world, keys, "first").call(WHO_AM_I).code() is not grpc.StatusCode.OK:
                await asyncio.sleep(0.05)


async def test_who_takes_another_name_each_time_is_refused_all_the_same(journal_path: Path):
    """Without credentials a caller is where calls come from: other actors, tenants and connections gain nothing."""
    async with serving(journal_path, calls_per_caller=4) as world:
        refused = None
        for number in range(1_000):
            named = Client(world.channel, tenant=f"t{number}", actor=f"a{number}")
            call = named.call(WHO_AM_I, timeout=DEADLINE_SECONDS)
            if await call.code() is not grpc.StatusCode.OK:
                refused = await refusal_of(call)
                break
        assert refused is not None
        assert (refused.reason, refused.metadata["name"]) == ("RATE_LIMITED", "calls_per_caller")
        async with world.another_channel() as client:
            assert (await refusal_of(await ask_until_refused(client, most=10))).metadata["name"] == "calls_per_caller"


async def test_a_tenant_that_asks_too_often_keeps_nobody_else_from_asking(journal_path: Path, keys: KeyFile):
    """Both of its callers are refused; the other tenant's is not."""
    async with serving(journal_path, keys=str(keys.path), calls_per_tenant=4, calls_per_caller=FAR) as world:
        refused = await refusal_of(await ask_until_refused(who(world, keys, "first")))
        assert refused.metadata["name"] == "calls_per_tenant"
        assert (await who(world, keys, "second").refused(WHO_AM_I)).metadata["name"] == "calls_per_tenant"
        assert (await who(world, keys, "other").ask(WHO_AM_I)).actor_id == "other"


async def test_items_of_batches_count(journal_path: Path, keys: KeyFile):
    """Two batches of a hundred where five a second are taken: the second is refused as a whole, and nothing of it is done."""
    async with serving(journal_path, keys=str(keys.path), items_per_caller=5) as world:
        client = who(world, keys, "first")
        await client.create("ana")
        events = [{"started": {"staff_id": "ana", "call_id": f"c{number}"}} for number in range(20)]
        assert len((await client.ask(router.ReportCallEventsRequest(events=events))).results) == 20
        refused = await refusal_of(await ask_until_refused(client, router.ReportCallEventsRequest(events=events)))
        assert refused.metadata == {"limit": "5", "name": "items_per_caller"}
        forces = [{"staff_id": "ana", "choice": {"status": 2}, "note": "x"}]
        refused = await client.refused(supervisor.BatchForceStatusRequest(requests=forces))
        assert refused.reason == "RATE_LIMITED"
        assert (await who(world, keys, "second").get("ana")).revision


async def test_bytes_of_answers_and_frames_count(journal_path: Path, keys: KeyFile):
    """Somebody who reads the whole floor again and again is refused in the end; so is who only watches."""
    async with serving(journal_path, keys=str(keys.path), bytes_per_caller=2_000) as world:
        other = who(world, keys, "second")
        for number in range(20):
            await other.create(f"s{number}", name="n" * 50)
        client = who(world, keys, "first")
        for _ in range(5):
            async with client.watch() as watch:
                if len(watch.view) < 20:
                    break
        refused = await refusal_of(await ask_until_refused(client, router.ListStaffRequest()))
        assert refused.metadata["name"] == "bytes_per_caller"


async def test_a_gateway_has_so_many_workspaces(journal_path: Path, keys: KeyFile):
    """Those of one credential; another credential's are its own."""
    async with serving(journal_path, keys=str(keys.path), workspaces_per_caller=2) as world:
        first, second = who(world, keys, "first"), who(world, keys, "second")
        for staff_id in ("ana", "ben", "cat"):
            await first.create(staff_id)
        async with first.attach("ana") as ana, first.attach("ben") as ben, second.attach("cat") as cat:
            for stream in (ana, ben, cat):
                await stream.frame()
            refused = await first.refused(workspace.AttachRequest(staff_id="cat"))
            assert (refused.code, refused.reason) == (EXHAUSTED, "ATTACHMENT_QUOTA")
            assert refused.metadata == {"limit": "2", "name": "workspaces_per_caller"}
        await eventually(lambda: not world.open_streams, "they are counted out")
        async with first.attach("cat") as again:
            await again.frame()


async def test_one_caller_has_so_many_questions_about_the_past(journal_path: Path, keys: KeyFile):
    """More are refused at once, exports among them; other callers' are not."""
    asked = history.ListTransitionsRequest()
    async with serving(journal_path, keys=str(keys.path), scans_per_caller=2) as world:
        first = who(world, keys, "first")
        await first.create("ana")
        world.journal.hold_reads()
        held = [first.call(asked), first.open(history.ExportTransitionsRequest()).call]
        reading = [asyncio.ensure_future(held[0]), asyncio.ensure_future(held[1].read())]
        await eventually(lambda: sum(world.running.server._gate.admission._scans._open.values()) == 2, "both are under way")
        refused = await first.refused(asked)
        assert (refused.reason, refused.metadata) == ("OVERLOADED", {"limit": "2", "name": "scans_per_caller"})
        other = asyncio.ensure_future(who(world, keys, "second").ask(asked))
        world.journal.release()
        assert (await other).transitions
        await asyncio.gather(*reading)
        held[1].cancel()
        assert (await first.ask(asked)).transitions


async def is_taken(address: str) -> tuple[bool, asyncio.StreamWriter]:
    """Whether the server takes a new connection, which is closed at once where it does not; and the connection.

    By hand: a channel of gRPC may keep a connection for a while after it was closed.
    """
    host, port = split_address(address)
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
    async with asyncio.timeout(DEADLINE_SECONDS):
        try:
            greeting = await reader.read(9)
        except ConnectionError:
            greeting = b""
    return bool(greeting), writer


async def test_connections_in_all_are_bounded(journal_path: Path):
    """One more is closed at once; when one is gone, the next is taken."""
    async with serving(journal_path, connections=2) as world:
        assert (await world.client.ask(WHO_AM_I)).tenant == "default"
        (second, connection), (third, refused) = [await is_taken(world.running.address) for _ in range(2)]
        assert second
        assert not third
        refused.close()
        connection.close()
        async with asyncio.timeout(DEADLINE_SECONDS):
            while not (found := await is_taken(world.running.address))[0]:  # until the server has seen that one is gone.
                found[1].close()
        found[1].close()


async def test_a_connection_and_its_streams_come_of_age(journal_path: Path):
    """A stream is told to come again and ends well, with its position; calls of old connections go on over new ones."""
    async with serving(journal_path, connection_age=1.0) as world:
        await world.client.create("ana")
        colleagues = world.client.open(workspace.WatchColleaguesRequest(staff_id="ana"))
        async with world.client.watch() as watch, world.client.attach("ana") as desk, colleagues:
            for stream in (watch, desk, colleagues):
                frames = await stream.rest()
                assert [frame.HasField("going_away") for frame in frames] == [*[False] * (len(frames) - 1), True]
                assert frames[-1].position
                assert frames[-1].going_away.HasField("reconnect_after")
        async with world.client.watch(resume_after=watch.position) as again:
            await again.began()


async def test_the_servers_limits_are_told(journal_path: Path, keys: KeyFile):
    """GetServerInfo has them, as they are in force."""
    async with serving(journal_path, keys=str(keys.path), calls_per_caller=77, items_per_tenant=0) as world:
        limits = (await who(world, keys, "first").ask(server.GetServerInfoRequest())).limits
    assert (limits.calls_per_caller, limits.items_per_tenant) == (77, 0)
    assert limits.calls_per_tenant == USUAL_RATES.calls_per_tenant
    assert (limits.workspaces_per_caller, limits.scans_per_caller) == (15_000, 50)


@pytest.mark.parametrize("name", Rates.__slots__)
def test_the_words_of_the_usual_rates_are_their_numbers(name: str):
    """Help and page say what is in force."""
    number = getattr(USUAL_RATES, name)
    words = f"{number // (1024 * 1024)} MiB" if name.startswith("bytes") else f"{number:,}"
    (option,) = (row.option for row in OPTIONS if row.name == name)
    assert option.default == f"{words} with credentials, else any"
