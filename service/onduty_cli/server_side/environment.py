"""Which variables of the environment Onduty reads, as the server's package has them."""

from onduty_server.variables import meant, unknown_variables

__all__ = ["meant", "unknown_variables"]
