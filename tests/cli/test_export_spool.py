"""What an export keeps of its rows never holds more, or other, than what was noted of them."""

from pathlib import Path

import pytest

from onduty_cli.export.spool import Note, Spool, SpoolError, part_of

ASKED = Note("export", "export")
HEADER = b"header\n"


def begun(target: Path, *, restart: bool = False) -> Spool:
    """An export of one question."""
    return Spool.open(target, ASKED, header=HEADER, restart=restart)


def test_what_was_begun_anew_and_broken_off_at_once_is_begun_anew_again(tmp_path: Path):
    """The note of the rows before does not outlive them: no empty bytes are written in their place."""
    target = tmp_path / "history.csv"
    with begun(target) as spool:
        spool.write([b"row 1\n", b"row 2\n"], "position")
    with begun(target, restart=True):
        pass
    with begun(target) as spool:
        assert (spool.note.position, spool.note.rows) == ("", 0)
        spool.write([b"row 3\n"], "another")
    assert part_of(target).read_bytes() == HEADER + b"row 3\n"


def test_a_part_that_is_shorter_than_its_note_is_refused(tmp_path: Path):
    """As after a power cut: what is missing cannot be gone on with."""
    target = tmp_path / "history.csv"
    with begun(target) as spool:
        spool.write([b"row 1\n", b"row 2\n"], "position")
    part_of(target).write_bytes(HEADER)
    with pytest.raises(SpoolError, match="--restart"):
        begun(target)
