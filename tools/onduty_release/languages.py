"""Tries the artifacts of the other languages: installed into a project of their own, which plays against a running server."""

import os
import shutil
from pathlib import Path

from onduty_release.go_module import MODULE
from onduty_release.places import DIST, PROBES, ROOT, empty, only, run
from onduty_release.versions import python_version, semantic_version

SECONDS_MOST = 120


def npm_works(folder: Path, address: str, staff_id: str) -> str:
    """Installs the tarball into an empty package and runs a program that imports it."""
    empty(folder)
    (folder / "package.json").write_text('{ "name": "first", "private": true, "type": "module" }\n', encoding="utf-8")
    options = ["--no-fund", "--no-audit", "--ignore-scripts", "--prefer-offline", "--silent"]
    run("npm", "install", *options, only(DIST, "onduty-client-*.tgz"), cwd=folder)
    shutil.copy(PROBES / "first.mjs", folder)
    return _last(run("node", "first.mjs", address, staff_id, cwd=folder, seconds=SECONDS_MOST))


def jar_works(folder: Path, address: str, staff_id: str) -> str:
    """Compiles a program against the jar and what its pom names, and runs it with them."""
    empty(folder)
    paths = folder / "paths"
    wanted = ["-Dmdep.includeScope=runtime", f"-Dmdep.outputFile={paths}"]
    run("mvn", "-q", "-B", "-f", only(DIST, "onduty-client-*.pom"), "dependency:build-classpath", *wanted, cwd=folder)
    classes = os.pathsep.join([str(only(DIST, "onduty-client-*.jar")), paths.read_text(encoding="utf-8").strip(), str(folder)])
    run("javac", "-d", folder, "-cp", classes, PROBES / "First.java", cwd=folder)
    return _last(run("java", "-cp", classes, "First", address, staff_id, cwd=folder, seconds=SECONDS_MOST))


def go_works(folder: Path, address: str, staff_id: str) -> str:
    """Takes the module from dist/go as from any proxy, and builds and runs a program with it."""
    empty(folder)
    shutil.copy(PROBES / "first.go", folder / "main.go")
    shutil.copy(ROOT / "clients/go/go.sum", folder)
    cache, others = run("go", "env", "GOMODCACHE").strip(), run("go", "env", "GOPROXY").strip()
    proxies = ",".join(part for part in (f"file://{DIST / 'go'}", f"file://{cache}/cache/download", others) if part)
    # A module cache that is thrown away: a development version may be another tomorrow, and go never asks twice.
    own = {"GOMODCACHE": str(folder / "modules"), "GOFLAGS": "-mod=mod -modcacherw", "GOPROXY": proxies, "GONOSUMDB": MODULE}
    env = {**os.environ, **own}
    run("go", "mod", "init", "first", cwd=folder, env=env)
    run("go", "get", f"{MODULE}@v{semantic_version(python_version(ROOT))}", cwd=folder, env=env)
    run("go", "build", "-trimpath", "-o", "first", ".", cwd=folder, env=env)
    return _last(run(folder / "first", address, staff_id, cwd=folder, seconds=SECONDS_MOST))


def _last(printed: str) -> str:
    return printed.strip().splitlines()[-1]
