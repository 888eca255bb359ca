"""`onduty doctor`: what is wrong with a server's configuration, files and surroundings, and what to do; it mends nothing."""

from pathlib import Path
from typing import Annotated

import typer

from onduty_cli.output import Output, object_line, printable
from onduty_cli.server_side.diagnosis import Finding, Mark, findings
from onduty_server.config import ConfigError, load_settings

app = typer.Typer()


@app.command("doctor")
def doctor(
    *,
    config: Annotated[
        Path | None, typer.Option(envvar="ONDUTY_CONFIG", help="The TOML file of the settings.", metavar="FILE")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write an object a line.")] = False,
) -> None:
    """Look at a server's configuration, credentials, certificate, journal, limits and address, from this machine.

    Run it as the server's user, with its environment. It changes nothing, and works while a server runs and while none does.
    Exit code 1: something is wrong, and what to do.

    Example: onduty doctor --config /etc/onduty/onduty.toml
    """
    output = Output(as_json=as_json)
    try:
        settings = load_settings({}, config)
    except ConfigError as error:
        for line in str(error).splitlines():
            _tell(output, Finding("configuration", Mark.WRONG, line.strip(), "docs/reference/configuration.md"))
        raise typer.Exit(1) from error
    _tell(output, Finding("configuration", Mark.WELL, "it has no mistakes"))
    is_wrong = False
    for finding in findings(settings):
        _tell(output, finding)
        is_wrong = is_wrong or finding.mark is Mark.WRONG
    raise typer.Exit(int(is_wrong))


def _tell(output: Output, finding: Finding) -> None:
    if output.as_json:
        told = {"about": finding.about, "mark": finding.mark.name.lower(), "text": finding.text, "do": finding.do}
        output.line(object_line(told))
        return
    output.line(f"[{finding.mark.value}] {finding.about}: {printable(finding.text)}")
    if finding.do:
        output.line(f"     do: {printable(finding.do)}")
