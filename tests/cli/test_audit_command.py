"""What `onduty audit` makes of an entry."""

import pytest

from onduty_cli.audit_command import peer_words


@pytest.mark.parametrize(
    ("peer", "said"),
    [("ipv6:%5B::1%5D:47994", "[::1]:47994"), ("ipv4:127.0.0.1:36400", "127.0.0.1:36400"), ("unix:", "unix:"), ("", "")],
)
def test_an_address_is_written_as_people_write_it(peer: str, said: str):
    """Without gRPC's prefix and escapes."""
    assert peer_words(peer) == said
