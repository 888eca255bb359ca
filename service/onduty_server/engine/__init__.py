"""Decides, commits, shows and streams. It knows the domain and the ports only: no SQL, no gRPC."""
