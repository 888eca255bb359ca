"""What a bundle holds, file by file, before secrets are taken out; a part that cannot be had says why."""

import json
import os
import platform
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Final, TextIO

from onduty_cli.admin_pages import AdminPages, AdminUnreachableError
from onduty_cli.server_side.bundle.redaction import Redaction
from onduty_cli.server_side.diagnosis import findings
from onduty_cli.server_side.journal_places import inspected
from onduty_server.build_info import build, version
from onduty_server.config import OPTIONS, Settings, load_settings, read_file
from onduty_server.config.origins import origin_of
from onduty_server.observability.life import shown
from onduty_server.ports import JournalOpenError

ANSWER_SECONDS: Final = 10.0
LINE_LETTERS_MOST: Final = 16_384
"""Of one line of the log."""

README: Final = """What is in here was gathered by `onduty bundle`, for somebody who helps with a server of Onduty.

Left out: keys, tokens, passwords, private keys, their hashes, and every file that holds them. Tenants have numbers instead of
names. No status, name or call of anybody is in it, but for what lines of the log say: look log.txt over before handing it on.

software.json     versions of Onduty, Python and what it needs
settings.json     every setting, its value and where it comes from
doctor.json       what `onduty doctor` finds
metrics.txt       the figures of the admin pages
readyz.txt        the checks of readiness
info.json         what the server says of itself
journal.json      what the journal holds, in numbers
log.txt           the last lines of the log, where they were given
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """The server that is looked at."""

    settings: Settings
    config: Path | None
    admin: str
    ca_file: Path | None
    log: TextIO | None
    log_lines: int


def contents(subject: Subject, redaction: Redaction) -> Iterator[tuple[str, str]]:
    """The names and texts of all files, secrets still in some. Tenants get known to ``redaction`` on the way."""
    pages = AdminPages(subject.admin, ANSWER_SECONDS, subject.ca_file)
    yield "README.txt", README
    yield "software.json", _json(software())
    yield "settings.json", _json(list(_configuration(subject, redaction)))
    yield "doctor.json", _json([_finding(found) for found in findings(subject.settings)])
    yield "journal.json", _had(lambda: _json(_journal(subject.settings, redaction)))
    if subject.admin:
        metrics = _had(pages.metrics)
        _note_tenants(pages, redaction)
        yield "metrics.txt", metrics
        yield "readyz.txt", _had(pages.health)
        yield "info.json", _had(lambda: _json(_info(pages)))
    if subject.log is not None:
        yield "log.txt", "".join(last_lines(subject.log, subject.log_lines))


def software() -> dict[str, Any]:
    """What runs this command; a server from the same environment is the same."""
    return {
        "onduty": version(),
        "build": build(),
        "python": sys.version,
        "system": platform.platform(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "packages": {found.name: found.version for found in sorted(distributions(), key=lambda found: found.name.lower())},
    }


def _configuration(subject: Subject, redaction: Redaction) -> Iterator[Mapping[str, Any]]:
    in_file = read_file(subject.config)
    for row in OPTIONS:
        name, value = row.name, getattr(subject.settings, row.name)
        origin = origin_of(row, os.environ, subject.config, in_file)
        told = [redaction.tenant(tenant) for tenant in value] if name == "tenants" else shown(name, value)
        yield {"setting": name, "value": told, "origin": origin}


def _finding(found: Any) -> Mapping[str, str]:
    return {"about": found.about, "mark": found.mark.name.lower(), "text": found.text, "do": found.do}


def _journal(settings: Settings, redaction: Redaction) -> Mapping[str, Any]:
    report = inspected(settings.journal, settings.postgres_schema) if settings.in_postgres else None
    if report is None:
        report = inspected(str(settings.journal_path), settings.postgres_schema)
    return {
        "place": shown("journal", str(report.path)),
        "size_bytes": report.size_bytes,
        "version": report.version,
        "store": report.store_id,
        "epoch": report.epoch,
        "head": report.head,
        "oldest": report.oldest,
        "records": report.records,
        "answers": report.answers,
        "staff_by_tenant": {redaction.tenant(name): count for name, count in report.staff_by_tenant.items()},
        "problems": report.problems,
    }


def _note_tenants(pages: AdminPages, redaction: Redaction) -> None:
    try:
        named = {sample.labels["tenant"] for sample in pages.samples() if "tenant" in sample.labels}
    except AdminUnreachableError:
        return
    for name in sorted(named):
        redaction.tenant(name)


def last_lines(log: Iterable[str], most: int) -> list[str]:
    """The last lines, each within a bound."""
    kept = deque(log, maxlen=most)
    return [line if len(line) <= LINE_LETTERS_MOST else f"{line[:LINE_LETTERS_MOST]} (cut)\n" for line in kept]


def _info(pages: AdminPages) -> Any:
    info = pages.info()
    if isinstance(info, dict) and "tenants" in info.get("settings", {}):
        info["settings"]["tenants"] = "(see settings.json)"
    return info


def _had(look: Callable[[], str]) -> str:
    try:
        return look()
    except (AdminUnreachableError, JournalOpenError, OSError) as error:
        return f"cannot be had: {error}\n"


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"


def settings_of(config: Path | None) -> Settings:
    """The settings as a server would have them here.

    Raises:
        ConfigError: They have mistakes.
    """
    return load_settings({}, config)
