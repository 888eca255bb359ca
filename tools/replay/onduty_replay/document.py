"""Writes what a replay came to as one JSON document, for programs; shows nothing."""

from dataclasses import asdict
from statistics import median
from typing import Any

from onduty_replay.accounting import Account, StaffAccount, total
from onduty_replay.pace import MICROSECONDS
from onduty_replay.player import Replayed
from onduty_replay.report import lateness_by_kind, nearly_latest, real_ms


def document_of(replayed: Replayed) -> dict[str, Any]:
    """Seconds are simulated ones unless the name says ``real``; ``unexplained_microseconds`` is exact."""
    tally = replayed.tally
    return {
        "first_day": replayed.plan.first_day.isoformat(),
        "speed": replayed.speed,
        "real_seconds": round(replayed.real_seconds, 3),
        "explained": replayed.is_explained,
        "faults": replayed.faults,
        "rows": asdict(replayed.plan.counts),
        "calls": replayed.plan.calls,
        "met": {
            "calls_ended": tally.calls_ended,
            "offers_accepted": tally.offers_accepted,
            "calls_not_claimed": tally.calls_not_claimed,
            "irregular": tally.irregular,
            "withdrawn": tally.withdrawn,
            "superseded": tally.superseded,
            "nobody_available": tally.nobody_available,
            "back_to_reception": tally.back_to_reception,
            "wrap_ups_by_countdown": sum(person.wrap_ups_by_countdown for person in replayed.accounts),
            "breaks": sum(person.breaks for person in replayed.accounts),
            "reattached": tally.reattached,
        },
        "requests": dict(sorted(tally.rpcs.items())),
        "retries": dict(tally.retries),
        "refusals": [
            {"rpc": rpc, "reason": reason, "explanation": why, "number": number}
            for (rpc, reason, why), number in tally.refusals.items()
        ],
        "lateness": _lateness(replayed),
        "total": [_account(account) for account in total(replayed.accounts)],
        "staff": [_person(person) for person in replayed.accounts],
    }


def _person(person: StaffAccount) -> dict[str, Any]:
    return {
        "staff_id": person.staff_id,
        "calls_in_file": person.calls_in_file,
        "calls_at_server": person.calls_at_server,
        "call_seconds": person.file.call_seconds,
        "overlap_seconds": person.file.overlap_seconds,
        "explained": person.is_explained,
        "statuses": [_account(account) for account in person.accounts],
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "status": str(account.status),
        "file_seconds": account.file / MICROSECONDS,
        "server_seconds": account.server / MICROSECONDS,
        "difference_seconds": account.difference / MICROSECONDS,
        "timing_seconds": account.timing / MICROSECONDS,
        "unexplained_microseconds": account.unexplained,
    }


def _lateness(replayed: Replayed) -> list[dict[str, Any]]:
    found = []
    for happening, lateness in lateness_by_kind(replayed):
        simulated = sorted(late.simulated for late in lateness)
        found.append(
            {
                "change": happening.value,
                "number": len(simulated),
                "median_real_ms": real_ms(median(simulated), replayed.speed),
                "ninety_nine_percent_real_ms": real_ms(nearly_latest(simulated), replayed.speed),
                "latest_real_ms": real_ms(simulated[-1], replayed.speed),
                "earliest_real_ms": real_ms(simulated[0], replayed.speed),
                "sum_seconds": sum(simulated) / MICROSECONDS,
            }
        )
    return found
