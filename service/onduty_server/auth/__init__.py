"""PLACEHOLDER auth."""
