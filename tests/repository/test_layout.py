"""What lies in the repository, and what its text must not say."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

REQUIRED = {
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "README.md",
    "SECURITY.md",
    "clients",
    "docs",
    "examples",
    "proto",
    "pyproject.toml",
    "requirements",
    "service",
    "tests",
    "tools",
}
ALLOWED = REQUIRED | {"bench", "deploy", "tools"}
BUILT = "service/onduty_web/static/"
"""The pages as they are built: others' libraries are in them."""
OWN_TEXT = {"LICENSE"}
"""Files whose text is not ours."""

PEOPLE = re.compile(r"(?<!user-)(?<!user_)\b[Aa]gents?\b")
"""The people are staff. In capitals it is a value of recorded days."""
MACHINE_PATH = re.compile(r"(?<![\w./])/(?:root|home|work|Users)/")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io|docker\.(?:io|com)|ghcr\.io|quay\.io|gcr\.io"
    r"|proxy\.golang\.org|maven\.org|rubygems\.org|buf\.build"
)
WORK_TALK = re.compile(
    r"\b(?:this|that|the last|an earlier|a previous|the next) session\b|\b[Ii]ssues? #?\d+|\bTODO\b|\bFIXME\b"
)
PAGE_TALK = re.compile(r"\b(?:sessions?|issues?|helpers?)\b", re.IGNORECASE)
BOASTING = re.compile(
    r"\b(?:blazing(?:ly)?|world[- ]class|state[- ]of[- ]the[- ]art|cutting[- ]edge|seamless(?:ly)?|effortless(?:ly)?)\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://(?!127\.0\.0\.1|localhost|\[::1\]|maven\.apache\.org/POM/4\.0\.0\")")
"""Of another machine. The name of Maven's form of a project only looks like one."""


def lines_with(pattern: re.Pattern[str], paths: Iterable[Path], root: Path) -> list[str]:
    """Where a pattern is found, as file:line: text."""
    found = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(root)}:{number}: {line.strip()}"
            for number, line in enumerate(text.splitlines(), start=1)
            if pattern.search(line)
        ]
    return found


@pytest.fixture(scope="session")
def texts(files: list[Path], root: Path) -> list[Path]:
    """Every file with text of ours, but for this one, which must name what it looks for."""
    names = {path: path.relative_to(root).as_posix() for path in files if path != Path(__file__)}
    return [path for path, name in names.items() if name not in OWN_TEXT and not name.startswith(BUILT)]


def test_top_level_is_as_agreed(files: list[Path], root: Path):
    """A newcomer finds the usual files, and nothing is left lying about."""
    present = {path.relative_to(root).parts[0] for path in files}
    assert present >= REQUIRED
    assert present <= ALLOWED


def test_people_are_called_staff(texts: list[Path], root: Path):
    """The other word of the trade is not used for them."""
    assert lines_with(PEOPLE, texts, root) == []


def test_text_names_no_place_on_a_machine(texts: list[Path], root: Path):
    """No path of somebody's own machine is in any file."""
    assert lines_with(MACHINE_PATH, texts, root) == []


def test_text_names_no_registry(texts: list[Path], root: Path):
    """Where packages come from is configured on the machine that installs them."""
    assert lines_with(REGISTRY, texts, root) == []


def test_requirements_hold_no_address(root: Path):
    """The lock files hold names, versions and hashes only."""
    locks = sorted((root / "requirements").glob("*.txt"))
    assert locks
    assert lines_with(re.compile(r"https?://|--(?:extra-)?index-url|--find-links"), locks, root) == []


def test_every_requirement_has_a_hash(root: Path):
    """Nothing is installed that was not named by its content."""
    for lock in (root / "requirements").glob("*.txt"):
        entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
        without = [entry.splitlines()[0] for entry in entries if entry[0] != "#" and "--hash=sha256:" not in entry]
        assert without == [], lock.name


def test_pages_hold_no_outside_address(pages: list[Path], root: Path):
    """The pages stand alone: they lead nowhere that can vanish."""
    assert lines_with(ADDRESS, pages, root) == []


def test_text_does_not_talk_about_its_making(texts: list[Path], pages: list[Path], root: Path):
    """Text is about the product, not about the work on it; what is to be done is not left in comments."""
    assert lines_with(WORK_TALK, texts, root) == []
    assert lines_with(PAGE_TALK, pages, root) == []


def test_pages_do_not_boast(pages: list[Path], root: Path):
    """They say what is, and how figures were measured."""
    assert lines_with(BOASTING, pages, root) == []


def test_text_files_are_tidy(texts: list[Path], root: Path):
    """As .editorconfig says: no carriage returns, no trailing blanks, a newline at the end."""
    untidy = []
    for path in texts:
        content = path.read_bytes()
        if b"\0" in content or "gen" in path.relative_to(root).parts or path.suffix == ".tsv":
            continue
        if content and (b"\r" in content or re.search(rb"[ \t]\n", content) or not content.endswith(b"\n")):
            untidy.append(path.relative_to(root).as_posix())
    assert untidy == []


def test_commit_hooks_need_nothing_from_elsewhere(root: Path):
    """Hooks are local and use the tools of .venv."""
    import yaml

    configured = yaml.safe_load((root / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in configured["repos"]] == ["local"]
    for hook in configured["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith(".venv/bin/")
