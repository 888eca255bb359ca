"""Which software this is, as the server's package has it."""

from onduty_server.build_info import build, version

__all__ = ["build", "version"]
