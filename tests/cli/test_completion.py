"""What bash offers at the cursor, asked of a real bash with the script that `onduty` gives it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("onduty")

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")

_OFFER = r"""
eval "$(_ONDUTY_COMPLETE=source_bash onduty)"
COMP_WORDS=($LINE) COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$LINE
[ "${LINE% }" = "$LINE" ] || { COMP_WORDS+=(""); COMP_CWORD=$((COMP_CWORD + 1)); }
function="$(complete -p onduty | sed 's/.*-F \([^ ]*\).*/\1/')"
$function onduty
printf '%s\n' "${COMPREPLY[@]}"
"""


def offered(line: str, env: dict[str, str]) -> list[str]:
    """The words that bash offers at the end of the line; nothing may be said beside them."""
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", _OFFER],
        check=True, capture_output=True, text=True, timeout=120, env={**os.environ, **env, "PATH": path, "LINE": line},
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("onduty staff show k", ["kim"]),
        ("onduty status set k", ["kim"]),
        ("onduty status set kim o", ["on-break", "offline"]),
        ("onduty history k", ["kim"]),
        ("onduty summary --group sa", ["sales"]),
        ("onduty status set --all-of-group s", ["sales"]),
        ("onduty break kim lu", ["lunch"]),
        ("onduty status set kim on-break --reason ", ["lunch"]),
        ("onduty time --zone Europe/Berl", ["Europe/Berlin"]),
    ],
)
def test_bash_offers_what_the_server_knows(onduty, kim, line: str, words: list[str]):
    """Staff, skill groups, break reasons, statuses and zones."""
    onduty("breaks", "add", "lunch")
    assert offered(line, onduty.env) == words


def test_nothing_is_offered_and_nothing_said_without_a_server():
    """The line that is being typed stays as it is."""
    assert offered("onduty staff show k", {"ONDUTY_SERVER": "127.0.0.1:1"}) == []
