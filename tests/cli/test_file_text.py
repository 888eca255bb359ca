"""Text as spreadsheets write it: encodings, separators, lines."""

import pytest

from onduty_cli.failures import InputError
from onduty_cli.file_text import FileText, decoded


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with a mark"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)
def test_the_encoding_is_found_out(encoding: str, words: str):
    """By its mark, or by what it can be."""
    assert decoded("staff_id;Zoë\r\n".encode(encoding), "f") == ("staff_id;Zoë\r\n", words)


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", b"zo\x81", b"\xff\xfea"])
def test_what_is_no_text_is_refused(content: bytes):
    """A workbook instead of CSV, an undefined letter, half a UTF-16 letter."""
    with pytest.raises(InputError):
        decoded(content, "f")


@pytest.mark.parametrize(
    ("text", "separator"),
    [("a;b;c\n", ";"), ("a\tb\n", "\t"), ("a,b\n", ","), ("a\n", ","), ('"a;b;c",d\n', ","), ("\n;;\na;b,c;d\n", ";")],
)
def test_the_separator_is_what_the_first_line_has_most_of(text: str, separator: str):
    """What stands in quotes does not count."""
    assert FileText("f", text, "UTF-8").separator == separator


def test_rows_bear_the_line_they_begin_on():
    """Also after a quoted line break and blank lines, whatever ends lines."""
    text = 'a;b\r\n"x\r\ny";1\r\n\r\n;;\r\nz;2\r\n'
    assert list(FileText("f", text, "UTF-8").rows()) == [(1, ["a", "b"]), (2, ["x\r\ny", "1"]), (6, ["z", "2"])]
