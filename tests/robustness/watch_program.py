"""Runs ``onduty serve`` with a watch log, frames and housekeeping small enough that their bounds are met within seconds.

Run ``python watch_program.py '{"ring_changes": 300}' serve --listen ...``. It changes the module constants that ``KNOBS`` names
and nothing else; the program that then runs is the real one.
"""

import importlib
import json
import sys
from collections.abc import Mapping

KNOBS: Mapping[str, tuple[str, ...]] = {
    "ring_changes": ("engine.watch.ring:RING_CHANGES", "rpc.servicers.server_info:RING_CHANGES"),
    "ring_bytes": ("engine.watch.budgets:RING_BYTES", "rpc.servicers.server_info:RING_BYTES"),
    "frame_changes": ("engine.watch.selection:FRAME_CHANGES",),
    "frame_bytes": ("engine.watch.selection:FRAME_BYTES", "wire.splicing:FRAME_BYTES"),
    "latest_bytes": ("engine.watch.selection:LATEST_BYTES",),
    "housekeeping_seconds": ("engine.engine:FORGETTING_SECONDS",),
    "forgotten_at_once": ("engine.background.retention:FORGOTTEN_AT_ONCE", "adapters.pooled_journal:FORGOTTEN_AT_ONCE"),
    "tail_most": ("adapters.sqlite.writer:_TAIL_MOST",),
}
"""Bounds of the server that have no setting, with the places that hold them."""


def turn(knobs: Mapping[str, float]) -> None:
    """Set bounds before the server is made; one that is not where it was is an error."""
    for name, value in knobs.items():
        for place in KNOBS[name]:
            module_name, _, constant = place.partition(":")
            module = importlib.import_module(f"onduty_server.{module_name}")
            if not hasattr(module, constant):
                raise AttributeError(f"onduty_server.{module_name} has no {constant}")
            setattr(module, constant, value)


def main() -> None:
    """The program."""
    turn(json.loads(sys.argv.pop(1)))
    from onduty_cli.main import main as onduty

    onduty()


if __name__ == "__main__":
    main()
