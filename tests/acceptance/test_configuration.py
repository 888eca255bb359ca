"""Where settings come from, which of them wins, and that mistakes are told together before anything is touched."""

import contextlib
import os
import re
import sys
from pathlib import Path

import pytest
from running_server import running_server
from service_stubs import stubs_of
from typed_server import ended_server, typed_server

from onduty.v1 import router_service_pb2, staff_pb2, workspace_service_pb2
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
            shown = f"{setting.default:g}" if isinstance(setting.default, float) else setting.default
            assert f"[default: {shown}]" in option[1]


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
            request = workspace_service_pb2.ChangeStatusRequest(staff_id="ana", status=staff_pb2.STATUS_AVAILABLE)
            changed = stubs.workspace.ChangeStatus(request, timeout=60).staff
            seen = next(frame for frame in watch if frame.HasField("changes"))
            watch.cancel()
        maps = Path(f"/proc/{server.process.pid}/maps").read_text(encoding="utf-8")
    assert [one.staff for one in seen.changes.changes] == [changed]
    assert ("/uvloop/" in maps) == (event_loop == "uvloop")
    with running_server(tmp_path / "onduty.db") as again, stubs_of(again.address) as stubs:
        request = workspace_service_pb2.GetStaffRequest(staff_id="ana")
        assert stubs.workspace.GetStaff(request, timeout=60).staff == changed
