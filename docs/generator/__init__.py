"""The parts of ``docs/generate.py``, one a page; nothing of the server imports them."""
