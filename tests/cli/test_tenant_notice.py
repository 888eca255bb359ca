"""A tenant without staff is said to be one."""

from typer.testing import CliRunner

from onduty_cli.main import app


def said(onduty, *arguments: str) -> str:
    """What a command wrote to standard error."""
    return CliRunner(env=onduty.env).invoke(app, arguments, catch_exceptions=False).stderr


def test_a_tenant_without_staff_is_told_before_it_is_read_or_written(onduty) -> None:
    """So a misspelt one is noticed, also by who adds somebody to it; one that has staff is passed over in silence."""
    notice = f"The tenant {onduty.tenant!r} has no staff so far; if it should have, look at its name."
    assert notice in said(onduty, "staff", "list")
    assert notice in said(onduty, "staff", "add", "kim")
    assert "has no staff so far" not in said(onduty, "staff", "list")
