"""The runner itself: what fails a scenario, what fails a run, and what it says of it. The drivers here are little programs."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from conformance.runner.driver import Driver, DriverFailedError
from conformance.runner.feature_table import PAGE, in_page, made
from conformance.runner.gaps import Gap, load_gaps
from conformance.runner.play import Outcome, Play
from conformance.runner.pytest_rooms import GROUPS
from conformance.runner.report import FAILED, GAP, GAP_PASSED, PASSED, judged
from conformance.runner.rows import ROOT, ROWS, BuildError, build, rows_named
from conformance.runner.scenario import Scenario, load, load_all
from conformance.runner.server import ServerProcess
from conformance.runner.session import driving

HERE = Path(__file__).parent
LISTS = "{name: one, then: [{call: RouterService/ListStaff, request: {page_size: 3}, expect: {echo: {page_size: 3}}}]}"


def scenario(text: str, directory: Path) -> Scenario:
    """One scenario from its YAML."""
    path = directory / "little.yaml"
    path.write_text(f"about: x\nscenarios:\n  - {textwrap.dedent(text)}\n", encoding="utf-8")
    (found,) = load(path)
    return found


async def played(text: str, directory: Path, mood: str = "") -> Outcome:
    """A scenario on the little driver, with a server that is never asked."""
    driver = await Driver([sys.executable, str(HERE / "little_driver.py"), mood]).start()
    try:
        server = ServerProcess(directory / "unused.db")
        return await Play(scenario(text, directory), driver, server, "tenant").run()
    finally:
        await driver.stop()


async def test_a_scenario_that_holds_has_no_failure(tmp_path: Path):
    """Answers that match are no failure; the exchange is kept."""
    outcome = await played(LISTS, tmp_path)
    assert outcome.failure == ""
    assert "RouterService/ListStaff" in "".join(outcome.transcript)


async def test_a_mismatch_is_told_with_step_and_place(tmp_path: Path):
    """The failure names the step, and the field with what was expected and found."""
    outcome = await played(LISTS.replace("{page_size: 3}}}", "{page_size: 4}}}"), tmp_path)
    assert "then 1: call RouterService/ListStaff" in outcome.failure
    assert "echo.page_size should be 4, and is 3" in outcome.failure


async def test_an_error_where_an_answer_is_expected_fails(tmp_path: Path):
    """And the error is told."""
    outcome = await played(LISTS, tmp_path, "refuses")
    assert "answered with an error" in outcome.failure
    assert "STAFF_UNKNOWN" in outcome.failure


async def test_an_answer_where_an_error_is_expected_fails(tmp_path: Path):
    """A refusal that does not come is a failure."""
    outcome = await played("{name: one, then: [{call: RouterService/ListStaff, error: {reason: STAFF_UNKNOWN}}]}", tmp_path)
    assert "should answer with an error" in outcome.failure


async def test_the_kind_of_an_error_is_held(tmp_path: Path):
    """An error of the right reason and the wrong kind fails."""
    text = "{name: one, then: [{call: RouterService/ListStaff, error: {reason: STAFF_UNKNOWN, kind: AccessError}}]}"
    assert "error.kind should be 'AccessError'" in (await played(text, tmp_path, "refuses")).failure


async def test_a_change_told_twice_fails_every_scenario(tmp_path: Path):
    """No floor may tell a revision twice, whatever else a scenario expects."""
    assert "told twice" in (await played(LISTS, tmp_path, "repeats")).failure


@pytest.mark.parametrize(("mood", "told"), [("dies", "a driver's last words"), ("babbles", "what the protocol does not know")])
async def test_a_driver_that_fails_is_told(tmp_path: Path, mood: str, told: str):
    """Its end or its babble fails the scenario, with its last words."""
    driver = await Driver([sys.executable, str(HERE / "little_driver.py"), mood]).start()
    outcome = await Play(scenario(LISTS, tmp_path), driver, ServerProcess(tmp_path / "unused.db"), "tenant").run()
    await driver.stop()
    assert "the driver" in outcome.failure
    assert told in outcome.failure


async def test_a_driver_must_end_well(monkeypatch: pytest.MonkeyPatch):
    """An exit code other than 0 at the end of its input fails the run."""
    row = rows_named(["python"])[0]
    monkeypatch.setattr(type(row), "command", [sys.executable, str(HERE / "little_driver.py"), "ends badly"])
    with pytest.raises(RuntimeError, match="ended with 3"):
        async with driving(row):
            pass


async def test_a_silent_driver_is_not_waited_for():
    """An answer has a deadline."""
    driver = Driver(["sleep", "600"])
    with pytest.raises(DriverFailedError, match="no answer"):
        await driver.start(0.2)
    with pytest.raises(DriverFailedError, match="still ran"):
        await driver.stop(0.2)


GAPS = [Gap("plain", ("floor: *",), "it has no floor")]


@pytest.mark.parametrize(
    ("driver", "failure", "verdict", "bad"),
    [
        ("go", "", PASSED, False),
        ("go", "broken", FAILED, True),
        ("plain", "broken", GAP, False),
        ("plain", "", GAP_PASSED, True),
    ],
)
def test_gaps_are_held_both_ways(driver: str, failure: str, verdict: str, bad: bool):
    """A failure that is declared does not fail the run; a declared gap that passes does."""
    result = judged(GAPS, driver, "floor", "one", failure=failure, seconds=0)
    assert result.verdict == verdict
    assert result.bad == bad


def run_command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The runner's own command."""
    return subprocess.run(
        [str(HERE / "run"), *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_absent_toolchains_are_named_and_fail_only_in_continuous_integration():
    """Without a language's toolchain its row is left out by name; where CI is set, that is a failure."""
    arguments = ("--driver", "go", "--driver", "python", "--scenario", "chosen are listed", "--only-scenarios")
    path = os.pathsep.join(("/usr/bin", "/bin"))
    if (Path("/usr/bin") / "go").exists():
        pytest.skip("go is where every system has its tools")
    quiet = run_command(*arguments, PATH=path, CI="")
    assert "go is absent: needs go" in quiet.stdout
    assert quiet.returncode == 0, quiet.stdout
    assert run_command(*arguments, PATH=path, CI="true").returncode == 1


@pytest.mark.timeout(900)
def test_an_unknown_driver_is_told():
    """With those that there are."""
    done = run_command("--driver", "cobol")
    assert done.returncode == 2
    assert "python, python-sync, go, typescript, java, plain" in done.stdout


def test_a_build_that_fails_is_told(tmp_path: Path):
    """With the end of what make printed."""
    (tmp_path / "Makefile").write_text("setup:\n\techo no such tool; exit 1\ndriver:\n", encoding="utf-8")
    with pytest.raises(BuildError, match="no such tool"):
        build(tmp_path)


def test_the_table_of_the_clients_page_is_as_made():
    """clients/README.md shows what scenarios and gaps say; `tests/conformance/run --write-table` writes it after a good run."""
    scenarios = load_all(HERE / "scenarios")
    titles = [one.title for one in scenarios] + [f"{group}: any" for group in GROUPS]
    gaps = load_gaps(HERE / "gaps.yaml", [row.name for row in ROWS], titles)
    assert in_page(PAGE.read_text(encoding="utf-8")) == made(scenarios, gaps), "run tests/conformance/run --write-table"


def test_the_clients_page_links_every_client():
    """Each language's own page is there and linked."""
    page = PAGE.read_text(encoding="utf-8")
    for language in ("python", "go", "typescript", "java"):
        assert f"({language}/README.md)" in page
        assert (ROOT / "clients" / language / "README.md").exists(), language
