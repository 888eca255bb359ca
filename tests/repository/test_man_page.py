"""The manual page and the completions of the package: well formed, and about every command."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from promtool import needs

SHARE = Path("service/share")


@pytest.fixture
def rendered(root: Path) -> str:
    """The manual page as a reader sees it."""
    groff = needs("groff", "groff")
    page = root / SHARE / "man/man1/onduty.1"
    done = subprocess.run([groff, "-man", "-Tascii", "-ww", "-rLL=200n", page], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout)


def test_it_has_every_command_and_option(root: Path, rendered: str):
    """As the reference has them; nothing in it is a fault of its form."""
    reference = (root / "docs/reference/cli.md").read_text(encoding="utf-8")
    commands = re.findall(r"^```text\n(onduty [^\n]*?) ?\[OPTIONS\]", reference, re.MULTILINE)
    assert len(commands) > 50
    for command in commands:
        assert re.search(rf"^ +{re.escape(command)} \[OPTIONS\]", rendered, re.MULTILINE), command
    for option in set(re.findall(r"^\| `(--[a-z-]+)", reference, re.MULTILINE)):
        assert option in rendered, option


def test_what_is_typed_stands_as_it_is_typed(rendered: str):
    """Quotes, dashes and tildes are those of a keyboard."""
    assert "onduty check --lag 2s" in rendered
    assert "~/.local/state/onduty/onduty.db" in rendered
    assert "Exit codes" not in rendered.partition("EXIT STATUS")[0].partition("COMMANDS")[0]


def test_bash_completes_by_the_packaged_file(root: Path):
    """The file is enough: nobody runs --install-completion."""
    script = root / SHARE / "bash-completion/completions/onduty"
    line = 'COMP_WORDS=(onduty jour) COMP_CWORD=1; _onduty_completion onduty; printf "%s\\n" "${COMPREPLY[@]}"'
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    bash = ["bash", "--norc", "-c", f"source {script}; {line}"]
    done = subprocess.run(bash, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["journal"]


@pytest.mark.parametrize(
    ("shell", "file"), [("zsh", "zsh/site-functions/_onduty"), ("fish", "fish/vendor_completions.d/onduty.fish")]
)
def test_other_shells_can_read_theirs(root: Path, shell: str, file: str):
    """Where the shell is installed: its own check of the syntax."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here")
    subprocess.run([shell, "--no-execute" if shell == "fish" else "-n", root / SHARE / file], check=True)
