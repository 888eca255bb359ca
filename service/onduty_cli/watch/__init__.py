"""Watches the floor from a terminal: the stream, the view made of it, and the ways of showing it. It changes nothing."""
