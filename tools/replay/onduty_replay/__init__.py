"""Plays a call centre's call records through a running server's public RPCs; knows nothing of the server's inside."""
