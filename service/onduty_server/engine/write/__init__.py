"""Decides what callers ask for, and commits it in batches."""
