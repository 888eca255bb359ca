"""PLACEHOLDER onduty_server."""
