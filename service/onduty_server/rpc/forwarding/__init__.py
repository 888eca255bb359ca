"""Forwards calls that change anything to the replica that leads."""
