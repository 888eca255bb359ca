"""The bench: it starts servers, has a generator load them, and judges what comes out. It takes no part in what it measures."""
