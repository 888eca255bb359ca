"""Gathers what somebody who helps needs to know of a server, without its secrets. It changes nothing."""
