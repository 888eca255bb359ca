"""What an installation consists of, as CycloneDX documents, and the checksums of everything that was made."""

import json
import os
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from onduty_release.lists import locked, sha256
from onduty_release.places import DIST, ROOT, StepError, require, run

SUMS = "SHA256SUMS"
SPECIFICATION = "1.6"


def python_sbom(environment: Path, listed: str, name: str) -> str:
    """Writes what an environment holds, with licences; it must be what the list names for this system, and no more."""
    target = DIST / name
    options = ["--sv", SPECIFICATION, "--output-reproducible", "--of", "JSON", "-o", target]
    run(ROOT / "tools/.venv/bin/cyclonedx-py", "environment", *options, environment / "bin/python")
    found = {canonicalize_name(one["name"]) for one in _components(target)}
    own = canonicalize_name(listed.removesuffix(".txt"))
    require(
        (own in found, f"{name} does not name {own}"),
        (found <= {*locked(DIST / listed)}, f"{name} names {sorted(found - {*locked(DIST / listed)})}, {listed} does not"),
    )
    return f"{len(found)} components"


def npm_sbom() -> str:
    """Writes what the npm package brings."""
    text = run("npm", "sbom", "--sbom-format", "cyclonedx", "--omit", "dev", cwd=ROOT / "clients/typescript")
    document = json.loads(text)
    # npm adds the instant and a number of its own, which differ each time.
    document.pop("serialNumber", None)
    document.get("metadata", {}).pop("timestamp", None)
    target = DIST / "onduty-client-npm.cdx.json"
    target.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return f"{len(_components(target))} components"


def _components(path: Path) -> list[dict[str, Any]]:
    document = json.loads(path.read_text(encoding="utf-8"))
    if document.get("bomFormat") != "CycloneDX" or not document.get("components"):
        raise StepError(f"{path.name} is no CycloneDX document with components")
    return document["components"]


def checksums() -> str:
    """Writes dist/SHA256SUMS over all that is there, in the form that `sha256sum --check` reads, and reads it so."""
    files = sorted(path for path in DIST.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [f"{sha256(path)}  {path.relative_to(DIST).as_posix()}" for path in files]
    (DIST / SUMS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    run("sha256sum", "--check", "--strict", "--quiet", SUMS, cwd=DIST, env=dict(os.environ))
    return f"{len(files)} files"
