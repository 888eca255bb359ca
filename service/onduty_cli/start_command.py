"""Says how a server is started by whoever has this command line; it starts none."""

import sys
from pathlib import Path


def start_command(prefix: Path | None = None) -> str:
    """Returns what to type: in a checkout `make run`, which has the journal that a bare `onduty serve` would not find.

    Args:
        prefix: The environment of this Python; left out, the present one.
    """
    environment = prefix or Path(sys.prefix)
    checkout = environment.parent
    is_checkout = (
        environment.name == ".venv" and (checkout / "Makefile").is_file() and (checkout / "service/onduty_cli").is_dir()
    )
    return "`make run` in the checkout" if is_checkout else "`onduty serve`"
