"""Prometheus's own programs, for tests, from Debian's package of that name. Where they are not, CI fails and others skip."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "deploy/prometheus/onduty.rules.yaml"
DASHBOARDS = sorted((ROOT / "deploy/grafana").glob("*.json"))
RUN_SECONDS = 60


def needs(program: str, package: str = "prometheus") -> str:
    """The path of a program; the test is skipped without it, and fails in CI."""
    found = shutil.which(program)
    if found is None:
        reason = f"{program} is not here (Debian's package {package})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def promtool(*words: object) -> None:
    """Run it; fails with what it says."""
    command = [needs("promtool"), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=RUN_SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr


def rules() -> list[dict[str, Any]]:
    """Every shipped rule."""
    return [rule for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    """Those that alert."""
    return [rule for rule in rules() if "alert" in rule]


_NAME = re.compile(r"\b(?:onduty|process|python)_[a-z_]+\b")


def metrics_of(expression: str) -> set[str]:
    """The metrics that an expression names, by their names in the catalogue."""
    return {re.sub(r"_(?:bucket|count|sum)$", "", name) for name in _NAME.findall(expression)}
