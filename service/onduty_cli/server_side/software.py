"""Which software this is, and which variables it reads, as the server's package has them."""

from onduty_server.build_info import build, version
from onduty_server.variables import meant, unknown_variables

__all__ = ["build", "meant", "unknown_variables", "version"]
