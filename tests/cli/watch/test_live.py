"""The live table, on a real pseudo-terminal with an emulator, against a real server."""

import re
import signal
import termios
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from held_port import HeldPort
from patience import PATIENCE_SECONDS
from process_state import wait_until_stopped
from pty_screen import GIVEN_BACK, TAKEN, Terminal
from running_server import running_server


@pytest.fixture
def terminal(onduty) -> Iterator[Callable[..., Terminal]]:
    """Starts `onduty` on a terminal."""
    opened: list[Terminal] = []

    def start(*arguments: str, columns: int = 80, lines: int = 24, **env: str) -> Terminal:
        opened.append(Terminal(arguments, {**onduty.env, "TERM": "xterm-256color", **env}, columns=columns, lines=lines))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.fixture
def forty(onduty) -> list[str]:
    """Forty staff, two of them signed in, in two groups."""
    ids = [f"s{number:03}" for number in range(40)]
    rows = "".join(f"{one},Person {one},{'sales' if place % 2 else 'support'}\n" for place, one in enumerate(ids))
    onduty("staff", "import", "-", stdin="staff_id,display_name,skill_groups\n" + rows)
    onduty("status", "set", "s025", "available")
    onduty("status", "set", "s030", "busy")
    return ids


def is_live(watch: Terminal) -> bool:
    return watch.lines[0].startswith("Onduty  LIVE") and bool(watch.rows())


def test_the_floor_is_drawn_and_follows_the_changes(terminal, onduty, kim):
    """Who, status, for how long, whether a call can be assigned; the head counts."""
    watch = terminal("watch").until(lambda watch: watch.row("kim"))
    assert "1 of 1 can be assigned" in watch.lines[0]
    assert onduty.env["ONDUTY_SERVER"] in watch.lines[0]
    assert watch.lines[1] == "AVAILABLE 1"
    assert watch.row("kim").split()[:4] == ["kim", "Kim", "Novak", "AVAILABLE"]
    assert watch.row("kim").split()[5] == "yes"
    onduty("call", "start", kim, "c-1")
    watch.until(lambda watch: "IN_LINE" in watch.row("kim"))
    assert watch.row("kim").split()[5:] == ["-", "c-1"]
    assert "0 of 1 can be assigned" in watch.lines[0]


def test_a_ringing_phone_is_shown_as_ringing_and_counted_so(terminal, onduty, kim):
    """Not as AVAILABLE, which would promise a call that cannot be assigned."""
    watch = terminal("watch").until(lambda watch: watch.row("kim"))
    onduty("call", "claim", "--call", "c-9", "--staff", kim)
    watch.until(lambda watch: "RINGING" in watch.row("kim"))
    assert watch.lines[1] == "RINGING 1"
    assert "0 of 1 can be assigned" in watch.lines[0]
    assert "c-9" in watch.row("kim")


def test_a_break_that_is_overdue_stands_first_with_a_mark_and_a_word(terminal, onduty, forty):
    """So that it is seen without colours too."""
    onduty("breaks", "add", "pause", "--limit", "1s")
    onduty("break", "s039", "pause")
    watch = terminal("watch", NO_COLOR="1").until(lambda watch: "OVERDUE" in watch.row("s039"))
    assert watch.rows()[0].startswith("!s039")
    assert "! 1 to look at" in watch.lines[2]
    assert "\x1b[31m" not in watch.text
    assert "\x1b[1;91m" not in watch.text


def test_everybody_is_reached_by_pages_and_rows(terminal, forty):
    """On 80 columns and 24 lines; the range says where one is."""
    watch = terminal("watch").until(lambda watch: "1-19 of 40" in watch.lines[2])
    seen = {row[1:5] for row in watch.rows()}
    watch.type("\x1b[6~").until(lambda watch: "20-38 of 40" in watch.lines[2])
    seen |= {row[1:5] for row in watch.rows()}
    watch.type("\x1b[F").until(lambda watch: "22-40 of 40" in watch.lines[2])
    seen |= {row[1:5] for row in watch.rows()}
    assert seen == set(forty)
    watch.type("k").until(lambda watch: "21-39 of 40" in watch.lines[2])
    watch.type("\x1b[B").until(lambda watch: "22-40 of 40" in watch.lines[2])
    watch.type("\x1bOH").until(lambda watch: "1-19 of 40" in watch.lines[2])


def test_keys_search_filter_and_sort(terminal, forty):
    """Each says in the third line what it does; Esc shows everybody again."""
    watch = terminal("watch").until(lambda watch: "1-19 of 40" in watch.lines[2])
    watch.type("/S03").until(lambda watch: len(watch.rows()) == 10)
    watch.type("\r").until(lambda watch: "1-10 of 10" in watch.lines[2])
    assert "/S03" in watch.lines[2]
    watch.type("\x1b").until(lambda watch: "1-19 of 40" in watch.lines[2])
    watch.type("gsales\r").until(lambda watch: "of 20" in watch.lines[2] and "group sales" in watch.lines[2])
    watch.type("\x1b").until(lambda watch: "1-19 of 40" in watch.lines[2])
    watch.type("ff").until(lambda watch: "can be assigned" in watch.lines[2])
    assert [row[1:5] for row in watch.rows()] == ["s025"]
    watch.type("\x1b").until(lambda watch: "1-19 of 40" in watch.lines[2])
    watch.type("s").until(lambda watch: "sorted by name" in watch.lines[2])
    assert [row[1:5] for row in watch.rows()] == forty[:19]


def test_the_keys_are_explained_and_never_cut(terminal, forty):
    """The foot leaves out the least of them where there is no room; ``?`` shows all."""
    watch = terminal("watch").until(is_live)
    for columns, lines in ((80, 24), (60, 20), (30, 10), (200, 60)):
        watch.resize(columns, lines).until(lambda watch, lines=lines: watch.lines[lines - 1].startswith("q quit"))
        assert "…" not in watch.lines[-1]
        assert watch.lines[-1].split("  ")[:2] == ["q quit", "? keys"]
    watch.resize(80, 24).type("?").until(lambda watch: "search by name or id" in "\n".join(watch.lines))
    assert not any("…" in line for line in watch.lines[3:])
    watch.type("x").until(lambda watch: watch.rows())


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (60, 20), (200, 60)])
def test_ids_stay_whole_at_every_size(terminal, forty, columns: int, lines: int):
    """What tells people apart is the last to shrink."""
    watch = terminal("watch", columns=columns, lines=lines).until(is_live)
    assert {row[1:5] for row in watch.rows()} <= set(forty)
    assert len(watch.rows()) == min(lines - 5, 40)


def test_a_resize_is_followed_at_once(terminal, forty):
    """More lines show more people; nothing of the old size stays."""
    watch = terminal("watch").until(lambda watch: "1-19 of 40" in watch.lines[2])
    watch.resize(120, 40).until(lambda watch: "1-35 of 40" in watch.lines[2])
    watch.resize(60, 12).until(lambda watch: "1-7 of 40" in watch.lines[2])


def test_wide_letters_keep_the_columns_apart(terminal, onduty):
    """A name of two cells a letter moves nothing."""
    onduty("staff", "add", "wei", "--name", "王伟")
    onduty("staff", "add", "kim", "--name", "Kim Novak")
    watch = terminal("watch").until(lambda watch: watch.row("kim") and watch.row("wei"))
    (first,) = [place for place, line in enumerate(watch.lines) if line.startswith(" wei")]
    (second,) = [place for place, line in enumerate(watch.lines) if line.startswith(" kim")]
    starts = []
    for place in (first, second):
        cells = [watch.screen.buffer[place][column].data for column in range(80)]
        starts.append(next(column for column in range(80) if "".join(cells[column : column + 7]) == "OFFLINE"))
    assert starts[0] == starts[1]


def test_a_pause_lets_the_rows_stand_still_and_says_so(terminal, onduty, kim):
    """A board that moves by itself can be read at one's own pace."""
    watch = terminal("watch").until(lambda watch: watch.row("kim"))
    watch.type("p").until(lambda watch: "PAUSED at" in watch.lines[0])
    onduty("status", "set", kim, "busy")
    watch.type("?").until(lambda watch: not watch.rows())
    watch.type("x").until(lambda watch: "AVAILABLE" in watch.row("kim"))
    watch.type("p").until(lambda watch: "BUSY" in watch.row("kim"))


def test_the_time_in_status_ticks_without_a_change(terminal, kim):
    """The table is redrawn by itself."""
    watch = terminal("watch").until(lambda watch: watch.row("kim"))
    shown = watch.row("kim").split()[4]
    watch.until(lambda watch: watch.row("kim") and watch.row("kim").split()[4] != shown)


def assert_given_back(watch: Terminal) -> None:
    assert watch.text.count(TAKEN) == watch.text.count(GIVEN_BACK)
    assert watch.text.rstrip().endswith(GIVEN_BACK)
    assert "\x1b[?25h" in watch.text
    assert "Traceback" not in watch.text
    assert termios.tcgetattr(watch.other) == watch.modes_before


@pytest.mark.parametrize("keys", ["q", "\x03"], ids=["q", "Ctrl-C"])
def test_it_quits_on_keys_and_gives_the_terminal_back(terminal, kim, keys: str):
    """With code 0, the modes, the cursor and the screen from before; no traceback."""
    watch = terminal("watch").until(lambda watch: watch.row("kim"))
    assert watch.type(keys).end() == 0
    assert_given_back(watch)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT])
def test_signals_end_it_and_the_terminal_is_given_back(terminal, kim, number: signal.Signals):
    """Also when two come at once."""
    watch = terminal("watch").until(lambda watch: watch.row("kim"))
    watch.process.send_signal(number)
    watch.process.send_signal(signal.SIGTERM)
    # The second may find the program when all is done and only its end is left.
    assert watch.end() in {0, -signal.SIGTERM}
    assert_given_back(watch)


def test_a_crash_gives_the_terminal_back_and_tells_what_happened(terminal, kim, tmp_path: Path):
    """The fault is put in before the program starts: no real fault can be had from outside."""
    (tmp_path / "sitecustomize.py").write_text("import onduty_cli.watch.live as live\nlive.drawn = None\n")
    watch = terminal("watch", PYTHONPATH=str(tmp_path))
    assert watch.end() == 1
    assert GIVEN_BACK in watch.text
    assert termios.tcgetattr(watch.other) == watch.modes_before
    assert "TypeError" in watch.text.rpartition(GIVEN_BACK)[2]


def test_a_window_that_is_closed_ends_it(terminal, kim):
    """Nothing stays behind that draws for nobody."""
    watch = terminal("watch").until(lambda watch: watch.row("kim"))
    watch.hang_up()
    assert watch.process.wait(PATIENCE_SECONDS) in {0, 1}


def test_it_can_be_stopped_and_goes_on(terminal, kim):
    """Ctrl-Z gives the terminal back until the program goes on; then all is drawn again."""
    watch = terminal("watch").until(lambda watch: watch.row("kim"))
    watch.type("\x1a").until(lambda watch: watch.text.endswith(GIVEN_BACK))
    wait_until_stopped(watch.process.pid)
    assert termios.tcgetattr(watch.other) == watch.modes_before
    watch.process.send_signal(signal.SIGCONT)
    watch.until(lambda watch: watch.text.count(TAKEN) == 2 and watch.row("kim"))
    assert watch.type("q").end() == 0
    assert_given_back(watch)


def age_told(watch: Terminal) -> int:
    """Of the last sign of life, in seconds, up to a minute."""
    found = re.search(r", (?:(\d+)s|.*m.*) ago", watch.lines[0])
    return int(found[1] or 60) if found else 0


def test_a_server_that_is_gone_is_told_at_once_and_its_return_too(terminal, onduty, tmp_path: Path):
    """The last floor stays, marked with its time; the lengths of time stand still."""
    journal = tmp_path / "journal.db"
    with closing(HeldPort()) as port:
        flags, onduty.env["ONDUTY_SERVER"] = ["--listen", port.address], port.address
        with running_server(journal, flags=flags) as server:
            onduty("staff", "add", "kim")
            watch = terminal("watch").until(lambda watch: watch.row("kim"))
            server.stop(signal.SIGKILL)
            watch.until(lambda watch: "NOT LIVE since" in watch.lines[0])
            lasted = watch.row("kim").split()[2]
            watch.until(lambda watch: age_told(watch) >= 3)
            assert watch.row("kim").split()[2] == lasted
            with running_server(journal, flags=flags):
                onduty("status", "set", "kim", "busy")
                watch.until(lambda watch: is_live(watch) and "BUSY" in watch.row("kim"))
                assert watch.type("q").end() == 0


def test_a_server_that_falls_silent_is_told(terminal, onduty, tmp_path: Path):
    """A stopped process keeps its connections; only the missing signs of life show it."""
    with running_server(tmp_path / "journal.db") as server:
        onduty.env["ONDUTY_SERVER"] = server.address
        onduty("staff", "add", "kim")
        watch = terminal("watch").until(lambda watch: watch.row("kim"))
        server.process.send_signal(signal.SIGSTOP)
        watch.until(lambda watch: "NOT LIVE since" in watch.lines[0])
        server.process.send_signal(signal.SIGCONT)
        watch.until(is_live)


def test_a_server_that_was_never_there_leaves_the_message_on_the_terminal(terminal, onduty):
    """Not on the screen that vanishes with the table."""
    onduty.env["ONDUTY_SERVER"] = "127.0.0.1:1"
    watch = terminal("watch")
    assert watch.end() == 3
    assert "cannot reach Onduty at 127.0.0.1:1" in watch.text.rpartition(GIVEN_BACK)[2]


def test_every_drawing_is_shown_as_a_whole(terminal, onduty, forty):
    """Between two marks that let a terminal show it at once; an unchanged line is not written again."""
    watch = terminal("watch").until(lambda watch: "1-19 of 40" in watch.lines[2])
    begun = len(watch.drawn)
    for number in range(10):
        onduty("status", "set", "s025", "busy" if number % 2 else "available")
    onduty("status", "set", "s025", "offline")
    watch.until(lambda watch: "can be assigned" in watch.lines[0] and "0 of 40" in watch.lines[0])
    assert watch.type("q").end() == 0
    later = watch.drawn[begun:].partition(b"\x1b[?1049l")[0]
    frames = later.split(b"\x1b[?2026h")[1:]
    assert frames
    assert all(frame.count(b"\x1b[?2026l") >= 1 for frame in frames)
    assert b"\x1b[2J" not in later
