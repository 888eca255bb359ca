"""The audit log: what is in it, what is left out of a flood, who can list it, and that nothing secret is in it or anywhere."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from credentials import KeyFile, read_again, with_credential
from fake_clock import FakeClock
from issuer import AUDIENCE, ISSUER, Issuer
from rpc_world import Client, World, serving
from structlog.testing import capture_logs

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import server_service_pb2 as server
from onduty_server.auth.audit_entries import AuditEntry, AuditKind, entry_of, line_of
from onduty_server.auth.audit_files import AuditFiles, latest_entries, older_files, read_entries
from onduty_server.auth.audit_log import ALIKE_APART, LISTED_MOST, REFUSALS_AT_ONCE, AuditLog
from onduty_server.domain.model.status import SECOND, Instant

REFUSED, CREDENTIALS = admin.AUDIT_KIND_ACCESS_REFUSED, admin.AUDIT_KIND_CREDENTIALS_CHANGED
CONFIGURED, STARTED = admin.AUDIT_KIND_CONFIGURATION_CHANGED, admin.AUDIT_KIND_SERVER_STARTED
FILE_REFUSED = admin.AUDIT_KIND_FILE_REFUSED
WHO_AM_I = server.WhoAmIRequest()


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    """An administrator of each of two tenants, and a router."""
    file = KeyFile(tmp_path / "keys.jsonl")
    file.add("boss", "admin")
    file.add("router", "router")
    file.add("other", "admin", tenants=("south",))
    return file


@pytest.fixture
async def guarded(journal_path: Path, keys: KeyFile) -> AsyncIterator[World]:
    """A server that asks for keys."""
    async with serving(journal_path, keys=str(keys.path)) as world:
        yield world


def who(world: World, keys: KeyFile, key_id: str, tenant: str = "") -> Client:
    """Who has the key."""
    return with_credential(world.channel, keys.keys[key_id], tenant)


async def listed(client: Client, *kinds: int, **fields: Any) -> list[admin.AuditEntry]:
    """The audit log, as a client reads it, in pages of two."""
    found: list[admin.AuditEntry] = []
    token = ""
    while True:
        request = admin.ListAuditEntriesRequest(kinds=kinds, page_size=2, page_token=token, **fields)  # type: ignore[arg-type]
        page = await client.ask(request)
        found += page.entries
        token = page.next_page_token
        if not token:
            return found


# --- what is in it ----------------------------------------------------------------------------------------------------


async def test_refusals_say_who_what_and_from_where(guarded: World, keys: KeyFile):
    """One for want of a role, of another tenant, of a revoked key: with the credential's name and the connection's address."""
    await who(guarded, keys, "router").refused(admin.CreateStaffRequest(staff_id="ana"))
    await who(guarded, keys, "router", "south").refused(WHO_AM_I)
    keys.change("router", revoked_at="2020-01-01T00:00:00Z")
    await read_again(guarded)
    await who(guarded, keys, "router").refused(WHO_AM_I)
    entries = await listed(who(guarded, keys, "boss"), REFUSED)
    told = [
        (one.actor_id, one.credential_kind, one.credential_id, one.method.rpartition("/")[2], one.problem) for one in entries
    ]
    assert told == [
        ("router", "key", "router", "CreateStaff", "ROLE"),
        ("router", "key", "router", "WhoAmI", "TENANT"),
        ("router", "key", "router", "WhoAmI", "REVOKED"),
    ]
    for entry in entries:
        assert entry.tenant == "north"
        assert entry.reason in {"PERMISSION_DENIED", "UNAUTHENTICATED"}
        assert entry.peer.startswith("ipv4:127.0.0.1:")
        assert entry.at.seconds


async def test_changes_of_configuration_say_who_and_from_where(guarded: World, keys: KeyFile):
    """Those that are carried out, and no reads; a batch says how many."""
    boss = who(guarded, keys, "boss")
    await boss.create("ana", name="Secret Name")
    await boss.policy(colleagues=2)
    await boss.refused(admin.CreateStaffRequest(staff_id="ana", request_id="again"))
    items = [admin.CreateStaffRequest(staff_id=f"s{number}") for number in range(3)]
    await boss.ask(admin.BatchCreateStaffRequest(requests=items, request_id="batch-1"))
    entries = await listed(boss, CONFIGURED)
    assert [(one.method.rpartition("/")[2], one.subject, one.detail, one.request_id) for one in entries] == [
        ("CreateStaff", "ana", "", ""),
        ("UpdatePolicy", "", "", ""),
        ("BatchCreateStaff", "", "3 requests", "batch-1"),
    ]
    assert {(one.actor_id, one.credential_id, one.tenant) for one in entries} == {("boss", "boss", "north")}
    assert "Secret" not in str(entries)


async def test_credentials_that_change_are_told_to_their_tenants(guarded: World, keys: KeyFile):
    """Added, changed, revoked, removed; a file that is no good; and at the start, how many there are."""
    boss, other = who(guarded, keys, "boss"), who(guarded, keys, "other")
    keys.add("late", "router")
    await read_again(guarded)
    keys.change("late", roles=["supervisor"], tenants=["south"])
    await read_again(guarded)
    keys.change("router", revoked_at="2020-01-01T00:00:00Z")
    keys.remove("late")
    await read_again(guarded)
    told = [(one.subject, one.credential_id, one.detail) for one in await listed(boss, CREDENTIALS)]
    assert told == [
        ("keys", "", "2 are read"),
        ("keys", "late", "added"),
        ("keys", "late", "changed"),
        ("keys", "router", "revoked"),
    ]
    told = [(one.credential_id, one.detail) for one in await listed(other, CREDENTIALS)]
    assert told == [("", "1 are read"), ("late", "changed"), ("late", "removed")]


async def test_who_administrates_one_tenant_sees_no_other_and_nothing_of_the_server(guarded: World, keys: KeyFile):
    """Refusals of nobody known, the start, and a bad file concern the server: they are in the file, and not in a list."""
    await with_credential(guarded.channel, "onduty_key_" + "0" * 64).refused(WHO_AM_I)
    await who(guarded, keys, "other").create("eve")
    keys.path.write_text("{", encoding="utf-8")
    await read_again(guarded)
    boss = who(guarded, keys, "boss")
    assert {one.tenant for one in await listed(boss)} == {"north"}
    assert {one.tenant for one in await listed(who(guarded, keys, "other"))} == {"south"}
    assert not await listed(boss, REFUSED, STARTED, FILE_REFUSED)


async def test_a_server_of_one_tenant_tells_its_administrators_everything(journal_path: Path, keys: KeyFile):
    """Who administrates the tenant administrates the server."""
    async with serving(journal_path, keys=str(keys.path), tenants="north") as world:
        await with_credential(world.channel, "onduty_key_" + "0" * 64).refused(WHO_AM_I)
        keys.path.write_text("{", encoding="utf-8")
        await read_again(world)
        found = await listed(who(world, keys, "boss"), REFUSED, STARTED, FILE_REFUSED)
    assert [(one.kind, one.problem) for one in found] == [(STARTED, ""), (REFUSED, "UNKNOWN"), (FILE_REFUSED, "")]
    assert "credentials keys" in found[0].detail


async def test_the_list_is_paged_filtered_and_turned(guarded: World, keys: KeyFile):
    """By instant and kind, in both directions; a token is for its own question."""
    boss = who(guarded, keys, "boss")
    for number in range(5):
        await boss.create(f"s{number}")
    numbers = [one.number for one in await listed(boss)]
    assert numbers == sorted(numbers)
    assert [one.number for one in await listed(boss, newest_first=True)] == numbers[::-1]
    fourth = (await listed(boss))[3]
    assert [one.number for one in await listed(boss, starts_at=fourth.at)] == numbers[3:]
    assert [one.number for one in await listed(boss, ends_at=fourth.at)] == numbers[:3]
    page = await boss.ask(admin.ListAuditEntriesRequest(page_size=2))
    wrong = admin.ListAuditEntriesRequest(page_size=2, newest_first=True, page_token=page.next_page_token)
    assert (await boss.refused(wrong)).reason == "PAGE_TOKEN_INVALID"


async def test_the_log_lasts_over_restarts(journal_path: Path, keys: KeyFile):
    """Beside the journal, for its owner only; numbers go on."""
    async with serving(journal_path, keys=str(keys.path)) as world:
        await who(world, keys, "boss").create("ana")
    file = journal_path.with_name(f"{journal_path.name}.audit")
    assert file.stat().st_mode & 0o777 == 0o600
    async with serving(journal_path, keys=str(keys.path)) as world:
        await who(world, keys, "boss").create("ben")
        found = await listed(who(world, keys, "boss"), CONFIGURED)
    assert [one.subject for one in found] == ["ana", "ben"]
    assert [entry.number for entry in read_entries(file)] == list(range(1, sum(1 for _ in read_entries(file)) + 1))


async def test_an_open_server_keeps_it_in_memory(journal_path: Path):
    """It is for trying out, and leaves no file."""
    async with serving(journal_path) as world:
        await world.client.create("ana")
        assert [one.kind for one in await listed(world.client)] == [STARTED, CONFIGURED]
    assert not list(journal_path.parent.glob("*.audit*"))


# --- floods and files -------------------------------------------------------------------------------------------------


def refusal(number: int = 0, **fields: Any) -> AuditEntry:
    """A refusal; another number is another caller's."""
    peer, named = f"ipv4:10.0.0.{number % 250}:{number}", {"actor_id": f"a{number}", "problem": "ROLE"}
    return AuditEntry(Instant(0), AuditKind.ACCESS_REFUSED, peer=peer, **{**named, **fields})


def test_refusals_that_are_alike_are_counted(clock: FakeClock):
    """One is written at once; ten seconds later the next, with how many it stands for."""
    audit = AuditLog(clock.now)
    for _ in range(1_000):
        audit.refused(refusal())
    assert [entry.count for entry in audit.listed()] == [1]
    clock.move(ALIKE_APART / SECOND)
    audit.refused(refusal())
    assert [entry.count for entry in audit.listed()] == [1, 1_000]


def test_a_flood_of_refusals_leaves_room_for_everything_else(clock: FakeClock):
    """Of thousands of callers so many are written; the next says how many were not, and other entries are all there."""
    audit = AuditLog(clock.now)
    for number in range(5_000):
        audit.refused(refusal(number))
    audit.add(AuditEntry(Instant(0), AuditKind.CONFIGURATION_CHANGED, subject="ana"))
    found = list(audit.listed())
    assert len(found) == REFUSALS_AT_ONCE + 1
    clock.move(1)
    audit.refused(refusal(9_999))
    *_, last = audit.listed()
    assert last.detail == f"{5_000 - REFUSALS_AT_ONCE} other refusals are not listed"
    assert len(audit._alike) <= REFUSALS_AT_ONCE + 1


def test_memory_is_bounded(clock: FakeClock):
    """So many entries, each of a bounded size, however long what a caller made up."""
    audit = AuditLog(clock.now)
    for _ in range(LISTED_MOST + 10):
        audit.add(AuditEntry(Instant(0), AuditKind.CONFIGURATION_CHANGED, subject="x" * 10_000))
    assert sum(1 for _ in audit.listed()) == LISTED_MOST
    assert max(len(entry.subject) for entry in audit.listed()) == 300


def test_files_turn_and_the_oldest_goes(tmp_path: Path):
    """Together they have about as many bytes as they may, and the newest entries are in them."""
    files = AuditFiles(tmp_path / "audit", 40_000)
    for number in range(1, 2_001):
        files.append([AuditEntry(Instant(number), AuditKind.CONFIGURATION_CHANGED, number, subject="s" * 50)])
    found = [entry.number for entry in read_entries(files.path)]
    assert [entry.number for entry in latest_entries(files.path, 700)] == found[-700:]
    assert [entry.number for entry in latest_entries(files.path, 10_000)] == found
    assert found == list(range(found[0], 2_001))
    assert found[0] > 1_000
    sizes = [file.stat().st_size for file in (*older_files(files.path), files.path) if file.exists()]
    assert 20_000 < sum(sizes) < 45_000


def test_a_line_that_is_none_is_left_out(tmp_path: Path):
    """Half of one, as after a crash, of another version, and nonsense."""
    good = AuditEntry(Instant(7), AuditKind.ACCESS_REFUSED, 3, peer="p", count=2)
    assert entry_of(line_of(good)) == good
    path = tmp_path / "audit"
    lines = [
        line_of(good)[:20] + b"\n",
        b'{"kind": "NEW", "at": 1}\n',
        b"\xff\n",
        b"[]\n",
        b'{"at": 1, "kind": "ACCESS_REFUSED", "x": 1}\n',
    ]
    path.write_bytes(b"".join([*lines, line_of(good)]))
    assert list(read_entries(path)) == [good]


async def test_what_cannot_be_written_is_written_later(tmp_path: Path, clock: FakeClock):
    """A directory that is not there and cannot be made; meanwhile the log is in memory, and the trouble is told once."""
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    audit = AuditLog(clock.now, AuditFiles(blocked / "audit", 1_000_000))
    audit.add(AuditEntry(Instant(0), AuditKind.CONFIGURATION_CHANGED, subject="ana"))
    with capture_logs() as logs:
        await audit.write()
        await audit.write()
    assert [one["event"] for one in logs] == ["audit_failed"]
    blocked.unlink()
    await audit.write()
    assert [entry.subject for entry in read_entries(blocked / "audit")] == ["ana"]


# --- secrets ----------------------------------------------------------------------------------------------------------


async def test_nothing_secret_is_in_a_log_an_error_or_the_audit(
    journal_path: Path, keys: KeyFile, clock: FakeClock, tmp_path: Path
):
    """Keys and tokens, good and bad, are shown in every way; then all that was written and answered is looked through."""
    issuer = Issuer(clock.now() // SECOND)
    (tmp_path / "issuer.json").write_bytes(issuer.key_set)
    settings = {"jwt_issuer": ISSUER, "jwt_audience": AUDIENCE, "jwt_keys": str(tmp_path / "issuer.json")}
    tokens = [
        issuer.token(onduty_roles=["admin"]),
        issuer.token(exp=issuer.now - 60),
        issuer.token(aud="elsewhere"),
        Issuer(issuer.now).token(),
    ]
    shown = [*keys.keys.values(), *tokens, "onduty_key_" + "f" * 64, "hunter2-hunter2"]
    answers: list[str] = []
    with capture_logs() as logs:
        async with serving(journal_path, clock=clock, keys=str(keys.path), **settings) as world:
            for secret in shown:
                for tenant in ("", "north", "nowhere"):
                    client = with_credential(world.channel, secret, tenant)
                    for request in (WHO_AM_I, admin.CreateStaffRequest(staff_id="ana"), server.GetServerInfoRequest()):
                        call = client.call(request, timeout=30)
                        answers += [str(await call.details()), str(await call.trailing_metadata())]
                        if await call.code() is grpc.StatusCode.OK:
                            answers.append(str(await call))
            malformed = Client(world.channel)
            malformed.metadata = (("authorization", f"Basic {shown[0]}"),)
            answers.append(str(await malformed.refused(WHO_AM_I)))
            keys.path.write_text(json.dumps({"id": shown[0], "sha256": shown[1]}), encoding="utf-8")
            await read_again(world)
            answers.append(str(await listed(with_credential(world.channel, tokens[0]))))
    files = [path.read_bytes() for path in journal_path.parent.iterdir() if path.name.startswith(journal_path.name)]
    written = "\n".join([*answers, *map(str, logs), *(content.decode("latin-1") for content in files)])
    assert "ROLE" in written
    assert "file_refused" in written
    for secret in shown:
        assert secret not in written
        assert secret[-24:] not in written
    for line in keys.lines.values():
        assert line["sha256"] not in written


async def test_entries_are_in_the_file_within_a_moment(journal_path: Path, keys: KeyFile):
    """While the server goes on."""
    async with serving(journal_path, keys=str(keys.path)) as world:
        await who(world, keys, "boss").create("ana")
        file = journal_path.with_name(f"{journal_path.name}.audit")
        async with asyncio.timeout(30):
            while not any(entry.subject == "ana" for entry in read_entries(file)):
                await asyncio.sleep(0.05)
