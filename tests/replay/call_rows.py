"""Makes rows of a call file for tests, in the file's own columns."""

from onduty_replay.records import COLUMNS

HEADER = "\t".join(COLUMNS)
_BASE = {
    "vru+line": "VX0101", "call_id": "1", "customer_id": "0", "priority": "0", "type": "PS", "date": "240311",
    "vru_entry": "9:00:00", "vru_exit": "9:00:10", "vru_time": "10", "q_start": "0:00:00", "q_exit": "0:00:00", "q_time": "0",
    "outcome": "AGENT", "ser_start": "9:00:10", "ser_exit": "9:02:00", "ser_time": "110", "server": "FERN",
}  # fmt: skip


def row(**cells: str) -> str:
    """A served call with some cells changed; ``line`` stands for the column ``vru+line``."""
    if "line" in cells:
        cells["vru+line"] = cells.pop("line")
    return "\t".join({**_BASE, **cells}.values())


def served(call_id: int, start: str, end: str, **cells: str) -> str:
    """A call served from ``start`` to ``end``, entered at ``start``."""
    times = {"vru_entry": start, "vru_exit": start, "ser_start": start, "ser_exit": end, "ser_time": "1"}
    return row(call_id=str(call_id), **{**times, **cells})
