"""Writes the history to files, as a client of the public API: CSV, JSON Lines and Parquet, with the same columns."""
