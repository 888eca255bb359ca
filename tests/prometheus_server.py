"""A real Prometheus for a test: it scrapes often, and has the shipped rules with their times and one size cut short."""

import contextlib
import json
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from held_port import HeldPort
from promtool import RULES, needs, rules
from wait_until import wait_until

SCRAPED = "500ms"
STOP_SECONDS = 30
LOG_BYTES = 40_000_000
"""A write-ahead log of so much counts as one of a gigabyte."""


def hurried(text: str) -> str:
    """The rules as they are, but that an alert does not wait, and looks back over seconds; a gigabyte of log is less."""
    text = text.replace("> 1e9", f"> {LOG_BYTES}")
    text = re.sub(r"\bfor: \w+", "for: 0s", text)
    text = re.sub(r"\[\d+[mh]\]", "[5s]", text)
    return re.sub(r"interval: \w+", f"interval: {SCRAPED}", text)


class Prometheus:
    """One that runs."""

    def __init__(self, address: str) -> None:
        """Asked over its API."""
        self._address = address

    def ask(self, path: str, **query: str) -> Any:
        """The data of an answer."""
        url = f"http://{self._address}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=STOP_SECONDS) as answer:
            return json.load(answer)["data"]

    def value(self, expression: str) -> list[float]:
        """The present values of an expression."""
        return [float(one["value"][1]) for one in self.ask("query", query=expression)["result"]]

    def firing(self) -> dict[str, dict[str, str]]:
        """The alerts that fire now, with their labels."""
        alerts = self.ask("alerts")["alerts"]
        return {one["labels"]["alertname"]: one["labels"] for one in alerts if one["state"] == "firing"}

    def until_fires(self, name: str) -> dict[str, str]:
        """Wait until an alert fires; its labels. How long it took is printed."""
        began_at = time.monotonic()
        labels = wait_until(lambda: self.firing().get(name), what=f"{name} fires")
        say(f"{name} fires after {time.monotonic() - began_at:.1f} s")
        return labels

    def until_clear(self, *names: str) -> None:
        """Wait until none of them does; likewise."""
        began_at = time.monotonic()
        for name in names:
            wait_until(lambda name=name: name not in self.firing(), what=f"{name} clears")
            say(f"{name} is clear after {time.monotonic() - began_at:.1f} s")


def say(line: str) -> None:
    """Print a figure, whatever pytest captures."""
    if sys.__stderr__ is not None:
        sys.__stderr__.write(f"\n{line}\n")


@contextlib.contextmanager
def prometheus(folder: Path, *targets: str) -> Iterator[Prometheus]:
    """One that scrapes servers, for the length of the block."""
    program = needs("prometheus")
    (folder / "rules.yaml").write_text(hurried(RULES.read_text(encoding="utf-8")), encoding="utf-8")
    configuration = {
        "global": {"scrape_interval": SCRAPED, "evaluation_interval": SCRAPED, "scrape_timeout": SCRAPED},
        "rule_files": ["rules.yaml"],
        "scrape_configs": [{"job_name": "onduty", "static_configs": [{"targets": list(targets)}]}],
    }
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    port = HeldPort()
    command = [program, f"--config.file={folder}/prometheus.yaml", f"--storage.tsdb.path={folder}/series"]
    command += [f"--web.listen-address={port.address}", "--query.lookback-delta=10s", "--log.level=error"]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        running = Prometheus(port.address)
        wait_until(
            lambda: _serves(running, process, len(targets)),
            what=f"Prometheus serves:\n{(folder / 'prometheus.log').read_text()}",
        )
        yield running
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
        port.close()


def _serves(running: Prometheus, process: "subprocess.Popen[bytes]", targets: int) -> bool:
    assert process.poll() is None, "Prometheus has ended"
    with contextlib.suppress(OSError):
        groups = running.ask("rules")["groups"]
        return (
            sum(len(group["rules"]) for group in groups) == len(rules())
            and len(running.value('up{job="onduty"} == 1')) == targets
        )
    return False
