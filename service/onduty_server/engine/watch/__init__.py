"""Streams committed changes to watchers: a ring a tenant, and cursors into it."""
