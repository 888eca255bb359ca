"""The gRPC edge: it checks, translates and calls the engine. It holds no rule about statuses."""
