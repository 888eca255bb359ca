"""Builds what a release is made of, and tries it where nothing of the repository can be reached."""
