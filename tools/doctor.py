"""Say in words what is on this machine, what is missing, and what it is needed for: make doctor.

It runs with any Python from 3.6 on, changes nothing and asks no network. It ends with 0 where `make run` and `make test` can
run, else with 1.
"""

import os
import platform
import re
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Optional

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
OLDEST, NEWEST = (3, 11), (3, 14)
PORT = 50051
WEB_PORT = 8080
SECONDS_MOST = 30

Install = NamedTuple("Install", [("debian", str), ("fedora", str), ("macos", str)])
Tool = NamedTuple("Tool", [("name", str), ("programs", tuple), ("needed_for", str), ("install", Install)])
Finding = NamedTuple("Finding", [("state", str), ("name", str), ("words", str), ("advice", str)])
"""One line: the state is ok, missing (one of the two commands cannot run), absent (only what it names is not to be had)."""

MAKE = Install("apt install make", "dnf install make", "xcode-select --install")
TOOLS = (
    Tool(
        "go",
        (("go", "version"),),
        "the Go client, make grpcurl, make bench",
        Install("apt install golang-go", "dnf install golang", "brew install go"),
    ),
    Tool(
        "node",
        (("node", "--version"), ("npm", "--version")),
        "the TypeScript client",
        Install("apt install nodejs npm", "dnf install nodejs npm", "brew install node"),
    ),
    Tool(
        "java",
        (("java", "-version"), ("mvn", "--version")),
        "the Java client",
        Install("apt install default-jdk maven", "dnf install java-latest-openjdk-devel maven", "brew install openjdk maven"),
    ),
    Tool(
        "grpcurl",
        (("grpcurl", "--version"),),
        "the examples with grpcurl, and the tests of them",
        Install("make grpcurl (needs Go)", "make grpcurl (needs Go)", "brew install grpcurl"),
    ),
    Tool(
        "postgresql",
        (("postgres", "--version"),),
        "tests with a journal in PostgreSQL, where there are any",
        Install("apt install postgresql", "dnf install postgresql-server", "brew install postgresql"),
    ),
    Tool(
        "chromium",
        (("chromium", "--version"),),
        "tests of pages in a browser, where there are any",
        Install("apt install chromium", "dnf install chromium", "brew install --cask chromium"),
    ),
)
OTHER_NAMES = {
    "chromium": ("chromium-browser", "google-chrome", "google-chrome-stable"),
    "grpcurl": (os.path.join(ROOT, ".tools", "grpcurl"),),
    "postgres": tuple("/usr/lib/postgresql/{}/bin/postgres".format(number) for number in range(20, 12, -1)),
}


def main() -> int:
    """Print the findings, what is missing first: 0 where both commands can run."""
    findings = [python(), environment_module(), make(), installed(), state_folder(), port("ONDUTY_LISTEN", PORT)]
    findings.append(port("ONDUTY_WEB", WEB_PORT))
    with ThreadPoolExecutor(len(TOOLS)) as together:
        findings += together.map(tool, TOOLS)
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        print("{:<7}  {:<{}}  {}".format(finding.state, finding.name, width, finding.words))
        if finding.advice:
            print("{:<7}  {:<{}}  -> {}".format("", "", width, finding.advice))
    missing = [finding.name for finding in findings if finding.state == "missing"]
    print()
    if missing:
        print("make run and make test cannot run yet: {}.".format(", ".join(missing)))
        return 1
    taken = any(finding.name == "port" and finding.state != "ok" for finding in findings)
    can = "make test can run, and make run with the port that its line names" if taken else "make run and make test can run"
    print("{}. What is absent is needed only for what its line names.".format(can))
    return 0


def python() -> Finding:
    """The Python that make would take, which is the one this runs with wherever one fits."""
    words = "{} {} ({})".format(platform.python_implementation(), platform.python_version(), sys.executable)
    if OLDEST <= sys.version_info[:2] <= NEWEST and platform.python_implementation() == "CPython":
        return Finding("ok", "python", words, "")
    advice = "it has to be CPython {}.{} to {}.{}: {}; or make run PYTHON=/path/to/python3".format(
        *OLDEST
        + NEWEST
        + (way(Install("apt install python3 python3-venv", "dnf install python3.12", "brew install python@3.13")),)
    )
    return Finding("missing", "python", words, advice)


def environment_module() -> Finding:
    """What makes .venv: Debian keeps half of it in a package of its own."""
    needs = [name for name in ("venv", "ensurepip") if not importable(name)]
    if not needs:
        return Finding("ok", "venv, pip", "this Python can make an environment with pip in it", "")
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    words = "this Python has no {}".format(" and no ".join(needs))
    if os.path.exists(os.path.join(VENV, ".run")):
        return Finding("absent", "venv, pip", words + "; needed to make .venv anew", "apt install " + package)
    return Finding("missing", "venv, pip", words, "on Debian and Ubuntu: apt install " + package)


def importable(name: str) -> bool:
    """Whether this Python has a module."""
    try:
        __import__(name)
    except ImportError:
        return False
    return True


def make() -> Finding:
    """The program that the commands are typed with."""
    said = answer("make", "--version")
    return Finding("ok", "make", said, "") if said else Finding("missing", "make", "not found", way(MAKE))


def installed() -> Finding:
    """What .venv is like; what is wrong with it is mended by the next command, which needs a network for it."""
    held = os.path.join(VENV, "bin", "python")
    if not os.path.lexists(VENV):
        return Finding("ok", ".venv", "not made yet: the first make run or make test makes it, with a network", "")
    said = answer(held, "-m", "pip", "--version")
    if not said:
        return Finding("ok", ".venv", "half made, or its Python is gone: the next make run or make test makes it anew", "")
    complete = [name for name in ("run", "dev") if os.path.exists(os.path.join(VENV, "." + name))]
    lists = {"run": "make run", "dev": "make test"}
    ready = " and ".join(lists[name] for name in complete) or "nothing"
    return Finding(
        "ok", ".venv", "{}, {}; ready for {}".format(answer(held, "--version"), " ".join(said.split()[:2]), ready), ""
    )


def state_folder() -> Finding:
    """Where the journal goes, unless ONDUTY_JOURNAL names another place."""
    named = os.environ.get("ONDUTY_JOURNAL")
    folder = os.path.dirname(os.path.abspath(named)) if named else os.path.join(ROOT, "var")
    there = folder
    while not os.path.exists(there):
        there = os.path.dirname(there)
    if os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK) and os.access(ROOT, os.W_OK):
        return Finding("ok", "folders", "the journal's folder ({}) and the checkout can be written".format(folder), "")
    return Finding(
        "missing", "folders", "{} or {} cannot be written".format(there, ROOT), "give them to the user who runs make"
    )


def port(variable: str, number: int) -> Finding:
    """A port of make run; a server that has it already is often one's own."""
    if os.environ.get(variable):
        return Finding("ok", "port", "{}={} is what make run listens on".format(variable, os.environ[variable]), "")
    asked = socket.socket()
    try:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        asked.bind(("127.0.0.1", number))
    except OSError as error:
        words = "127.0.0.1:{} cannot be had ({}); make test needs no port".format(number, error.strerror)
        second = "ONDUTY_LISTEN=127.0.0.1:50052 ONDUTY_WEB=127.0.0.1:8081 ONDUTY_JOURNAL=var/second.db"
        return Finding("absent", "port", words, "for a second make run: {} make run".format(second))
    finally:
        asked.close()
    return Finding("ok", "port", "127.0.0.1:{} is free for make run; tests use free ports of their own".format(number), "")


def tool(one: Tool) -> Finding:
    """A toolchain that only some commands need."""
    answers = [(program, answer(program, *words)) for program, *words in one.programs]
    lacking = [program for program, said in answers if not said]
    if lacking:
        return Finding(
            "absent", one.name, "{} not found; needed for {}".format(" and ".join(lacking), one.needed_for), way(one.install)
        )
    return Finding("ok", one.name, "{}; for {}".format(", ".join(said for _, said in answers if said), one.needed_for), "")


def answer(program: str, *words: str) -> Optional[str]:
    """The first line with a version that a program says, or None where it is not there or does not run."""
    for name in (program,) + OTHER_NAMES.get(program, ()):
        found = shutil.which(name)
        if not found:
            continue
        try:
            done = subprocess.run(
                (found,) + words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=SECONDS_MOST
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
        if done.returncode == 0 and lines:
            # A program that grumbles before it says its version is not quoted with that.
            said = next((line for line in lines if re.search(r"\d+\.\d", line)), lines[0])
            return said.replace("\x1b[1m", "").replace("\x1b[m", "")
    return None


def way(install: Install) -> str:
    """How to install something on the system that this is; on an unknown one, all three ways."""
    if sys.platform == "darwin":
        return install.macos
    if shutil.which("apt-get"):
        return install.debian
    if shutil.which("dnf"):
        return install.fedora
    return "Debian, Ubuntu: {}; Fedora: {}; macOS: {}".format(*install)


if __name__ == "__main__":
    sys.exit(main())
