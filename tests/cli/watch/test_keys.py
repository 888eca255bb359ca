"""Bytes of a terminal as keys."""

import pytest

from onduty_cli.watch.keys import KeyDecoder


@pytest.mark.parametrize(
    ("read", "keys"),
    [
        (b"q", ["q"]),
        (b"\r", ["enter"]),
        (b"\x7f", ["backspace"]),
        (b"\x1b[A\x1bOB", ["up", "down"]),
        (b"\x1b[5~\x1b[6~", ["page-up", "page-down"]),
        (b"\x1b[H\x1bOF\x1b[1~\x1b[8~", ["home", "end", "home", "end"]),
        (b"\x1b[1;5A", ["up"]),
        (b"\x1b[15~x", ["x"]),
        (b"\x1bx", ["escape", "x"]),
        ("王ö".encode(), ["王", "ö"]),
        (b"\x00\x01", []),
        (b"\xff", ["\N{REPLACEMENT CHARACTER}"]),
    ],
)
def test_keys_are_named_or_themselves(read: bytes, keys: list[str]):
    """Modifiers are passed over, unknown sequences dropped."""
    assert KeyDecoder().feed(read) == keys


def test_a_sequence_may_come_in_pieces():
    """Also a letter of several bytes."""
    decoder = KeyDecoder()
    assert [decoder.feed(bytes([one])) for one in b"\x1b[6~"] == [[], [], [], ["page-down"]]
    assert [decoder.feed(bytes([one])) for one in "ö".encode()] == [[], ["ö"]]


def test_an_escape_alone_is_a_key_when_nothing_follows():
    """The reader says when it has waited long enough."""
    decoder = KeyDecoder()
    assert decoder.feed(b"\x1b") == []
    assert decoder.is_waiting
    assert decoder.flush() == ["escape"]
    assert not decoder.is_waiting


def test_a_sequence_without_an_end_is_not_kept_for_ever():
    """What waits has a bound."""
    decoder = KeyDecoder()
    decoder.feed(b"\x1b[" + b"1" * 1_000)
    assert not decoder.is_waiting
