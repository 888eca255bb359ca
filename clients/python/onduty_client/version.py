"""The version of the client, which tells it to the server, and of everything built beside it. It holds nothing else."""

__version__ = "0.1.0.dev0"
