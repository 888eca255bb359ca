"""The Go client as a module that a `file://` proxy serves, laid out as the go command asks for it."""

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MODULE = "onduty.dev/client"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The instant of every entry: a module's hash does not look at it, and the file is the same each time."""


def module_files(folder: Path) -> list[Path]:
    """The files of the module that belong to the repository; where there is none, as in an archive, all but hidden ones."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=folder, capture_output=True, check=False, text=True)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
    else:
        names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    kept = (name for name in sorted(names) if not any(part.startswith(".") for part in name.split("/")))
    return [folder / name for name in kept if (folder / name).is_file()]


def write_module(folder: Path, proxy: Path, version: str) -> Path:
    """Writes the module of ``folder`` below ``proxy``: list, info, mod and zip. Gives the zip."""
    place = proxy / MODULE / "@v"
    place.mkdir(parents=True, exist_ok=True)
    (place / "list").write_text(f"v{version}\n", encoding="utf-8")
    (place / f"v{version}.mod").write_bytes((folder / "go.mod").read_bytes())
    built = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), tz=UTC)
    info = {"Version": f"v{version}", "Time": built.strftime("%Y-%m-%dT%H:%M:%SZ")}
    (place / f"v{version}.info").write_text(json.dumps(info) + "\n", encoding="utf-8")
    target = place / f"v{version}.zip"
    with ZipFile(target, "w") as archive:
        for path in module_files(folder):
            name = f"{MODULE}@v{version}/{path.relative_to(folder).as_posix()}"
            archive.writestr(ZipInfo(name, EARLIEST), path.read_bytes(), ZIP_DEFLATED)
    return target
