"""The engine: decides commands about staff statuses, commits them, and streams what was committed. No SQL, no gRPC."""
