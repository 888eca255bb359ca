"""How a server is started where this command line is installed."""

from pathlib import Path

from onduty_cli.start_command import start_command


def test_in_a_checkout_it_is_make_run(tmp_path: Path):
    """Its journal is the checkout's own."""
    (tmp_path / "service" / "onduty_cli").mkdir(parents=True)
    (tmp_path / "Makefile").touch()
    assert start_command(tmp_path / ".venv") == "`make run` in the checkout"


def test_elsewhere_it_is_the_program_itself(tmp_path: Path):
    """Another project's environment beside another Makefile is no checkout."""
    (tmp_path / "Makefile").touch()
    assert start_command(tmp_path / ".venv") == "`onduty serve`"
    assert start_command(tmp_path / "onduty") == "`onduty serve`"
