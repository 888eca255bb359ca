"""Make the lists of packages, and what each package asks for, or check them against the index: make lock, make lock-check."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from lists import BESIDE_DEV, LISTS, METADATA, PARTS_OF_DEV, PYTHONS, ROOT, Pin, gaps, places, read_facts, read_pins, roots
from packaging.requirements import Requirement

UV = Path(sys.executable).parent / "uv"
COMPILE = (
    *("--universal", "--python-version", PYTHONS[0], "--generate-hashes", "--no-strip-extras"),
    *("--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"),
)
WHEEL_PLATFORMS = (
    *("x86_64-manylinux_2_17", "aarch64-manylinux_2_17", "x86_64-manylinux_2_28", "aarch64-manylinux_2_28"),
    *("x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl", "x86_64-apple-darwin", "aarch64-apple-darwin"),
)
WITHOUT_WHEELS = {
    ("bench", "x86_64-manylinux_2_17"): "numpy and matplotlib need glibc 2.28",
    ("bench", "aarch64-manylinux_2_17"): "numpy and matplotlib need glibc 2.28",
    ("bench", "aarch64-unknown-linux-musl"): "matplotlib has no wheels there",
    ("parquet", "x86_64-manylinux_2_17"): "pyarrow needs glibc 2.28",
    ("parquet", "aarch64-manylinux_2_17"): "pyarrow needs glibc 2.28",
    ("postgres", "aarch64-manylinux_2_17"): "psycopg's wheels for ARM need glibc 2.28",
    **{
        ("postgres-server", platform): "the server's wheels are for glibc 2.28 and macOS on ARM"
        for platform in WHEEL_PLATFORMS
        if "2_17" in platform or "musl" in platform or platform == "x86_64-apple-darwin"
    },
}
"""The bench draws with matplotlib; the service does without. Tests that need PostgreSQL skip where there is none."""


def main() -> int:
    """Do what the command line says: 0 where all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; show that each list is complete and has wheels")
    parser.add_argument("--keep", action="store_true", help="add what is missing, and keep the other versions")
    options = parser.parse_args()
    if not options.check:
        compile_lists(upgrade=not options.keep)
        write_metadata()
    found = [f"{name}: {gap}" for name in LISTS for gap in gaps(roots(name), read_pins(name), read_facts())]
    if options.check:
        found += [*changed_metadata(), *missing_wheels()]
    for gap in found:
        print(gap, file=sys.stderr)
    if not found:
        print(f"{len(LISTS)} lists are complete for Python {PYTHONS[0]} to {PYTHONS[-1]} on every platform")
    return bool(found)


def compile_lists(*, upgrade: bool) -> None:
    """Resolve each list; what is installed into one folder together is resolved to the same versions."""
    for name, path in LISTS.items():
        print(f"{path}.txt", flush=True)
        together = ["--constraints", f"{LISTS['dev']}.txt"] if name in (*PARTS_OF_DEV, *BESIDE_DEV) else []
        line = [UV, "pip", "compile", *COMPILE, *together, *(["--upgrade"] if upgrade else [])]
        subprocess.run([*line, f"{path}.in", "--output-file", f"{path}.txt"], cwd=ROOT, check=True)


def write_metadata() -> None:
    """Keep what the packages say of themselves, so that completeness can be shown without a network."""
    (ROOT / METADATA).write_text(json.dumps(fetched_metadata(), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def fetched_metadata() -> dict[str, dict[str, object]]:
    """What every package of every list asks for, as the index has it now."""
    found: dict[str, dict[str, object]] = {}
    for python, batch in batches():
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            line = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet"]
            # Old pips hold a package's Pythons against the one that runs here; `gaps` looks at them for all.
            only = ["--ignore-requires-python", "--only-binary=:all:", "--python-version", python, "--target", folder]
            only += ["--report", str(report)]
            subprocess.run([*line, *only, *batch], check=True)
            for one in json.loads(report.read_text(encoding="utf-8"))["install"]:
                said = one["metadata"]
                requires = sorted(str(Requirement(line)) for line in said.get("requires_dist", []))
                found[pin_key(batch, said["name"])] = {"requires_python": said.get("requires_python", ""), "requires": requires}
    return found


def pin_key(batch: list[str], name: str) -> str:
    """The line of a batch that a package answers to."""
    wanted = Requirement(name).name.lower().replace("_", "-").replace(".", "-")
    return next(key for key in batch if key.partition("==")[0] == wanted)


def batches() -> Iterator[tuple[str, list[str]]]:
    """Every package of the lists once, in groups that name no package twice, with a Python that each is for."""
    waiting = {pin.key: pin for name in LISTS for pin in read_pins(name) if python_of(pin)}
    while waiting:
        python = python_of(next(iter(waiting.values())))
        batch: dict[str, str] = {}
        for key, pin in waiting.items():
            if python_of(pin) == python:
                batch.setdefault(pin.name, key)
        yield str(python), list(batch.values())
        for key in batch.values():
            del waiting[key]


def python_of(pin: Pin) -> str | None:
    """The oldest supported Python that a line is for; None where it is for another system."""
    return next((place.python for place in places() if pin.is_for(place)), None)


def changed_metadata() -> list[str]:
    """Packages whose metadata on the index is not what is kept."""
    kept, fetched = read_facts(), fetched_metadata()
    return [
        f"{METADATA}: {key} differs from the index"
        for key in sorted(kept.keys() | fetched)
        if kept.get(key) != fetched.get(key)
    ]


def missing_wheels() -> Iterator[str]:
    """Lists that cannot be installed from wheels alone, by their hashes, on some supported Python and platform."""
    for name, python, platform in product(LISTS, PYTHONS, WHEEL_PLATFORMS):
        if (name, platform) in WITHOUT_WHEELS:
            continue
        with tempfile.TemporaryDirectory() as folder:
            line = [
                UV,
                "pip",
                "install",
                "--dry-run",
                "--quiet",
                "--target",
                folder,
                "--require-hashes",
                "--only-binary",
                ":all:",
            ]
            where = ["--python-version", python, "--python-platform", platform]
            done = subprocess.run(
                [*line, *where, "--requirements", ROOT / f"{LISTS[name]}.txt"], capture_output=True, check=False, text=True
            )
        if done.returncode:
            yield f"{LISTS[name]}.txt, Python {python}, {platform}:\n{done.stderr}"


if __name__ == "__main__":
    sys.exit(main())
