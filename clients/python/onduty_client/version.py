"""The client's version, also told to the server. It holds nothing else."""

__version__ = "0.1.0"
