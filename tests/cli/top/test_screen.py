"""The screen of `onduty top`: it fits, and what an alert is about is red."""

from dataclasses import replace

import pytest
from promtool import alerts

from onduty_cli.top import screen
from onduty_cli.top.command import pressed
from onduty_cli.top.figures import Figures, Method, Tenant
from onduty_cli.top.scrapes import Times
from onduty_cli.top.screen import Look, drawn, summary
from onduty_cli.top.tables import TABLES
from onduty_cli.top.words import BAD

METHODS = tuple(
    Method(f"WorkspaceService/{'ChangeTheStatusOfManyAtOnce' * 2}{n}", 12_345.6, Times(0.001, 1.5), 0.5) for n in range(40)
)
BUSY = Figures(
    "status.example.internal:9464",
    version="12.13.14.dev0",
    up_seconds=8_640_000,
    cpu=0.97,
    memory_bytes=3e9,
    open_files=12_345,
    open_files_most=20_000,
    requests={"ok": 12_345, "refused": 12_345, "later": 0, "failed": 0, "gone": 12_345},
    request_times=Times(0.0123, 0.9),
    changes={"CALL_STARTED": 12_345},
    commits=1_234,
    commit_times=Times(0.01, 0.1),
    batch_records=123.4,
    queue={"callers": 12_345, "own": 0},
    queue_times=Times(0.1, 1.2),
    watchers={"live": 12_345, "catching_up": 1_234, "stalled": 0},
    watch_lag_seconds=0.5,
    visible_times=Times(0.01, 0.1),
    frames_sent=123_456,
    changes_sent=12_345_678,
    staff=dict.fromkeys(screen.STATUSES, 12345),
    assignable=12_345,
    attached=12_345,
    tenant_count=50,
    revision=123_456_789,
    journal_bytes={"journal": 3e11, "log": 3e8},
    free_bytes=3e11,
    leads=True,
    leader_known=True,
    replicas=1,
    methods=METHODS,
    tenants=(Tenant("a" * 60, {"AVAILABLE": 12_345}, 12_345, 12_345, 1),),
)
WELL = Figures("a:1", version="1", leads=True, leader_known=True, replicas=1)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("size", [(80, 24), (132, 50), (40, 12)])
def test_it_fits_the_terminal(table: str, size: tuple[int, int]):
    """As many lines as there are, none longer; at 80 columns nothing of a busy server is cut but names."""
    lines = drawn([BUSY, WELL], Look(table=table), "14:30:00", size)
    assert len(lines) == size[1]
    assert all(line.cell_len <= size[0] for line in lines)
    if size[0] >= 80:
        assert not [line.plain for line in lines[:14] if line.plain.endswith("…")]


def reds(server: Figures) -> str:
    """What of the head is red."""
    return " ".join(line.plain[span.start : span.end] for line in summary(server) for span in line.spans if span.style == BAD)


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ({"watch_lag_seconds": 2.1}, "lag"),
        ({"watchers": {"stalled": 1}}, "stalled"),
        ({"commit_times": Times(0.1, 0.6)}, "p99"),
        ({"visible_times": Times(0.1, 0.3)}, "seen"),
        ({"deadline_lateness": Times(0.1, 1.1)}, "late"),
        ({"quarantined": 1}, "quarantined"),
        ({"loops_failing": 1}, "loops failing"),
        ({"clock_ahead_seconds": -1.5}, "clock"),
        ({"loop_stall": Times(0.1, 0.3)}, "loop late"),
        ({"open_files": 90, "open_files_most": 100}, "files"),
        ({"requests": {"failed": 1}}, "failed"),
        ({"requests": {"later": 1}}, "later"),
        ({"wrong": ("journal: the journal takes nothing",)}, "journal takes nothing"),
        ({"replicas": 3, "leads": False, "leader_known": False}, "NO LEADER"),
        ({"replicas": 3, "replica_lag_seconds": 2.5}, "lag"),
    ],
)
def test_what_an_alert_is_about_is_red(fault: dict[str, object], word: str):
    """And of a server that is well nothing is."""
    assert not reds(WELL)
    assert word in reds(replace(WELL, **fault))


def test_the_bounds_are_those_of_the_alerts():
    """A bound that is changed there is changed here."""
    bounds = {rule["alert"]: rule["expr"].rpartition(">")[2].strip() for rule in alerts() if ">" in rule["expr"]}
    assert {name: float(bounds[name]) for name in ("OndutyWatchLag", "OndutyJournalSlow", "OndutyChangesLate")} == {
        "OndutyWatchLag": screen.LAG_MOST,
        "OndutyJournalSlow": screen.COMMIT_MOST,
        "OndutyChangesLate": screen.VISIBLE_MOST,
    }
    assert float(bounds["OndutyDeadlinesLate"]) == screen.LATE_MOST
    assert float(bounds["OndutyClockOff"]) == screen.CLOCK_MOST
    assert float(bounds["OndutyOpenFilesFew"]) == screen.FILES_MOST


def test_keys_choose_what_is_looked_at():
    """Tables, servers, places, pace; ? explains, and any key goes back."""
    look = Look()
    assert pressed(look, "t", servers=2).table == "tenants"
    assert pressed(look, "r", servers=2).table == "servers"
    assert pressed(pressed(look, "tab", servers=2), "tab", servers=2).place == 0
    assert pressed(look, "down", servers=1).top == 1
    assert pressed(look, "up", servers=1).top == 0
    assert pressed(look, "p", servers=1).is_paused
    assert pressed(look, "+", servers=1).every_seconds == 1
    helped = pressed(look, "?", servers=1)
    assert "Tab" in "\n".join(line.plain for line in drawn([WELL], helped, "14:30:00", (80, 24)))
    assert not pressed(helped, "x", servers=1).shows_help
