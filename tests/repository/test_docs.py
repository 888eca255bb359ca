"""The pages agree with the code, with the contract and with each other."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer.main
from readme_blocks import fences

from onduty.v1 import admin_service_pb2, history_service_pb2, router_service_pb2, supervisor_service_pb2, workspace_service_pb2
from onduty_cli.main import app
from onduty_server.domain.model.status import Status
from onduty_server.rpc.error_map import CATALOGUE

CONTRACT = (admin_service_pb2, history_service_pb2, router_service_pb2, supervisor_service_pb2, workspace_service_pb2)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
TRANSITION = re.compile(r"    (\[\*\]|[A-Z_]+) --> ([A-Z_]+)(?: : [a-z, -]+)?")
DECISION_WORDS_MOST = 330


def without_code(text: str) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors that a code host gives to a page's headings."""
    found: set[str] = set()
    seen: Counter[str] = Counter()
    for heading in HEADING.findall(without_code(page.read_text(encoding="utf-8"))):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def command_names() -> list[str]:
    """Every command that does something, as it is typed."""
    waiting: list[tuple[str, Any]] = [("onduty", typer.main.get_command(app))]
    names = []
    while waiting:
        words, command = waiting.pop()
        if not hasattr(command, "list_commands"):
            names.append(words)
            continue
        waiting += [(f"{words} {name}", command.get_command(None, name)) for name in command.list_commands(None)]
    return names


# --- generated pages --------------------------------------------------------------------------------------------------


def test_generated_pages_are_what_the_code_says(generate: ModuleType):
    """`make docs` would change nothing."""
    assert "".join(generate.differences()) == ""


def test_check_tells_a_page_that_differs(generate: ModuleType, root: Path, tmp_path: Path):
    """A page that was changed by hand is shown as a diff; the others are not."""
    for name in (*generate.PAGES, *generate.FILES, *generate.HOSTS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, tmp_path / name)
    changed = tmp_path / "docs/reference/policy.md"
    changed.write_text(changed.read_text(encoding="utf-8").replace("20 s", "25 s"), encoding="utf-8")
    shown = "".join(generate.differences(tmp_path))
    assert "docs/reference/policy.md" in shown
    assert "docs/reference/errors.md" not in shown


def test_writing_mends_what_differs(generate: ModuleType, root: Path, tmp_path: Path):
    """Missing pages are written and filled tables restored; a second writing changes nothing."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    emptied = re.sub(r"(<!-- generated: [a-z-]+ -->\n).*?(<!-- end -->)", r"\1\2", readme, flags=re.DOTALL)
    (tmp_path / "README.md").write_text(emptied, encoding="utf-8")
    assert set(generate.write(tmp_path)) == {*generate.PAGES, *generate.FILES, "README.md"}
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == readme
    assert generate.write(tmp_path) == []


def test_check_ends_with_zero_when_nothing_differs(root: Path):
    """The program itself runs from anywhere and says so by its exit code."""
    done = subprocess.run([sys.executable, root / "docs/generate.py", "--check"], cwd="/", capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()


def test_unknown_marker_is_an_error(generate: ModuleType):
    """A table that nobody makes is a mistake, not an empty place."""
    with pytest.raises(KeyError):
        generate.filled("<!-- generated: nothing -->\n<!-- end -->\n")


# --- completeness -----------------------------------------------------------------------------------------------------


def test_every_internal_link_resolves(pages: list[Path], root: Path):
    """Every link between pages leads to a file that is there, and to a heading in it."""
    broken = []
    for page in pages:
        for link in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
            place, _, anchor = link.partition("#")
            target = (page.parent / place).resolve() if place else page
            if not target.exists() or not target.is_relative_to(root) or (anchor and anchor not in anchors(target)):
                broken.append(f"{page.relative_to(root)}: {link}")
    assert not broken


def test_every_command_is_documented(root: Path):
    """Every command of the command line has a section of its own."""
    page = (root / "docs/reference/cli.md").read_text(encoding="utf-8")
    headings = set(HEADING.findall(without_code(page)))
    assert set(command_names()) <= headings


def test_every_rpc_is_named_in_the_reference(root: Path):
    """No RPC is there for those only who read the contract."""
    services = [service for module in CONTRACT for service in module.DESCRIPTOR.services_by_name.values()]
    methods = [method.name for service in services for method in service.methods]
    assert len(methods) > 30
    page = (root / "docs/reference/rpcs.md").read_text(encoding="utf-8")
    assert [method for method in methods if f"`{method}`" not in page] == []


def test_every_error_names_its_code_in_the_contract(generate: ModuleType):
    """The comment of each error reason begins with the code that the server answers with."""
    from generator import protos

    codes = {spec.reason: spec.code.name for spec in CATALOGUE.values()}
    reasons = dict(protos.enum_values("ErrorReason"))
    assert reasons.keys() == codes.keys()
    assert {reason: comment.partition(".")[0] for reason, comment in reasons.items()} == codes


def test_every_metadata_key_is_in_the_contract(generate: ModuleType):
    """The comment of each error reason says something of its metadata, if only that there is none."""
    from generator import protos

    assert [name for name, comment in protos.enum_values("ErrorReason") if "metadata: " not in comment] == []


# --- form -------------------------------------------------------------------------------------------------------------


def test_diagrams_of_the_status_machine_are_well_formed(root: Path):
    """Every line of the generated state diagrams is a way between two statuses that exist."""
    diagrams = [
        text
        for _, language, text in fences((root / "docs/reference/status-machine.md").read_text(encoding="utf-8"))
        if language == "mermaid"
    ]
    assert len(diagrams) == 2
    for diagram in diagrams:
        kind, direction, *ways = diagram.splitlines()
        assert (kind, direction) == ("stateDiagram-v2", "    direction LR")
        for way in ways:
            found = TRANSITION.fullmatch(way)
            assert found, way
            assert found[1] == "[*]" or found[1] in Status.__members__
            assert found[2] in Status.__members__


def test_decisions_are_numbered_indexed_and_short(root: Path):
    """Decisions count up from 1, are in the index under their titles, and have the four parts in half a page."""
    paths = sorted((root / "docs/adr").glob("[0-9]*.md"))
    index = (root / "docs/adr/README.md").read_text(encoding="utf-8")
    for number, path in enumerate(paths, start=1):
        text = path.read_text(encoding="utf-8")
        title = text.splitlines()[0].removeprefix(f"# {number}. ")
        assert path.name.startswith(f"{number:04d}-")
        assert f"{number}. [{title}]({path.name})" in index
        assert re.findall(r"^\*\*(\w+)[.:]\*\*", text, re.MULTILINE) == [
            "Status",
            "Question",
            "Decision",
            "Alternatives",
            "Consequences",
        ]
        assert len(text.split()) <= DECISION_WORDS_MOST


def test_files_that_the_pages_name_exist(root: Path):
    """A module that architecture and decisions name in code is where they say."""
    service = root / "service/onduty_server"
    rooms = "domain|engine|wire|rpc|adapters|auth|observability|config|ports|past"
    named = re.compile(rf"`((?:(?:{rooms})/[\w/]*\w|compose)\.py)`")
    for page in (root / "docs/architecture.md", root / "CONTRIBUTING.md", *(root / "docs/adr").glob("*.md")):
        for found in named.finditer(page.read_text(encoding="utf-8")):
            assert (service / found[1]).exists(), f"{page.name}: {found[0]}"
