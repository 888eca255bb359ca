"""PLACEHOLDER rpc."""
