"""The gRPC edge: translates, checks and calls the engine. It holds no rule about statuses."""
