"""Says that a tenant has no staff so far, which is how a misspelt one looks; refuses nothing."""

from contextlib import suppress
from dataclasses import replace

from onduty.v1 import router_service_pb2
from onduty_cli.connection import Session
from onduty_cli.failures import CommandError
from onduty_cli.output import Output

ANSWER_SECONDS = 2.0
"""How long the question may take: the command itself comes after it, and tells of a server that does not answer."""


def tell_of_empty_tenant(session: Session, output: Output) -> None:
    """Writes a remark where the tenant that the caller named has no staff."""
    endpoint = session.endpoint
    if not endpoint.tenant:
        return
    session.endpoint = replace(endpoint, timeout_seconds=min(endpoint.timeout_seconds, ANSWER_SECONDS))
    with suppress(CommandError):
        listed = session.call(session.router.ListStaff, router_service_pb2.ListStaffRequest(page_size=1))
        if not listed.total_size:
            output.remark(f"The tenant {endpoint.tenant!r} has no staff so far; if it should have, look at its name.")
    session.endpoint = endpoint
