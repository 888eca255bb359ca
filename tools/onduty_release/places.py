"""Where things are, and how programs are run. It knows nothing of what is built."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
DIST: Final = ROOT / "dist"
PROBES: Final = Path(__file__).with_name("probes")
SECONDS_MOST: Final = 900
"""For one program, such as a first build that fetches what it needs."""
LINES_SHOWN: Final = 60


class StepError(Exception):
    """A step went wrong; the text says what, and what was printed."""


def run(
    *command: object,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    seconds: float = SECONDS_MOST,
) -> str:
    """Runs a program to its end and gives what it wrote to standard output; ``env`` is all that it gets, by default ours.

    Raises:
        StepError: It could not be started, took too long, or ended with another code than 0.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False
        )
    except FileNotFoundError as error:
        raise StepError(f"{words[0]} is not here") from error
    except subprocess.TimeoutExpired as error:
        raise StepError(f"{' '.join(words)} did not end within {seconds:.0f} s") from error
    if done.returncode:
        printed = "\n".join((done.stdout + done.stderr).splitlines()[-LINES_SHOWN:])
        raise StepError(f"{' '.join(words)} ended with {done.returncode}:\n{printed}")
    return done.stdout


def bare(folder: Path) -> dict[str, str]:
    """The variables of somebody who has nothing of ours: programs are found, and the home is a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LC_ALL", "TZ", "TMPDIR"}}
    return {**kept, "HOME": str(folder)}


def empty(folder: Path) -> Path:
    """A folder that is there and has nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def only(folder: Path, pattern: str) -> Path:
    """The one file of a folder that a pattern names.

    Raises:
        StepError: There is none, or there are several.
    """
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise StepError(f"{folder.name}: {len(found)} files are {pattern}: {', '.join(path.name for path in found)}")
    return found[0]


def require(*requests: Sequence[object]) -> None:
    """Holds what must be so: pairs of a truth and the words for when it is not.

    Raises:
        StepError: The words of the first pair that is not so.
    """
    for so, words in requests:
        if not so:
            raise StepError(str(words))
