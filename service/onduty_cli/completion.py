"""Offers the shell what can stand at the cursor, some of it asked of the server: quickly or not at all, and in silence."""

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator

import grpc
import typer

from onduty.v1 import staff_pb2
from onduty_cli.access import OPTIONS, access_of
from onduty_cli.connection import Endpoint, Session
from onduty_cli.failures import CommandError
from onduty_cli.known_names import break_codes, skill_groups, staff_pages
from onduty_cli.words import CHOOSABLE, DIRECTIONS, SET_BY_THE_SYSTEM
from onduty_cli.zones import zone_names

DEFAULT_SERVER = "127.0.0.1:50051"

SECONDS = 1.0
"""So long may the server take; a shell waits for every key."""

_OFFERED_MOST = 200

Offer = tuple[str, str]
"""What can be typed, and what shells that can show it say beside it."""


def starting_with(words: Iterable[str], incomplete: str) -> list[str]:
    """Returns the words that begin so, in any case."""
    return [word for word in words if word.lower().startswith(incomplete.lower())]


def complete_choosable(incomplete: str) -> list[str]:
    """Offers the statuses that can be chosen."""
    return starting_with(CHOOSABLE, incomplete)


def complete_status(incomplete: str) -> list[str]:
    """Offers all statuses."""
    return starting_with(CHOOSABLE + SET_BY_THE_SYSTEM, incomplete)


def complete_direction(incomplete: str) -> list[str]:
    """Offers the kinds of calls."""
    return starting_with(DIRECTIONS, incomplete)


def complete_zone(incomplete: str) -> list[str]:
    """Offers the names of time zones."""
    return starting_with(zone_names(), incomplete)


def complete_staff(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offers ids of staff, with their names beside them."""
    return _asked(ctx, lambda session: _staff(session, incomplete))


def complete_staff_or_status(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offers what can follow the first of several ids: further staff, or the status."""
    return [*((word, "status") for word in complete_choosable(incomplete)), *complete_staff(ctx, incomplete)]


def complete_group(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offers skill groups that somebody is in."""
    return _asked(ctx, lambda session: [(group, "") for group in starting_with(skill_groups(session), incomplete)])


def complete_reason(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offers the break reasons that can be chosen."""
    return _asked(ctx, lambda session: [(code, "") for code in starting_with(break_codes(session), incomplete)])


def _staff(session: Session, incomplete: str) -> Iterator[Offer]:
    ends_at = time.monotonic() + SECONDS
    for page in staff_pages(session, staff_pb2.StaffFilter()):
        for member in page:
            # A shell would take an id with a blank for two words.
            if member.staff_id.startswith(incomplete) and not any(c.isspace() for c in member.staff_id):
                yield member.staff_id, member.display_name
        if time.monotonic() > ends_at:
            return


def _asked(ctx: typer.Context, ask: Callable[[Session], Iterable[Offer]]) -> list[Offer]:
    # What gRPC has to say about a server that is away does not belong on a line that is being typed.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    offered: list[Offer] = []
    with contextlib.suppress(CommandError, grpc.RpcError, ValueError), Session(_endpoint(ctx)) as session:
        for offer in ask(session):
            offered.append(offer)
            if len(offered) == _OFFERED_MOST:
                break
    return offered


def _endpoint(ctx: typer.Context) -> Endpoint:
    def given(name: str, variable: str, default: str) -> str:
        return str(ctx.params.get(name) or os.environ.get(variable) or default)

    access = access_of(**{name: ctx.params[name] for name in OPTIONS if ctx.params.get(name)})
    server, tenant = given("server", "ONDUTY_SERVER", DEFAULT_SERVER), given("tenant", "ONDUTY_TENANT", "")
    return Endpoint(server, tenant, SECONDS, access=access)
