"""Many staff: what one takes in memory, and how soon a new watcher or a client that lists has them all.

Memory is judged after a restart, when the server holds the staff and nothing else. Before it there is the watch log too, which
is bounded and does not grow with the staff; that figure is told beside it.
"""

from statistics import median

from onduty_bench.bench import TENANT, Bench, Measurement, middle
from onduty_bench.figures import Bar, Row

MEMORY_MOST_KB = 2.0
SNAPSHOT_MOST_SECONDS = 0.5


def _measure(bench: Bench) -> list[Row]:
    staff = bench.settings.staff
    with bench.folder() as folder:
        journal = folder / "population.db"
        with bench.onduty(folder, journal) as server:
            empty = server.resident_bytes()
            bench.seed(server, staff)
            grown = server.resident_bytes() - empty
        bench.step("restarting")
        with bench.onduty(folder, journal) as server:
            restarted = server.resident_bytes() - empty
            told = []
            for number in bench.rounds():
                bench.step(f"a new watcher, {number}")
                told.append(bench.generator.run("snapshot", seconds=30, target=server.address, tenant=TENANT, pid=server.pid))
    kilobytes, grown_kilobytes = restarted / staff / 1000, grown / staff / 1000
    listed = {"staff": median(one["list_staff"] for one in told), "page_size": 1000}
    detail = {
        "staff": middle(told, "staff"),
        "chunks": middle(told, "chunks"),
        "bytes": middle(told, "bytes"),
        "first_chunk_seconds": middle(told, "first_seconds"),
    }
    memory = {"staff": staff, "empty_megabytes": empty / 1e6, "restarted_megabytes": (empty + restarted) / 1e6}
    snapshot = Bar("at most", SNAPSHOT_MOST_SECONDS)
    return [
        Row("population", "snapshot.watch", f"snapshot of {staff:,} staff to a new watcher", middle(told, "seconds"), "s",
            snapshot, {}, None, detail),
        Row("population", "snapshot.list", f"ListStaff, all pages of {staff:,} staff", middle(told, "list_seconds"), "s",
            None, {}, None, listed),
        Row("population", "memory.staff", "memory of a staff member", kilobytes, "KB", Bar("at most", MEMORY_MOST_KB), {},
            None, memory),
        Row("population", "memory.grown", "the same before a restart, watch log included", grown_kilobytes, "KB", None, {},
            None, memory),
    ]  # fmt: skip


POPULATION = Measurement("population", "snapshot and memory with 100,000 staff", lambda settings: 2 + settings.rounds, _measure)
