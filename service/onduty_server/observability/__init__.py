"""PLACEHOLDER observability."""
