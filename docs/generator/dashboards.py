"""The dashboards of deploy/grafana: panels as data, laid out in rows of a grid, as Grafana reads them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

SCHEMA: Final = 39
COLUMNS: Final = 24
SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
SCOPE: Final = 'instance=~"$instance"'
TENANT: Final = 'instance=~"$instance", tenant=~"$tenant"'


@dataclass(frozen=True, slots=True)
class Query:
    """A line of a panel, or several; ``legend`` names each by its labels."""

    expression: str
    legend: str


@dataclass(frozen=True, slots=True)
class Panel:
    """``kind`` is Grafana's: timeseries, stat or table. ``unit`` is one of Grafana's names."""

    title: str
    queries: tuple[Query, ...]
    unit: str = "short"
    kind: str = "timeseries"
    note: str = ""
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Panels side by side, of one height."""

    title: str
    panels: tuple[Panel, ...]
    height: int = 8


def _rate(name: str, labels: str = "", by: str = "", scope: str = SCOPE) -> str:
    inner = f"{scope}, {labels}" if labels else scope
    over = f"sum by ({by})" if by else "sum"
    return f"{over} (rate({name}{{{inner}}}[$__rate_interval]))"


def _quantile(part: float, name: str, by: str = "") -> str:
    groups = f"{by}, le" if by else "le"
    return f"histogram_quantile({part:g}, sum by ({groups}) (rate({name}_bucket{{{SCOPE}}}[$__rate_interval])))"


def _p50_p99(name: str) -> tuple[Query, ...]:
    return Query(_quantile(0.5, name), "p50"), Query(_quantile(0.99, name), "p99")


def _gauge(name: str, scope: str = SCOPE) -> str:
    return f"{name}{{{scope}}}"


SERVICE: Final = (
    Row(
        "At a glance",
        (
            Panel("Ready", (Query(f"min by (instance) ({_gauge('onduty_ready')})", "{{instance}}"),), kind="stat"),
            Panel("Changes", (Query(_rate("onduty_changes_total"), "a second"),), "cps", "stat"),
            Panel("Seen after, p99", (Query(_quantile(0.99, "onduty_change_visible_seconds"), "seconds"),), "s", "stat"),
            Panel("Streams", (Query(f"sum({_gauge('onduty_streams')})", "open"),), kind="stat"),
            Panel(
                "Version",
                (Query(f"max by (version, build) ({_gauge('onduty_build_info')})", "{{version}} {{build}}"),),
                kind="stat",
            ),
        ),
        4,
    ),
    Row(
        "Watching",
        (
            Panel(
                "From the commit to the watcher",
                _p50_p99("onduty_change_visible_seconds"),
                "s",
                note="Each frame and watcher, by the oldest change in it.",
            ),
            Panel(
                "The watcher that is furthest behind",
                (Query(f"max by (instance) ({_gauge('onduty_watch_lag_seconds')})", "{{instance}}"),),
                "s",
            ),
            Panel("Watchers", (Query(f"sum by (state) ({_gauge('onduty_watchers')})", "{{state}}"),), stacked=True),
            Panel(
                "Sent",
                (Query(_rate("onduty_frames_sent_total"), "frames"), Query(_rate("onduty_changes_sent_total"), "changes")),
                "cps",
            ),
        ),
    ),
    Row(
        "Requests",
        (
            Panel(
                "Unary requests", (Query(_rate("onduty_requests_total", by="outcome"), "{{outcome}}"),), "reqps", stacked=True
            ),
            Panel("How long they take, p99", (Query(_quantile(0.99, "onduty_request_seconds", "method"), "{{method}}"),), "s"),
            Panel("Refusals", (Query(_rate("onduty_refusals_total", by="reason"), "{{reason}}"),), "cps"),
            Panel("Streams that ended", (Query(_rate("onduty_streams_ended_total", by="reason"), "{{reason}}"),), "cps"),
        ),
    ),
    Row(
        "Committing",
        (
            Panel("Commit", _p50_p99("onduty_journal_commit_seconds"), "s"),
            Panel(
                "In one batch",
                (
                    Query(_quantile(0.5, "onduty_batch_jobs"), "jobs, p50"),
                    Query(_quantile(0.5, "onduty_batch_records"), "records, p50"),
                ),
            ),
            Panel(
                "Waiting for the committer",
                (Query(_quantile(0.99, "onduty_queue_seconds", "class"), "{{class}}, p99"),),
                "s",
            ),
            Panel("Jobs that wait", (Query(f"sum by (class) ({_gauge('onduty_queue_jobs')})", "{{class}}"),)),
        ),
    ),
    Row(
        "By itself",
        (
            Panel(
                "Deadlines are late by, p99",
                (Query(_quantile(0.99, "onduty_deadline_lateness_seconds", "kind"), "{{kind}}"),),
                "s",
            ),
            Panel("Changes by cause", (Query(_rate("onduty_changes_total", by="cause"), "{{cause}}"),), "cps", stacked=True),
            Panel(
                "Not right",
                (
                    Query(_gauge("onduty_loops_failing"), "loops failing"),
                    Query(_gauge("onduty_staff_quarantined"), "staff quarantined"),
                    Query(f"increase(onduty_journal_failures_total{{{SCOPE}}}[$__rate_interval])", "journal failures"),
                ),
            ),
            Panel("Due at some time", (Query(f"sum({_gauge('onduty_deadlines_pending')})", "staff"),)),
        ),
    ),
    Row(
        "The process",
        (
            Panel(
                "Processor",
                (Query(f"rate(process_cpu_seconds_total{{{SCOPE}}}[$__rate_interval])", "{{instance}}"),),
                "percentunit",
            ),
            Panel("The loop comes late by, p99", (Query(_quantile(0.99, "onduty_loop_stall_seconds"), "p99"),), "s"),
            Panel(
                "Memory",
                (
                    Query(_gauge("process_resident_memory_bytes"), "resident"),
                    Query(_gauge("onduty_watch_bytes"), "watching: {{what}}"),
                ),
                "bytes",
            ),
            Panel(
                "Open files",
                (Query(_gauge("process_open_fds"), "open"), Query(_gauge("process_max_fds"), "most")),
            ),
        ),
    ),
    Row(
        "The journal",
        (
            Panel("Files", (Query(_gauge("onduty_journal_bytes"), "{{file}}"),), "bytes"),
            Panel("Free on its disk", (Query(_gauge("onduty_journal_free_bytes"), "{{instance}}"),), "bytes"),
            Panel("Records", (Query(f"rate(onduty_journal_revision{{{SCOPE}}}[$__rate_interval])", "a second"),), "cps"),
            Panel(
                "The certificate ends in",
                (Query(f"{_gauge('onduty_tls_certificate_expiry_timestamp_seconds')} - time()", "{{instance}}"),),
                "s",
                "stat",
            ),
        ),
    ),
)

REPLICAS: Final = (
    Row(
        "At a glance",
        (
            Panel(
                "Who leads",
                (Query(f"sum by (instance, store) ({_gauge('onduty_replica_leads')}) == 1", "{{instance}}"),),
                kind="stat",
                note="One line a store.",
            ),
            Panel(
                "Servers that know a leader",
                (Query(f"sum({_gauge('onduty_replica_leader_known')})", "servers"),),
                kind="stat",
            ),
            Panel("Replicas that live", (Query(f"min({_gauge('onduty_replicas')})", "replicas"),), kind="stat"),
            Panel(
                "Ready",
                (Query(f"min by (instance) ({_gauge('onduty_ready')})", "{{instance}}"),),
                kind="stat",
            ),
        ),
        5,
    ),
    Row(
        "The lead",
        (
            Panel("Term", (Query(_gauge("onduty_replica_term"), "{{instance}}"),), note="A step is a change of the leader."),
            Panel("Leads", (Query(f"sum by (instance) ({_gauge('onduty_replica_leads')})", "{{instance}}"),), stacked=True),
            Panel("Replicas that each sees", (Query(_gauge("onduty_replicas"), "{{instance}}"),)),
        ),
    ),
    Row(
        "How far each is",
        (
            Panel("Not confirmed for", (Query(_gauge("onduty_replica_lag_seconds"), "{{instance}}"),), "s"),
            Panel(
                "Behind the first, in revisions",
                (
                    Query(
                        f"scalar(max({_gauge('onduty_journal_revision')})) - {_gauge('onduty_journal_revision')}",
                        "{{instance}}",
                    ),
                ),
                note="A few between two scrapes are normal: servers are not asked at one moment.",
            ),
            Panel(
                "From the commit to the watcher, p99",
                (Query(_quantile(0.99, "onduty_change_visible_seconds", "instance"), "{{instance}}"),),
                "s",
            ),
        ),
    ),
    Row(
        "What each serves",
        (
            Panel("Streams", (Query(f"sum by (instance) ({_gauge('onduty_streams')})", "{{instance}}"),), stacked=True),
            Panel(
                "Unary requests", (Query(_rate("onduty_requests_total", by="instance"), "{{instance}}"),), "reqps", stacked=True
            ),
            Panel(
                "Appends",
                (Query(_rate("onduty_journal_commit_seconds_count", by="instance"), "{{instance}}"),),
                "cps",
                stacked=True,
            ),
            Panel(
                "Processor",
                (Query(f"rate(process_cpu_seconds_total{{{SCOPE}}}[$__rate_interval])", "{{instance}}"),),
                "percentunit",
            ),
        ),
    ),
)

FLOOR: Final = (
    Row(
        "Now",
        tuple(
            Panel(title, (Query(f'sum(onduty_staff{{{TENANT}, status="{status}"}})', title),), kind="stat")
            for title, status in (
                ("Available", "AVAILABLE"),
                ("In line", "IN_LINE"),
                ("After-call work", "AFTER_CALL_WORK"),
                ("On break", "ON_BREAK"),
                ("Busy", "BUSY"),
                ("Offline", "OFFLINE"),
            )
        ),
        6,
    ),
    Row(
        "The day",
        (
            Panel(
                "Staff by status", (Query(f"sum by (status) ({_gauge('onduty_staff', TENANT)})", "{{status}}"),), stacked=True
            ),
            Panel(
                "Who can be assigned",
                (
                    Query(f"sum({_gauge('onduty_staff_assignable', TENANT)})", "assignable"),
                    Query(f"sum({_gauge('onduty_calls_on_offer', TENANT)})", "calls on offer"),
                    Query(f"sum({_gauge('onduty_staff_attached', TENANT)})", "workspaces attached"),
                ),
            ),
        ),
        10,
    ),
    Row(
        "Calls and offers, all tenants",
        (
            Panel(
                "Calls",
                (
                    Query(_rate("onduty_changes_total", 'cause="CALL_STARTED"'), "started"),
                    Query(_rate("onduty_changes_total", 'cause="CALL_ENDED"'), "ended"),
                    Query(_rate("onduty_changes_total", 'cause=~"CALL_AGE|RECONCILE"'), "ended, and nobody said so"),
                ),
                "cps",
            ),
            Panel(
                "Offers",
                (
                    Query(_rate("onduty_changes_total", 'cause="CLAIM"'), "made"),
                    Query(_rate("onduty_changes_total", 'cause="OFFER_DECLINED"'), "declined"),
                    Query(_rate("onduty_changes_total", 'cause="NO_ANSWER"'), "not answered"),
                ),
                "cps",
            ),
            Panel(
                "Tenants",
                (Query(f"sum by (tenant, status) ({_gauge('onduty_staff', TENANT)})", "{{tenant}} {{status}}"),),
                kind="table",
            ),
        ),
    ),
)


def service() -> str:
    """The dashboard of the service, for whoever is on call."""
    return _dashboard("Onduty: the service", "onduty-service", SERVICE, ("instance",))


def replicas() -> str:
    """The dashboard of servers that share a store."""
    return _dashboard("Onduty: replicas", "onduty-replicas", REPLICAS, ("instance",))


def floor() -> str:
    """The dashboard of the floor, for a wall."""
    return _dashboard("Onduty: the floor", "onduty-floor", FLOOR, ("instance", "tenant"))


def _dashboard(title: str, uid: str, rows: Sequence[Row], variables: Sequence[str]) -> str:
    made = {
        "title": title,
        "uid": uid,
        "tags": ["onduty"],
        "schemaVersion": SCHEMA,
        "version": 1,
        "editable": True,
        "refresh": "15s",
        "timezone": "browser",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [_source(), *map(_variable, variables)]},
        "annotations": {"list": []},
        "panels": list(_panels(rows)),
    }
    return json.dumps(made, indent=2) + "\n"


def _source() -> dict[str, Any]:
    return {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}


def _variable(label: str) -> dict[str, Any]:
    asked_of = "onduty_staff" if label == "tenant" else "onduty_build_info"
    query = f"label_values({asked_of}, {label})"
    every = {"selected": True, "text": "All", "value": "$__all"}
    kept = {"type": "query", "datasource": SOURCE, "definition": query, "query": {"query": query, "refId": label}}
    return {"name": label, **kept, "includeAll": True, "multi": True, "refresh": 2, "sort": 1, "current": every}


def _panels(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    number = y = 0
    for row in rows:
        number += 1
        yield {
            "id": number,
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "panels": [],
            "gridPos": _place(0, y, COLUMNS, 1),
        }
        y += 1
        width = COLUMNS // len(row.panels)
        for place, panel in enumerate(row.panels):
            number += 1
            yield {"id": number, "gridPos": _place(place * width, y, width, row.height), **_panel(panel)}
        y += row.height


def _place(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": width, "h": height}


def _panel(panel: Panel) -> dict[str, Any]:
    custom = {"fillOpacity": 20 if panel.stacked else 0, "stacking": {"mode": "normal" if panel.stacked else "none"}}
    defaults: dict[str, Any] = {"unit": panel.unit, "min": 0}
    if panel.kind == "timeseries":
        defaults["custom"] = custom
    return {
        "type": panel.kind,
        "title": panel.title,
        "description": panel.note,
        "datasource": SOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": {},
        "targets": [
            {
                "refId": chr(ord("A") + number),
                "datasource": SOURCE,
                "expr": query.expression,
                "legendFormat": query.legend,
                "instant": panel.kind == "table",
                "range": panel.kind != "table",
                "format": "table" if panel.kind == "table" else "time_series",
            }
            for number, query in enumerate(panel.queries)
        ],
    }
