"""The lists of packages are complete: what is on them is all that is needed, on every supported Python and platform."""

import importlib
import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

NAMES = ("dev", "build", "run", "otel", "parquet", "postgres", "postgres-server", "bench", "release", "gen", "oldest")


@pytest.fixture
def lists(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module tools/lists.py."""
    monkeypatch.syspath_prepend(str(root / "tools"))
    return importlib.import_module("lists")


@pytest.mark.parametrize("name", NAMES)
def test_list_is_complete(lists: ModuleType, name: str):
    """Everything that a package of the list asks for is on it, in a version that fits, everywhere; and nothing else is."""
    assert lists.gaps(lists.roots(name), lists.read_pins(name), lists.read_facts()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_list_without_one_of_its_lines_is_told(lists: ModuleType, name: str):
    """The check can fail: whichever line that counts in a place is taken away, it is missed there by name."""
    place = lists.places()[0]
    counting, asked, facts = [pin for pin in lists.read_pins(name) if pin.is_for(place)], lists.roots(name), lists.read_facts()
    for pin in counting:
        told = lists.gaps(asked, [other for other in counting if other is not pin], facts, where=[place])
        assert any(canonicalize_name(gap.partition(" is missing")[0]) == pin.name for gap in told), pin.key


def test_what_an_extra_asks_for_is_followed(lists: ModuleType):
    """The line of a package is not enough where it is asked for with an extra: what the extra asks for has to be there too."""
    facts = {
        "asker==1": {"requires_python": "", "requires": ["asked[extra]"]},
        "asked==1": {"requires_python": "", "requires": ['more; extra == "extra" and python_version < "3.12"']},
    }
    line = "{}==1 --hash=sha256:00"
    listed = lists.pins("\n".join(line.format(name) for name in ("asker", "asked")))
    told = lists.gaps([Requirement("asker")], listed, facts)
    assert {gap.partition(" (")[0] for gap in told} == {"more is missing, which asked==1 asks for"}
    assert {re.search(r"Python (3\.\d+)", gap)[1] for gap in told} == {"3.11"}


@pytest.mark.parametrize(
    ("asked", "fact", "words"),
    [
        ("one>=2", {"requires_python": "", "requires": []}, "one==1 is not >=2"),
        ("one", {"requires_python": "<3.14", "requires": []}, "one==1 is not for Python 3.14.0 on Linux x86_64"),
        ("one", None, "nothing is known of one==1: run make lock"),
    ],
)
def test_a_line_that_does_not_fit_is_told(lists: ModuleType, asked: str, fact: dict[str, object] | None, words: str):
    """A version that is not what was asked for, or not for a Python, and a line that nobody knows anything of."""
    facts = {"one==1": fact} if fact else {}
    told = lists.gaps([Requirement(asked)], lists.pins("one==1 --hash=sha256:00"), facts)
    assert any(gap.startswith(words) for gap in told), told


def test_a_line_that_nobody_asks_for_is_told(lists: ModuleType):
    """A list holds no more than is needed."""
    told = lists.gaps([], lists.pins("one==1 --hash=sha256:00"), {"one==1": {"requires_python": "", "requires": []}})
    assert told == ["nobody asks for one==1"]


@pytest.mark.parametrize("line", ["one>=1 --hash=sha256:00", "one==1", "one --hash=sha256:00", "one==1,<2 --hash=sha256:00"])
def test_a_line_without_one_version_and_hashes_is_refused(lists: ModuleType, line: str):
    """Every line names one version and the hashes of its files."""
    with pytest.raises(ValueError, match="not pinned"):
        lists.pins(line)


def test_metadata_is_what_the_packages_say(lists: ModuleType):
    """What is kept of each package is what the installed one says of itself."""
    kept, compared = lists.read_facts(), 0
    for installed in distributions():
        fact = kept.get(f"{canonicalize_name(installed.metadata['Name'])}=={installed.version}")
        if fact:
            assert fact["requires"] == sorted(str(Requirement(line)) for line in installed.requires or ()), installed.name
            assert fact["requires_python"] == installed.metadata.get("Requires-Python", "")
            compared += 1
    assert compared > 50


def test_parts_of_a_folder_name_the_same_versions(lists: ModuleType):
    """What is installed into .venv for the server alone and for tests is the same, so neither takes from the other."""
    whole = {pin.key: (str(pin.requirement.marker), pin.hashes) for pin in lists.read_pins("dev")}
    for name in lists.PARTS_OF_DEV:
        part = {pin.key: (str(pin.requirement.marker), pin.hashes) for pin in lists.read_pins(name)}
        assert part.items() <= whole.items(), name


def test_lists_beside_that_of_tests_name_its_versions(lists: ModuleType):
    """What is wished for in the same folder takes no version from what has to be there."""
    whole = {pin.name: pin.version for pin in lists.read_pins("dev")}
    for name in lists.BESIDE_DEV:
        for pin in lists.read_pins(name):
            assert whole.get(pin.name, pin.version) == pin.version, pin.key


def test_supported_pythons_are_told_once(lists: ModuleType, root: Path):
    """The program that picks a Python, the one that explains, and the metadata of the packages mean the same Pythons."""
    oldest, newest = (tuple(map(int, python.split("."))) for python in (lists.PYTHONS[0], lists.PYTHONS[-1]))
    assert (
        f"({oldest[0]}, {oldest[1]}) <= sys.version_info[:2] <= ({newest[0]}, {newest[1]})"
        in (root / "tools/python").read_text()
    )
    assert f"OLDEST, NEWEST = {oldest}, {newest}" in (root / "tools/doctor.py").read_text()
    for project in lists.PROJECTS:
        if (root / project).is_file():
            asked = tomllib.loads((root / project).read_text(encoding="utf-8"))["project"]["requires-python"]
            assert asked == f">={lists.PYTHONS[0]}"


def test_no_list_is_forgotten(lists: ModuleType, root: Path, files: list[Path]):
    """Every file of a list in the repository is one that is checked."""
    found = {
        path.relative_to(root).with_suffix("").as_posix()
        for path in files
        if path.parent.name == "requirements" and path.suffix == ".txt"
    }
    assert found == set(lists.LISTS.values())
