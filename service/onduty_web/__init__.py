"""The web side: a gateway for browsers and JSON, and the pages. It is a client of the public API and holds no rule of it."""
