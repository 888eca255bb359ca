"""The conformance driver of the Python client. It checks nothing; it does what it is told and says what came."""
