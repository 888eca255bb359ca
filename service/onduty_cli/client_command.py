"""Makes commands of functions that ask the server: adds the connection options, opens the session, reports failures."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

import typer

from onduty_cli.access import OPTIONS, access_of
from onduty_cli.actor import is_actor
from onduty_cli.completion import DEFAULT_SERVER, complete_zone
from onduty_cli.connection import Endpoint, Session
from onduty_cli.explanations import explain, meant
from onduty_cli.failures import CommandError, RefusedError
from onduty_cli.flags import as_typed
from onduty_cli.known_names import near_to_refused
from onduty_cli.moments import choose_zone
from onduty_cli.output import Output
from onduty_cli.tenant_notice import tell_of_empty_tenant
from onduty_cli.wall_clock import WallClock
from onduty_cli.zones import find_zone
from onduty_client.options import ConnectionOptions, check_options

Arguments = ParamSpec("Arguments")

_PANEL = "Connection and output"


@dataclass(frozen=True, slots=True)
class Invocation:
    """What one run of a client command works with."""

    session: Session
    output: Output
    clock: WallClock


def _address(text: str) -> str:
    try:
        check_options(ConnectionOptions(text))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not an address; write HOST:PORT, as in 127.0.0.1:50051") from None
    return text


def tenant_name(text: str) -> str:
    """Returns a tenant's name as an option gave it, if metadata can carry it."""
    if text and not is_actor(text):  # the default is parsed as well
        raise typer.BadParameter("a tenant's name has 1-128 printable ASCII characters and no blanks around them")
    return text


def _actor(text: str) -> str:
    if text and not is_actor(text):  # the default is parsed as well
        raise typer.BadParameter("an actor's name has 1-128 printable ASCII characters and no blanks around them")
    return text


def _zone(text: str) -> ZoneInfo:
    try:
        return find_zone(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Server = Annotated[
    str,
    typer.Option(
        "--server", envvar="ONDUTY_SERVER", metavar="HOST:PORT", parser=_address,
        help="The server's address.", rich_help_panel=_PANEL,
    ),
]  # fmt: skip
Tenant = Annotated[
    str,
    typer.Option(
        "--tenant", envvar="ONDUTY_TENANT", metavar="NAME", parser=tenant_name, show_default=False,
        help="The tenant to work in. Left out: the server's default.", rich_help_panel=_PANEL,
    ),
]  # fmt: skip
Actor = Annotated[
    str,
    typer.Option(
        "--actor", envvar="ONDUTY_ACTOR", metavar="NAME", parser=_actor, show_default=False,
        help="Who acts, for the history. Left out: your user name, for what supervisors and administrators do.",
        rich_help_panel=_PANEL,
    ),
]  # fmt: skip
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout", min=0.001, metavar="SECONDS",
        help="How long to wait for an answer.", rich_help_panel=_PANEL,
    ),
]  # fmt: skip
AsJson = Annotated[
    bool,
    typer.Option("--json", help="Write results as JSON, one object a line.", rich_help_panel=_PANEL),
]


AsCsv = Annotated[
    bool,
    typer.Option("--csv", help="Write the table as CSV, with a line of column names.", rich_help_panel=_PANEL),
]
Zone = Annotated[
    ZoneInfo | None,
    typer.Option(
        "--zone", envvar="ONDUTY_ZONE", metavar="NAME", parser=_zone, autocompletion=complete_zone, show_default=False,
        help="The time zone of days and instants, as in Europe/Berlin. Left out: this machine's.", rich_help_panel=_PANEL,
    ),
]  # fmt: skip


def client_command(
    app: typer.Typer, name: str, *, table: bool = False
) -> Callable[[Callable[Concatenate[Invocation, Arguments], None]], Callable[Concatenate[Invocation, Arguments], None]]:
    """Registers a function as the command ``name``; the docstring is its help.

    The function's first parameter is the ``Invocation``; the others are typer's as usual. A ``CommandError`` that it raises
    is explained on standard error and ends the process with the failure's exit code.

    Args:
        app: The group that the command belongs to.
        name: The command's name in it.
        table: Whether it shows a table, which can be had as CSV too.
    """

    def register(
        function: Callable[Concatenate[Invocation, Arguments], None],
    ) -> Callable[Concatenate[Invocation, Arguments], None]:
        @functools.wraps(function)
        def command(ctx: typer.Context, **given: Any) -> None:
            server, tenant, timeout, actor = (given.pop(name) for name in ("server", "tenant", "timeout", "actor"))
            access = access_of(**{name: given.pop(name) for name in OPTIONS})
            endpoint = Endpoint(server, tenant, timeout, actor, names_user=True, access=access)
            as_json, as_csv = given.pop("as_json"), given.pop("as_csv", False)
            if as_json and as_csv:
                raise typer.BadParameter("give either --csv or --json")
            output = Output(as_json=as_json, as_csv=as_csv)
            choose_zone(given.pop("zone"))
            with _opened(endpoint) as session:
                try:
                    tell_of_empty_tenant(session, output)
                    # Typer gives every parameter by its name.
                    function(Invocation(session, output, WallClock()), **given)  # type: ignore[call-arg]
                except CommandError as failure:
                    _report(failure, output, session, ctx)

        _give_connection_options(command, function, table=table)
        app.command(name)(command)
        return function

    return register


def _opened(endpoint: Endpoint) -> Session:
    try:
        return Session(endpoint)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _report(failure: CommandError, output: Output, session: Session, ctx: typer.Context) -> None:
    near: list[str] = []
    if isinstance(failure, RefusedError):
        failure = as_typed(failure, _typed_names(ctx))
        near = near_to_refused(session, failure)
    for number, line in enumerate((*explain(failure), *meant(near))):
        output.remark(line, style="" if number else "bold red")
    raise typer.Exit(failure.exit_code)


def _typed_names(ctx: typer.Context) -> set[str]:
    """The options and arguments of the command that runs, as they are typed."""
    return {name for one in ctx.command.params for name in (*one.opts, getattr(one, "metavar", "") or "")}


def _give_connection_options(command: Callable[..., None], function: Callable[..., None], *, table: bool) -> None:
    own = list(inspect.signature(function).parameters.values())[1:]
    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    added = [
        inspect.Parameter("server", inspect.Parameter.KEYWORD_ONLY, default=DEFAULT_SERVER, annotation=Server),
        inspect.Parameter("tenant", inspect.Parameter.KEYWORD_ONLY, default="", annotation=Tenant),
        inspect.Parameter("actor", inspect.Parameter.KEYWORD_ONLY, default="", annotation=Actor),
        inspect.Parameter("timeout", inspect.Parameter.KEYWORD_ONLY, default=10.0, annotation=Timeout),
        inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=AsJson),
        inspect.Parameter("zone", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Zone),
    ]
    for name, (option, default) in OPTIONS.items():
        added.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=option))
    if table:
        added.append(inspect.Parameter("as_csv", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=AsCsv))
    keywords = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    signature = inspect.Signature([context, *keywords, *added], return_annotation=None)
    # Typer reads a command's options from these two.
    command.__signature__ = signature  # type: ignore[attr-defined]
    command.__annotations__ = {name: parameter.annotation for name, parameter in signature.parameters.items()}
