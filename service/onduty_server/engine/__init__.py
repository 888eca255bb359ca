"""The moving parts: one writer, what it knows, and who watches. It knows the domain and the ports only."""
