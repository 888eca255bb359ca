"""How long the server takes from its process's start to its first answer, on a journal with a month of history."""

import subprocess
from pathlib import Path
from statistics import median

from onduty_bench.bench import Bench, Measurement
from onduty_bench.figures import Bar, Row
from onduty_bench.processes import BenchError
from onduty_bench.servers import ROOT, server_python

MAKER = ROOT / "bench" / "journal_maker.py"
AT_MOST_SECONDS = 2.0
MAKING_SECONDS = 900.0
STARTS = 3


def _measure(bench: Bench) -> list[Row]:
    staff, rows = bench.settings.journal_staff, bench.settings.journal_rows
    with bench.folder() as folder:
        journal = folder / "start.db"
        bench.step(f"making a journal of {rows:,} rows")
        make_journal(journal, staff, rows)
        size = journal.stat().st_size
        full = _starts(bench, folder, journal)
        empty = _starts(bench, folder, folder / "empty.db")
    detail = {"staff": staff, "rows": rows, "journal_megabytes": size / 1e6, "starts": full, "empty_starts": empty}
    title = f"start with {staff:,} staff and {rows:,} journal rows"
    bar, floor = Bar("at most", AT_MOST_SECONDS), {"floor (empty journal)": median(empty)}
    return [Row("start", "start.seconds", title, median(full), "s", bar, floor, None, detail)]


def make_journal(journal: Path, staff: int, rows: int) -> None:
    """A month of so many staff, in about so many rows.

    Raises:
        BenchError: It could not be made.
    """
    command = [str(server_python()), str(MAKER), "--journal", str(journal), "--staff", str(staff), "--rows", str(rows)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=MAKING_SECONDS)
    except subprocess.SubprocessError as error:
        told = getattr(error, "stderr", b"") or b""
        raise BenchError(f"the journal could not be made: {error}\n{told.decode(errors='replace')[-2000:]}") from error


def _starts(bench: Bench, folder: Path, journal: Path) -> list[float]:
    found = []
    for number in range(STARTS):
        bench.step(f"start {number + 1} of {STARTS} on {journal.stem}")
        with bench.onduty(folder, journal) as server:
            found.append(server.ready_seconds)
    return found


START = Measurement("start", "start on a large journal", lambda _settings: 1 + 2 * STARTS, _measure)
