"""Finds time zones by their names, and the name of this machine's zone; instants are read and written in moments.py."""

import os
import re
import zoneinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from onduty_cli.nearness import did_you_mean, near_words

_LOCAL_TIME = Path("/etc/localtime")

_IANA_NAME = re.compile(r"[A-Z][A-Za-z0-9+_-]*(/[A-Za-z0-9+_-]+)*")
"""A machine's directory of zones has more: its own zone under the name localtime, which the server does not know."""


def find_zone(name: str) -> ZoneInfo:
    """Returns the zone of an IANA name, as in ``Europe/Berlin``; case does not count.

    Raises:
        ValueError: There is no such zone, or the machine has no time zone data; the message says what to do.
    """
    wanted = name.strip()
    if _is_known(wanted):
        return ZoneInfo(wanted)
    known = set(zone_names())
    if not known:
        raise ValueError(f"there is no time zone data on this machine to look {name!r} up in; install the package tzdata")
    same = [zone for zone in known if zone.casefold() == wanted.casefold().replace(" ", "_")]
    if same:
        return ZoneInfo(same[0])
    raise ValueError(f"{name!r} is not a time zone{_hint(wanted, known)}; write one as Europe/Berlin or UTC")


def _hint(wanted: str, known: set[str]) -> str:
    cities = {zone.rsplit("/", 1)[-1]: zone for zone in sorted(known, reverse=True)}
    by_city = [cities[city] for city in near_words(wanted.rsplit("/", 1)[-1].replace(" ", "_"), cities)]
    return f"; did you mean {' or '.join(by_city)}?" if by_city else did_you_mean(wanted, known)


def zone_names() -> list[str]:
    """Returns the names of all IANA zones this machine knows, sorted; none where it has no time zone data."""
    return sorted(filter(_IANA_NAME.fullmatch, zoneinfo.available_timezones()))


def machine_zone_name() -> str:
    """Returns the IANA name of the zone this machine keeps, by TZ or by /etc/localtime; empty where it has none."""
    if "TZ" in os.environ:
        named = os.environ["TZ"].removeprefix(":")
        return named if _is_known(named) else ""
    try:
        target = _LOCAL_TIME.resolve(strict=True).as_posix()
    except OSError:
        # The C library then keeps UTC.
        return "UTC"
    _, found, name = target.partition("/zoneinfo/")
    name = name.removeprefix("posix/").removeprefix("right/")
    return name if found and _is_known(name) else ""


def _is_known(name: str) -> bool:
    if not _IANA_NAME.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
