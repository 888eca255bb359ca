"""PLACEHOLDER domain."""
