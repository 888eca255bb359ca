"""Streams committed changes to watchers."""
