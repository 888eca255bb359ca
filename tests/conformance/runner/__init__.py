"""The runner of the conformance suite: plays scenarios on drivers and tells what held. It knows no client's language."""
