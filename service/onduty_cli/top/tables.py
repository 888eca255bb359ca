"""The tables of the lower half of the screen: methods, causes, tenants and servers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from rich.text import Text

from onduty_cli.output import printable
from onduty_cli.top.figures import Figures
from onduty_cli.top.words import BAD, rate_text, time_text
from onduty_cli.watch.layout import cropped_in_the_middle

NAME_WIDTH: Final = 34
SERVER_WIDTH: Final = 22
STATUSES: Final = ("AVAILABLE", "IN_LINE", "AFTER_CALL_WORK", "BUSY", "ON_BREAK", "OFFLINE")

Table = Callable[[Sequence[Figures], Figures, int], list[Text]]
"""The heading and the rows, of all servers or of the one that is shown."""


def _methods(_shown: Sequence[Figures], server: Figures, _width: int) -> list[Text]:
    heading = f"{'method':<{NAME_WIDTH}} {'a second':>10} {'not ok':>8} {'p50':>9} {'p99':>9}"
    rows = [
        f"{_name(method.name)} {rate_text(method.rate):>10} {rate_text(method.not_ok):>8}"
        f" {time_text(method.times.p50):>9} {time_text(method.times.p99):>9}"
        for method in server.methods
    ]
    return _table(heading, rows)


def _causes(_shown: Sequence[Figures], server: Figures, _width: int) -> list[Text]:
    rows = [f"{kind:<9} {_name(name)} {rate_text(rate):>10}" for kind, name, rate in _reasons(server)]
    return _table(f"{'':<9} {'cause, reason':<{NAME_WIDTH}} {'a second':>10}", rows)


def _reasons(server: Figures) -> Iterator[tuple[str, str, float]]:
    for kind, rates in (("change", server.changes), ("refusal", server.refusals)):
        for name, rate in sorted(rates.items(), key=lambda item: -item[1]):
            yield kind, name, rate


def _tenants(_shown: Sequence[Figures], server: Figures, _width: int) -> list[Text]:
    short = ("avail", "line", "wrap", "busy", "break", "off")
    heading = f"{'tenant':<24}" + "".join(f"{word:>7}" for word in (*short, "assign", "desks"))
    rows = [
        f"{cropped_in_the_middle(printable(tenant.name), 23):<24}"
        + "".join(f"{count:>7,.0f}" for count in (*_status_counts(tenant.by_status), tenant.assignable, tenant.attached))
        for tenant in server.tenants
    ]
    return _table(heading, rows)


def _status_counts(by_status: Mapping[str, float]) -> Iterator[float]:
    return (by_status.get(status, 0.0) for status in STATUSES)


def _servers(shown: Sequence[Figures], _server: Figures, _width: int) -> list[Text]:
    heading = (
        f"{'server':<{SERVER_WIDTH}} {'role':<8} {'term':>5} {'revision':>13} {'lag':>7} {'changes/s':>10} {'watchers':>8}"
    )
    return [Text(heading, "bold dim"), *map(_server_row, shown)]


def _server_row(server: Figures) -> Text:
    name = f"{cropped_in_the_middle(printable(server.address), SERVER_WIDTH):<{SERVER_WIDTH}}"
    if server.fault:
        return Text.assemble(name, " ", (printable(server.fault), BAD))
    role = "leads" if server.leads else "follows" if server.leader_known else "no lead"
    row = f"{name} {role:<8} {server.term:>5.0f} {server.revision:>13,.0f} {time_text(server.replica_lag_seconds):>7}"
    row += f" {rate_text(sum(server.changes.values())):>10} {sum(server.watchers.values()):>8,.0f}"
    return Text(row, BAD if server.wrong or role == "no lead" else "")


TABLES: Final[Mapping[str, Table]] = {"methods": _methods, "causes": _causes, "tenants": _tenants, "servers": _servers}


def _table(heading: str, rows: Sequence[str]) -> list[Text]:
    return [Text(heading, "bold dim"), *map(Text, rows)]


def _name(text: str) -> str:
    return f"{cropped_in_the_middle(printable(text), NAME_WIDTH):<{NAME_WIDTH}}"
