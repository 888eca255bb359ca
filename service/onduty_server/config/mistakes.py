"""What is wrong with a configuration."""


class ConfigError(Exception):
    """The configuration has mistakes; the message has a line for each."""
