"""PLACEHOLDER adapters."""
