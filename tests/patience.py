"""How long tests wait for what must come: a bound against waiting for ever, never a promise of how quick anything is."""

PATIENCE_SECONDS = 120
"""For anything one waits for: the start of a program, an answer, a frame. A machine on which a program gets a fiftieth of a
processor keeps it; a test that waits in vain still ends, long before pytest's own limit for a test."""
