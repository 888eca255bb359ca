"""Where settings come from, which of them wins, and that mistakes are told together before anything is touched."""

import contextlib
import json
import os
import re
import stat
import sys
from pathlib import Path

import grpc
import pytest
from running_server import running_server
from service_stubs import stubs_of
from typed_server import ended_server, typed_server

from onduty.v1 import router_service_pb2, staff_pb2, workspace_service_pb2
from onduty_server import variables
from onduty_server.config import ConfigError, Settings, load_settings

ANY_PORT = "127.0.0.1:0"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a test writes its configuration."""
    return tmp_path / "onduty.toml"


def _count_staff(address: str) -> int:
    with stubs_of(address) as stubs:
        return stubs.router.ListStaff(router_service_pb2.ListStaffRequest(), timeout=60).total_size


# --- sources ----------------------------------------------------------------------------------------------------------


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    """Every setting is ONDUTY_ and its name: address, journal, sample staff and the log's form are taken from there."""
    settings = {
        "ONDUTY_LISTEN": ANY_PORT,
        "ONDUTY_JOURNAL": str(tmp_path / "env.db"),
        "ONDUTY_SAMPLE": "true",
        "ONDUTY_LOG_FORMAT": "console",
    }
    with typed_server(env=settings) as server:
        assert server.address.startswith("127.0.0.1:")
        assert f"journal: {tmp_path / 'env.db'}" in server.output
        assert _count_staff(server.address) == 5
        assert "recovered_state" in server.output
        assert '"event"' not in server.output


@pytest.mark.parametrize("how", ["flag", "environment"])
def test_settings_come_from_a_file(tmp_path: Path, file: Path, how: str) -> None:
    """A TOML file named by --config or ONDUTY_CONFIG gives every setting under its own name."""
    file.write_text(f'listen = "{ANY_PORT}"\njournal = "{tmp_path}/file.db"\nsample = true\ndrain = 1\nkeepalive_time = 2.5\n')
    arguments = ["--config", str(file)] if how == "flag" else []
    with typed_server(*arguments, env={} if how == "flag" else {"ONDUTY_CONFIG": str(file)}) as server:
        assert f"journal: {tmp_path / 'file.db'}" in server.output
        assert _count_staff(server.address) == 5


def test_flags_win_over_the_environment_and_the_environment_over_the_file(tmp_path: Path, file: Path) -> None:
    """Of three values of a setting the flag's is used; of two, the environment's; and what only one source has holds."""
    places = {source: tmp_path / f"{source}.db" for source in ("flag", "environment", "file")}
    file.write_text(f'journal = "{places["file"]}"\nlisten = "{ANY_PORT}"\nlog_level = "error"\n')
    arguments = ["--config", str(file)]
    environment = {"ONDUTY_JOURNAL": str(places["environment"]), "ONDUTY_SAMPLE": "1"}
    with typed_server(*arguments, "--journal", str(places["flag"]), env=environment) as server:
        assert f"journal: {places['flag']}" in server.output
        assert _count_staff(server.address) == 5
        assert "recovered_state" not in server.output
    with typed_server(*arguments, env=environment) as server:
        assert f"journal: {places['environment']}" in server.output
    assert sorted(path.name for path in tmp_path.glob("*.db")) == ["environment.db", "flag.db"]


def test_an_ipv6_loopback_address_is_served_and_shown_in_brackets(journal_path: Path) -> None:
    """The address that is shown can be given to a client as it is."""
    if not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    with typed_server("--listen", "[::1]:0", "--journal", str(journal_path), "--sample") as server:
        assert server.address.startswith("[::1]:")
        assert _count_staff(server.address) == 5


# --- mistakes ---------------------------------------------------------------------------------------------------------


def _mistakes(*arguments: str, **settings: str) -> list[str]:
    """The lines that tell the mistakes; the server must have ended for them with exit code 2."""
    ended = ended_server(*arguments, env=settings)
    assert ended.returncode == 2
    assert ended.stdout == ""
    title, *lines = ended.stderr.splitlines()
    assert title == "onduty: the configuration has mistakes:"
    return [line.strip() for line in lines]


def test_all_mistakes_are_told_at_once(tmp_path: Path, file: Path) -> None:
    """Mistakes of all three sources have a line each, which names the setting, what is wrong, and the value."""
    file.write_text('jornal = "typo.db"\nstreams_per_caller = "many"\nkeepalive_timeout = 0\n')
    lines = _mistakes(
        *("--config", str(file), "--listen", "nowhere", "--keepalive-time", "0.5"),
        ONDUTY_DRAIN="-1",
        ONDUTY_LOG_LEVEL="loud",
        ONDUTY_JOURNAL="redis://elsewhere",
    )
    told = {line.partition(":")[0]: line for line in lines}
    assert set(told) == {
        *("jornal", "streams_per_caller", "keepalive_timeout", "listen", "keepalive_time", "drain", "log_level", "journal"),
    }
    assert len(lines) == len(told)
    assert told["jornal"] == "jornal: there is no such setting"
    assert "must be HOST:PORT" in told["listen"]
    assert "'nowhere'" in told["listen"]
    assert "'many'" in told["streams_per_caller"]
    assert "greater than or equal to 1" in told["keepalive_time"]
    assert "'loud'" in told["log_level"]
    assert "redis" in told["journal"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('listen = "127.0.0.1:0"\nlisten_on = 1\n', ["listen_on: there is no such"]),
        ("listen = \n", ["is not valid TOML"]),
        ("[server]\ndrain = 1\n", ["server: there is no such setting"]),
        ("drain = true\ninsecure = 'perhaps'\n", ["insecure: "]),
        ('listen = "127.0.0.1:70000"\n', ["listen: the port must be between 0 and 65535"]),
        ('listen = ":50051"\n', ["listen: needs a host before the port"]),
        ('journal = " "\n', ["journal: needs the path of a file"]),
    ],
)
def test_mistakes_of_the_file_are_told(file: Path, content: str, told: list[str]) -> None:
    """Unknown keys, wrong values and broken TOML end the start with exit code 2 and the key or file named."""
    file.write_text(content)
    lines = _mistakes("--config", str(file))
    assert len(lines) >= len(told)
    for part in told:
        assert any(part in line for line in lines), lines


def test_an_event_loop_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for a package that is not there is told which, before anything starts."""
    monkeypatch.setitem(sys.modules, "uvloop", None)  # as far as Python's imports go it is not there then.
    with pytest.raises(ConfigError, match=r"^event_loop: the package uvloop is not installed.*\(it is 'uvloop'\)$"):
        load_settings({"event_loop": "uvloop"})
    assert load_settings({}).event_loop == "asyncio"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A --config that is not there is a mistake, not an empty configuration."""
    assert _mistakes("--config", str(tmp_path / "no.toml")) == [
        f"config: cannot read {tmp_path / 'no.toml'}: No such file or directory"
    ]


def test_mistakes_touch_nothing(journal_path: Path) -> None:
    """With a mistake anywhere, the journal is not even made."""
    _mistakes("--journal", str(journal_path), "--drain", "-1")
    assert not journal_path.exists()


def test_misspelt_variables_are_told_with_what_was_meant(journal_path: Path) -> None:
    """A variable that is none must not mean the default in silence; those of clients and of a cluster are no mistake."""
    lines = _mistakes(
        ONDUTY_LISTN="127.0.0.1:0",
        ONDUTY_JOURNL=str(journal_path),
        onduty_drian="1",
        ONDUTY_ZZZ="",
        ONDUTY_SERVER="127.0.0.1:1",
        ONDUTY_TENANT="cards",
        ONDUTY_PORT="tcp://10.0.0.7:50051",
        ONDUTY_PORT_50051_TCP_ADDR="10.0.0.7",
        ONDUTY_SERVICE_HOST="10.0.0.7",
        ONDUTY_SERVICE_PORT_GRPC="50051",
    )
    assert lines == [
        "ONDUTY_JOURNL: there is no such setting; did you mean ONDUTY_JOURNAL?",
        "ONDUTY_LISTN: there is no such setting; did you mean ONDUTY_LISTEN?",
        "ONDUTY_ZZZ: there is no such setting",
        "onduty_drian: there is no such setting; did you mean ONDUTY_DRAIN?",
    ]


def test_every_setting_has_its_variable() -> None:
    """Each setting is a variable by its name, the journal also by a file's; nothing else is a server's but the file itself."""
    assert {f"ONDUTY_{name.upper()}" for name in Settings.model_fields} | {
        "ONDUTY_CONFIG",
        "ONDUTY_JOURNAL_FILE",
    } == variables.server_variables()


def test_other_tenants_than_those_that_are_set_are_refused(journal_path: Path, file: Path) -> None:
    """With a list of tenants any other name is an invalid field, which names the key and the tenant that was meant."""
    file.write_text('tenants = ["cards", "loans"]\n')
    arguments = ("--listen", ANY_PORT, "--journal", str(journal_path), "--sample", "--config", str(file))
    with typed_server(*arguments) as server, stubs_of(server.address) as stubs:
        request = router_service_pb2.ListStaffRequest()
        listed = stubs.router.ListStaff(request, timeout=60, metadata=(("onduty-tenant", "cards"),))
        assert listed.total_size == 5
        for tenant, told in (("crads", "did you mean 'cards'?"), ("default", "there are cards, loans")):
            with pytest.raises(grpc.RpcError) as refused:
                stubs.router.ListStaff(request, timeout=60, metadata=(("onduty-tenant", tenant),))
            assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
            assert f"metadata onduty-tenant names no tenant of this server: {tenant!r}; {told}" in refused.value.details()


# --- the journal's place ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"HOME": "{}/home"}, "home/.local/state/onduty/onduty.db"),
        ({"HOME": "{}/home", "ONDUTY_REHEARSAL": "1"}, "home/.local/state/onduty/rehearsal.db"),
        ({"HOME": "{}/home", "XDG_STATE_HOME": "{}/state"}, "state/onduty/onduty.db"),
        ({"HOME": "{}/home", "XDG_STATE_HOME": "state"}, "home/.local/state/onduty/onduty.db"),
        ({"HOME": "{}/home", "XDG_STATE_HOME": "{}/state", "STATE_DIRECTORY": "{}/lib:{}/more"}, "lib/onduty.db"),
    ],
)
def test_the_default_journal_is_in_an_absolute_private_place(tmp_path: Path, settings: dict[str, str], place: str) -> None:
    """It does not depend on where the server is started; files are for their owner, whatever the umask."""
    elsewhere, journal = tmp_path / "elsewhere", tmp_path / place
    elsewhere.mkdir()
    environment = {"XDG_STATE_HOME": "", **{name: value.replace("{}", str(tmp_path)) for name, value in settings.items()}}
    with typed_server("--listen", ANY_PORT, "--sample", env=environment, cwd=elsewhere, umask=0) as server:
        assert f"(journal: {journal}, a new journal)" in server.output
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in journal.parent.iterdir()}
    assert modes == {journal.name + suffix: 0o600 for suffix in ("", "-wal", "-shm", ".lock")}
    assert stat.S_IMODE(journal.parent.stat().st_mode) == 0o700
    assert list(elsewhere.iterdir()) == []
    with typed_server("--listen", ANY_PORT, env=environment) as server:
        assert f"(journal: {journal}, 5 staff, 8 changes)" in server.output


def test_a_relative_journal_is_shown_absolute_and_its_directory_is_private(tmp_path: Path) -> None:
    """A relative path is one of the directory that the server is started in; what is made there is for the owner."""
    with typed_server("--listen", ANY_PORT, "--journal", "a/b/c.db", cwd=tmp_path) as server:
        assert f"journal: {tmp_path / 'a/b/c.db'}, " in server.output
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a", "a/b", "a/b/c.db")] == [0o700, 0o700, 0o600]


def test_a_journal_that_others_may_read_is_warned_of(journal_path: Path) -> None:
    """A file of an earlier release is served as it is, and the log says who can read it and what to do."""
    with typed_server("--listen", ANY_PORT, "--journal", str(journal_path)) as server:
        assert "journal_open_to_others" not in server.output
    journal_path.chmod(0o644)
    with typed_server("--listen", ANY_PORT, "--journal", str(journal_path)) as server:
        told = [json.loads(line) for line in server.log if "journal_open_to_others" in line]
    assert told[0]["path"] == str(journal_path)
    assert told[0]["level"] == "warning"
    assert told[0]["mode"] == "0644"
    assert told[0]["do"] == f"chmod 600 {journal_path}"


def test_a_journal_in_the_former_default_place_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    """Who was served from var/onduty.db of a working directory is told that it is still there."""
    former = tmp_path / "var" / "onduty.db"
    former.parent.mkdir()
    with typed_server("--listen", ANY_PORT, "--journal", str(former)):
        pass
    with typed_server("--listen", ANY_PORT, env={"XDG_STATE_HOME": str(tmp_path / "state")}, cwd=tmp_path) as server:
        (told,) = [json.loads(line) for line in server.log if "former_journal_not_used" in line]
    assert told["path"] == str(former)


# --- help -------------------------------------------------------------------------------------------------------------


def test_help_lists_every_setting_with_its_default() -> None:
    """`onduty serve --help` has an option for every setting, and tells the defaults of those that have a value."""
    ended = ended_server("--help")
    assert ended.returncode == 0
    options = re.sub(r"[\s│]+", " ", ended.stdout.partition("Options")[2])
    for name, setting in Settings.model_fields.items():
        option = re.search(rf" --{name.replace('_', '-')} (.*?)( --|$)", options)
        assert option, name
        if not isinstance(setting.default, bool):
            shown = (
                f"{setting.default:g}"
                if isinstance(setting.default, float)
                else setting.default or ("none" if setting.default == "" else "any")
            )
            shown = ",".join(shown) if isinstance(shown, tuple) else shown
            assert f"[default: {shown}]" in option[1] or (setting.default is None and "else any]" in option[1])


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="only Linux has batch scheduling")
@pytest.mark.parametrize(("flags", "policy"), [((), "SCHED_BATCH"), (("--scheduling", "normal"), "SCHED_OTHER")])
def test_all_threads_are_scheduled_as_set(tmp_path: Path, flags: tuple[str, ...], policy: str) -> None:
    """Batch by default, and normal where that is asked for: every thread of the process, gRPC's own among them."""
    with running_server(tmp_path / "onduty.db", flags=flags) as server:
        policies = _policies_of_threads(server.process.pid)
    assert len(policies) > 3
    assert set(policies) == {getattr(os, policy)}


def _policies_of_threads(process_id: int) -> list[int]:
    """How each thread of a process is scheduled; one that ends meanwhile is none of them."""
    policies = []
    for one in Path(f"/proc/{process_id}/task").iterdir():
        with contextlib.suppress(ProcessLookupError):
            policies.append(os.sched_getscheduler(int(one.name)))
    return policies


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what a process has loaded")
@pytest.mark.parametrize("event_loop", ["asyncio", "uvloop"])
def test_the_server_runs_on_the_event_loop_that_is_set(tmp_path: Path, event_loop: str) -> None:
    """A package is loaded only where it is asked for; a change is taken and watched on either, and the journal is the same."""
    with running_server(tmp_path / "onduty.db", flags=["--sample", "--event-loop", event_loop]) as server:
        with stubs_of(server.address) as stubs:
            watch = stubs.router.WatchStaff(router_service_pb2.WatchStaffRequest(), timeout=60)
            next(watch)
            request = workspace_service_pb2.ChangeStatusRequest(staff_id="ana", choice={"status": staff_pb2.STATUS_AVAILABLE})
            changed = stubs.workspace.ChangeStatus(request, timeout=60).staff
            seen = next(frame for frame in watch if frame.HasField("changes"))
            watch.cancel()
        maps = Path(f"/proc/{server.process.pid}/maps").read_text(encoding="utf-8")
    assert [one.staff for one in seen.changes.changes] == [changed]
    assert ("/uvloop/" in maps) == (event_loop == "uvloop")
    with running_server(tmp_path / "onduty.db") as again, stubs_of(again.address) as stubs:
        request = workspace_service_pb2.GetStaffRequest(staff_id="ana")
        assert stubs.workspace.GetStaff(request, timeout=60).staff == changed
