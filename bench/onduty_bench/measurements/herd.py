"""Ten thousand desktops on one server: what each takes in memory, what they cost idle, and how soon all are back."""

import time
from contextlib import ExitStack

from onduty_bench.bench import TENANT, Bench, Measurement
from onduty_bench.figures import Bar, Row
from onduty_bench.processes import BenchError, free_port

ATTACHED_WITHIN = 300.0
BACK_WITHIN = 90.0
MEMORY_MOST_KB = 40.0
IDLE_MOST = 0.15
BACK_MOST_SECONDS = 15.0


def _measure(bench: Bench) -> list[Row]:
    count = bench.settings.desktops
    with bench.folder() as folder, ExitStack() as first:
        journal, port = folder / "herd.db", free_port()
        server = first.enter_context(bench.onduty(folder, journal, port=port))
        bench.seed(server, count)
        empty = server.resident_bytes()
        bench.step(f"attaching {count:,} desktops")
        with bench.generator.beside("desktops", target=server.address, tenant=TENANT, count=count) as desktops:
            attached = desktops.line(ATTACHED_WITHIN)
            bench.step("idle")
            time.sleep(bench.settings.warm)
            begun, used = time.monotonic(), server.cpu_seconds()
            time.sleep(bench.settings.idle)
            idle = (server.cpu_seconds() - used) / (time.monotonic() - begun)
            memory = (server.resident_bytes() - empty) / count / 1024
            desktops.say("again")
            bench.step("restarting")
            first.close()
            with bench.onduty(folder, journal, port=port):
                back = desktops.line(BACK_WITHIN)
    if attached["attached"] != count or back["attached"] != count:
        raise BenchError(f"of {count} desktops {attached['attached']} attached, and {back['attached']} came back")
    detail = {"desktops": count, "attached_after_seconds": attached["seconds"], "back_p50_ms": back["back"]["p50_ms"]}
    title = f"{count:,} desktops attached"
    return [
        Row("herd", "herd.memory", f"{title}: memory of one", memory, "KiB", Bar("at most", MEMORY_MOST_KB), {}, None, detail),
        Row("herd", "herd.idle", f"{title}: CPU idle", idle, "of a core", Bar("at most", IDLE_MOST), {}, None, detail),
        Row("herd", "herd.back", f"{title}: all back after a restart", back["seconds"], "s", Bar("at most", BACK_MOST_SECONDS),
            {}, None, detail),
        Row("herd", "herd.offline", f"{title}: sent OFFLINE by a restart", back["offline"], "", Bar("at most", 0), {}, None,
            detail),
    ]  # fmt: skip


HERD = Measurement("herd", "10,000 desktops, and a restart under them", lambda _settings: 4, _measure)
