"""Reads a page's blocks, runs the runnable ones in a shell, and holds their output against what the page shows.

A block marked ``sh`` is run. A block marked ``json`` or ``text`` that follows it shows a part of its output: ``...`` stands for
anything. A command that should fail says so in a comment, as in ``# ends with exit code 73``.
"""

import json
import os
import re
import shlex
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
WALKTHROUGH = ROOT / "docs/walkthrough.md"
ADDRESS = "127.0.0.1:50051"
ANY = "..."
SECONDS_MOST = 300

PATIENT = """#!/usr/bin/env bash
# Runs a program. Where a command sets the time after which it ends, it gets more of it until something has come in its time.
program={program}
arguments=("$@")
case " $* " in *" -max-time "* | *" --timeout "*) ;; *) exec "$program" "$@" ;; esac
came=$(mktemp)
trap 'rm -f "$came"' EXIT
for seconds in 3 15 90; do
    for at in "${{!arguments[@]}}"; do
        case "${{arguments[at]}}" in
            -max-time) arguments[at + 1]=$seconds ;;
            --timeout) arguments[at + 1]=${{seconds}}s ;;
        esac
    done
    code=0
    "$program" "${{arguments[@]}}" > "$came" || code=$?
    [ -s "$came" ] && break
done
cat "$came"
exit "$code"
"""

_FENCE = re.compile(r"^```(?P<language>[a-z]+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_EXIT_CODE = re.compile(r"# ends with exit code (\d+)")
_GRPCURL = re.compile(
    r"grpcurl -plaintext(?: -max-time (?P<seconds>\d+))?(?P<header> -H '[^']*')?"
    r"(?:(?:\s|\\\n)+(?P<data>-d (?:'[^']*'|\"(?:[^\"\\]|\\.)*\")))?"
    rf"(?:\s|\\\n)+{re.escape(ADDRESS)} (?P<method>[\w./]+)"
)
_FIELD = re.compile(r"\| field (\w+)")
_COMMAND_END = re.compile(r"(?<!\\)\n")
_READ = re.compile(r"Service/(?:Get|List)\w+$")


@dataclass(frozen=True, slots=True)
class Block:
    """A runnable block: its line in the page, its text, how it should end, and what it should show."""

    line: int
    text: str
    exit_code: int = 0
    shown: str = ""
    shown_as: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a block ended and what it wrote."""

    exit_code: int
    out: str
    err: str


def fences(text: str) -> list[tuple[int, str, str]]:
    """Every fenced block of a Markdown page: its line, its language and its text."""
    return [(text.count("\n", 0, found.start()) + 1, found["language"], found["text"]) for found in _FENCE.finditer(text)]


def runnable_blocks(page: Path) -> list[Block]:
    """A page's runnable blocks in order, with what the block after each of them shows."""
    blocks: list[Block] = []
    just_ran = False
    for line, language, text in fences(page.read_text(encoding="utf-8")):
        if language == "sh":
            code = _EXIT_CODE.search(text)
            blocks.append(Block(line, text, int(code[1]) if code else 0))
        elif just_ran and language in {"json", "text"}:
            blocks[-1] = replace(blocks[-1], shown=text, shown_as=language)
        just_ran = language == "sh"
    return blocks


def for_buf(block: Block) -> Block:
    """The same block with ``buf curl`` in the place of grpcurl.

    The options, the address and the exit codes are written otherwise, and answers have camelCase names.
    """

    def command(found: re.Match[str]) -> str:
        timeout = f" --timeout {found['seconds']}s" if found["seconds"] else ""
        target = f"--list-services http://{ADDRESS}" if found["method"] == "list" else f"http://{ADDRESS}/{found['method']}"
        data = f" {found['data']}" if found["data"] else ""
        return f"buf curl --protocol grpc --http2-prior-knowledge{timeout}{found['header'] or ''}{data} {target}"

    text = _GRPCURL.sub(command, block.text)
    assert "grpcurl" not in text, f"line {block.line}: a grpcurl line that cannot be translated"
    text = _FIELD.sub(lambda found: f"| field {_camel_case(found[1])}", text)
    exit_code = (block.exit_code - 64) * 8 if block.exit_code else 0
    return replace(block, text=text, exit_code=exit_code)


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def last_read(block: Block) -> Block | None:
    """The block's last command by itself, where it only reads: what it shows may be there a moment later."""
    command = _COMMAND_END.split(block.text.strip())[-1]
    return replace(block, text=command) if _READ.search(command) else None


def patient(program: Path, folder: Path) -> Path:
    """A command in the folder that runs the program and knows patience: no time set in a command is too short for an answer."""
    folder.mkdir(exist_ok=True)
    script = folder / program.name
    script.write_text(PATIENT.format(program=shlex.quote(str(program))), encoding="utf-8")
    script.chmod(0o755)
    return script


class Shell:
    """Runs blocks one after the other as a person in one terminal would: variables and functions stay."""

    def __init__(self, directory: Path, replacements: dict[str, str], path: list[Path]) -> None:
        """``replacements`` are made in every block, the first that fits; ``path`` comes before the system's."""
        self._state = directory / "environment"
        self._replacements = replacements
        self._replaced = re.compile("|".join(map(re.escape, replacements)))
        self._environment = {**os.environ, "PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]])}

    def run(self, block: Block) -> Outcome:
        """Run a block; it ends at the first command that fails."""
        text = self._replaced.sub(lambda found: self._replacements[found[0]], block.text)
        script = f"trap 'env -0 > {self._state}' EXIT\nset -ae\n{text}"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            check=False,
            text=True,
            timeout=SECONDS_MOST,
        )
        entries = self._state.read_text().split("\0")
        self._environment = dict(entry.split("=", 1) for entry in entries if entry)
        return Outcome(done.returncode, done.stdout, done.stderr)


def differences(block: Block, outcome: Outcome) -> list[str]:
    """What the page says of a block that is not so."""
    found = []
    if outcome.exit_code != block.exit_code:
        found.append(f"ended with {outcome.exit_code}, not {block.exit_code}")
    if block.shown_as == "json" and not any(_contains(answer, json.loads(block.shown)) for answer in _answers(outcome.out)):
        found.append(f"no answer holds {block.shown}")
    if block.shown_as == "text":
        found += [f"does not show {line!r}" for line in _lines(block) if not _shows(outcome, line)]
    return found


def _lines(block: Block) -> list[str]:
    lines = [line.strip() for line in block.shown.splitlines() if line.strip()]
    if "buf curl" in block.text:
        # buf has another form for errors; the sentence is the same.
        return [line.removeprefix("Message: ") for line in lines if line.startswith("Message: ")]
    return lines


def _shows(outcome: Outcome, line: str) -> bool:
    parts = (re.escape(part) for part in " ".join(line.split()).split(ANY))
    pattern = re.compile(".*".join(parts))
    written = (outcome.out + outcome.err).splitlines()
    return any(pattern.search(" ".join(one.split())) for one in written)


def _answers(out: str) -> list[Any]:
    """The JSON objects in an output; whatever else is in it is passed over."""
    decoder = json.JSONDecoder()
    answers, place = [], out.find("{")
    while place >= 0:
        try:
            answer, place = decoder.raw_decode(out, place)
            answers.append(answer)
        except json.JSONDecodeError:
            place += 1
        place = out.find("{", place)
    return answers


def _contains(answer: Any, shown: Any) -> bool:
    """Whether an answer holds everything that is shown; names may be camelCase, lists may hold more."""
    if isinstance(shown, dict):
        return isinstance(answer, dict) and all(
            _contains(answer.get(name, answer.get(_camel_case(name))), value) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return isinstance(answer, list) and all(any(_contains(one, value) for one in answer) for value in shown)
    return answer is not None if shown == ANY else answer == shown
