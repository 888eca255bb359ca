"""What is handed out says what it is, holds its licence, and has everything in its place. `make release-check` tries it."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from readme_blocks import fences

from onduty_release import building
from onduty_release.go_module import write_module
from onduty_release.lists import list_for, locked
from onduty_release.versions import disagreements, maven_version, python_version, semantic_version

PROJECTS = {"onduty": ".", "onduty-client": "clients/python"}
LANGUAGES = ("python", "go", "typescript", "java")
MAVEN = "{http://maven.apache.org/POM/4.0.0}"


def project(root: Path, name: str) -> dict:
    """The `project` table of a Python package."""
    return tomllib.loads((root / PROJECTS[name] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def build(folder: Path, target: Path) -> dict[str, Path]:
    """An sdist and a wheel of a project, by their endings."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", target]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return {path.suffix: path for path in target.iterdir()}


@pytest.fixture(scope="session", params=list(PROJECTS))
def built(request: pytest.FixtureRequest, root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Path]]:
    """A distribution's name, and its sdist and wheel as they are made of this tree."""
    return request.param, build(root / PROJECTS[request.param], tmp_path_factory.mktemp(request.param))


def modules(folder: Path, below: str = "") -> set[str]:
    """The source files of a package as they are named where it is installed."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {f"{below}{path.relative_to(folder).as_posix()}" for path in found}


# --- versions ---------------------------------------------------------------------------------------------------------


def test_every_file_says_the_same_version(root: Path):
    """One file decides; whatever else says a version says the same one in its language's words."""
    assert disagreements(root) == []


def test_a_file_with_another_version_is_told(root: Path, tmp_path: Path):
    """The check can fail: a file that says another version is named, and one that says none."""
    from onduty_release.versions import MAVEN_PLACES, SEMANTIC_PLACES, SOURCE

    for name in (*SEMANTIC_PLACES, *MAVEN_PLACES, SOURCE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((root / name).read_bytes())
    (tmp_path / "clients/go/doc.go").write_text('const Version = "9.9.9"\n', encoding="utf-8")
    (tmp_path / "clients/java/README.md").write_text("no version\n", encoding="utf-8")
    said = disagreements(tmp_path)
    assert any(line.startswith("clients/go/doc.go: says 9.9.9") for line in said)
    assert "clients/java/README.md: says no version" in said
    assert len(said) == 2


@pytest.mark.parametrize(
    ("python", "semantic", "maven"),
    [
        ("0.1.0.dev0", "0.1.0-dev.0", "0.1.0-SNAPSHOT"),
        ("1.2.3", "1.2.3", "1.2.3"),
        ("1.2.3.dev4", "1.2.3-dev.4", "1.2.3-SNAPSHOT"),
    ],
)
def test_versions_have_their_languages_words(python: str, semantic: str, maven: str):
    """A development version is one in every language."""
    assert (semantic_version(python), maven_version(python)) == (semantic, maven)


def test_what_runs_here_is_that_version(root: Path):
    """The command line says the version of the source."""
    done = subprocess.run([sys.executable, "-m", "onduty_cli", "--version"], capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["onduty", python_version(root)]


# --- licence and metadata ---------------------------------------------------------------------------------------------


def test_licence_names_who_holds_the_copyright(root: Path):
    """The form's placeholders are filled in, and the notice says the same."""
    licence = (root / "LICENSE").read_text(encoding="utf-8")
    assert "[yyyy]" not in licence
    (line,) = re.findall(r"^   (Copyright \d{4} .+)$", licence, re.MULTILINE)
    assert line in (root / "NOTICE").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_client_has_the_licence(root: Path, language: str):
    """Each client's folder, from which its package is made, holds the same licence and notice."""
    for name in ("LICENSE", "NOTICE"):
        assert (root / "clients" / language / name).read_bytes() == (root / name).read_bytes()


@pytest.mark.parametrize("name", list(PROJECTS))
def test_python_metadata_is_complete(root: Path, name: str):
    """Licence, people, keywords and classifiers are there; each supported Python is named; no index takes it by mistake."""
    table = project(root, name)
    assert (table["license"], table["license-files"]) == ("Apache-2.0", ["LICENSE", "NOTICE"])
    assert table["authors"] == [{"name": "The Onduty Authors"}]
    assert table["keywords"]
    assert {f"Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13, 14)} <= set(table["classifiers"])
    assert {"Typing :: Typed", "Private :: Do Not Upload"} <= set(table["classifiers"])


@pytest.mark.parametrize("name", list(PROJECTS))
def test_no_package_requires_one_of_ours(root: Path, name: str):
    """A name that nobody owns may be registered by anybody: nothing asks an index for it."""
    table = project(root, name)
    asked = [*table["dependencies"], *(line for lines in table.get("optional-dependencies", {}).values() for line in lines)]
    assert [line for line in asked if line.startswith("onduty")] == []


def test_npm_package_cannot_be_published_by_mistake(root: Path):
    """It is private until its name is somebody's, and it packs its licence."""
    package = json.loads((root / "clients/typescript/package.json").read_text(encoding="utf-8"))
    assert package["private"] is True
    assert (package["license"], package["author"]) == ("Apache-2.0", "The Onduty Authors")
    assert {"LICENSE", "NOTICE", "README.md"} <= set(package["files"])


def test_jar_holds_the_licence(root: Path):
    """The pom names it, and puts its text into the jar."""
    pom = ET.parse(root / "clients/java/pom.xml").getroot()
    assert [one.text for one in pom.findall(f"{MAVEN}licenses/{MAVEN}license/{MAVEN}name")] == ["Apache-2.0"]
    packed = {one.text for one in pom.findall(f"{MAVEN}build/{MAVEN}resources/{MAVEN}resource/{MAVEN}includes/{MAVEN}include")}
    assert {"LICENSE", "NOTICE"} <= packed


def test_go_module_asks_its_users_for_no_test_library(root: Path):
    """What only tests need is not a requirement of the module."""
    text = (root / "clients/go/go.mod").read_text(encoding="utf-8")
    direct = {line.split()[0] for line in re.findall(r"^\t(.+)$", text, re.MULTILINE) if "// indirect" not in line}
    assert direct == {
        "github.com/google/uuid",
        "google.golang.org/genproto/googleapis/rpc",
        "google.golang.org/grpc",
        "google.golang.org/protobuf",
    }


# --- contents ---------------------------------------------------------------------------------------------------------


SHARED = (
    "bash-completion/completions/onduty",
    "fish/vendor_completions.d/onduty.fish",
    "man/man1/onduty.1",
    "zsh/site-functions/_onduty",
)
"""Beside the interpreter's bin: where man and shells look."""


def test_wheel_holds_every_module_in_its_place(built: tuple[str, dict[str, Path]], root: Path):
    """Exactly the packages' own files, each where it is imported from, and the licence."""
    name, files = built
    client = root / "clients/python"
    expected = (
        modules(client / "onduty_client", "onduty_client/") | modules(client / "gen/onduty", "onduty/") | {"onduty/v1/py.typed"}
    )
    if name == "onduty":
        expected |= modules(root / "service/onduty_server", "onduty_server/") | modules(root / "service/gen/onduty", "onduty/")
        expected |= modules(root / "service/onduty_cli", "onduty_cli/")
        expected |= {name for name in modules(root / "service/onduty_web", "onduty_web/") if "/pages/" not in name}
        expected |= modules(root / "tools/replay/onduty_replay", "onduty_replay/")
        expected |= {"onduty_replay/calls-sample.tsv"}
        expected |= {f"onduty-{python_version(root)}.data/data/share/{path}" for path in SHARED}
    with ZipFile(files[".whl"]) as archive:
        held = set(archive.namelist())
    info = {entry for entry in held if ".dist-info/" in entry}
    assert held - info == expected
    assert {"licenses/LICENSE", "licenses/NOTICE"} <= {entry.partition("/")[2] for entry in info}


def test_released_server_knows_its_revision(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its wheel and its sdist have the commit beside the code, also the wheel made of the sdist; the tree is left clean."""
    monkeypatch.setattr(building, "_python", lambda: sys.executable)
    monkeypatch.setattr(building, "revision", lambda _project: "0123456789abcdef")
    source = tmp_path / "tree"
    for part in ("service", "tools/replay", "clients/python/gen", "clients/python/onduty_client", "examples"):
        shutil.copytree(root / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(root / part, source)
    sdist, wheel = sorted(building.hatch(source, tmp_path / "made"), key=lambda path: path.suffix)
    assert not (source / "service/onduty_server/BUILD").exists()
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    monkeypatch.setattr(building, "revision", lambda _project: "")
    again = next(path for path in building.hatch(unpacked, tmp_path / "again") if path.suffix == ".whl")
    for made in (wheel, again):
        with ZipFile(made) as archive:
            assert archive.read("onduty_server/BUILD") == b"0123456789abcdef\n"


def test_sdist_makes_the_same_wheel(built: tuple[str, dict[str, Path]], tmp_path: Path):
    """Whoever builds from the sdist gets the same wheel to the byte, and the same sdist."""
    _, files = built
    with tarfile.open(files[".gz"]) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    again = build(source, tmp_path / "again")
    for ending, path in files.items():
        assert again[ending].read_bytes() == path.read_bytes(), path.name


# --- lists and the module ---------------------------------------------------------------------------------------------


def test_list_holds_the_artifact_and_what_it_needs(tmp_path: Path):
    """A list names a distribution by the hashes of its files, and its needs exactly as they are locked."""
    (tmp_path / "lock.txt").write_text("a-b==1 \\\n    --hash=sha256:aa\nother==2 \\\n    --hash=sha256:bb\n", encoding="utf-8")
    for name in ("onduty_client-1.0.0.tar.gz", "onduty_client-1.0.0-py3-none-any.whl"):
        (tmp_path / name).write_bytes(name.encode())
    text = list_for(tmp_path.glob("onduty*"), ["a-b", "of-another-system"], locked(tmp_path / "lock.txt"))
    assert text.startswith("onduty-client==1.0.0 \\\n")
    for path in tmp_path.glob("onduty*"):
        assert f"--hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" in text
    assert text.endswith("\na-b==1 \\\n    --hash=sha256:aa\n")


def test_go_module_is_laid_out_as_a_proxy_serves_it(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its zip has every file below module@version, the licence among them, and nothing that was only built."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    made = write_module(root / "clients/go", tmp_path, "0.1.0-dev.0")
    wanted = {"list", *(f"v0.1.0-dev.0.{ending}" for ending in ("info", "mod", "zip"))}
    assert {path.name for path in made.parent.iterdir()} == wanted
    with ZipFile(made) as archive:
        names = {name.removeprefix("onduty.dev/client@v0.1.0-dev.0/") for name in archive.namelist()}
    assert {"go.mod", "LICENSE", "NOTICE", "doc.go", "gen/onduty/v1/staff.pb.go", "gen/service_config.json"} <= names
    assert not any(name.startswith((".tools", ".build")) for name in names)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_installing_page_is_run_by_the_release_check(root: Path):
    """Its commands are marked so that the check runs them, and it says how mature the project is."""
    from onduty_release.documents import PAGE, blocks

    text = PAGE.read_text(encoding="utf-8")
    assert blocks() == [block for _, language, block in fences(text) if language == "sh"]
    assert len(blocks()) > 3
    assert "Nothing is released" in text
