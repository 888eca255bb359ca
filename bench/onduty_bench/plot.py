"""The plot: cost, deliveries a second and delay against the number of watchers, for each system. It needs matplotlib."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

FILE = "fanout.svg"
COLOURS = {"onduty": "#1b6ca8", "redis": "#c0392b", "nats": "#2e8b57", "etcd": "#7d5ba6"}


def draw(rows: Sequence[dict[str, Any]], path: Path) -> bool:
    """Draw the rows of the crowd into a file; False where there are none or matplotlib is not installed."""
    crowd = [row["detail"] for row in rows if row["measurement"] == "crowd"]
    try:
        import matplotlib as mpl  # noqa: PLC0415 - the bench measures without it.
    except ImportError:
        return False
    if not crowd:
        return False
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "onduty"
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the choice of how to draw.

    figure, (cost, rate, delay) = plt.subplots(1, 3, figsize=(13, 4.2), layout="constrained")
    for name in crowd[0]["systems"]:
        points = [(one["watchers"], one["systems"][name]) for one in crowd if name in one["systems"]]
        counts = [count for count, _ in points]
        colour = COLOURS.get(name)
        stuck = [one["watchers"] for one in crowd if name in one["failed"]]
        label = f"{name} (did not keep up with {stuck[0]:,})" if stuck else name
        for axes, key in ((cost, "cpu_micros"), (rate, "delivered_per_second"), (delay, "p99_ms")):
            axes.plot(counts, [told[key] for _, told in points], marker="o", color=colour, label=label)
        delay.plot(counts, [told["p50_ms"] for _, told in points], ":", color=colour)
    asked = crowd[0]["asked_rate"]
    cost.set(title=f"Server CPU of a delivery at {asked} changes/s", ylabel="µs, writes included")
    rate.set(title=f"Deliveries a second at {asked} changes/s", ylabel="changes delivered each second")
    delay.set(title="From due to seen: p99, dotted p50", ylabel="ms")
    for axes in (cost, rate, delay):
        axes.set(xscale="log", yscale="log", xlabel="watchers")
        axes.grid(visible=True, which="major", alpha=0.3)
    figure.legend(*cost.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    figure.savefig(path, metadata={"Date": None, "Creator": None} if path.suffix == ".svg" else None)
    plt.close(figure)
    return True
