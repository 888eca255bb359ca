"""PLACEHOLDER sqlite."""
