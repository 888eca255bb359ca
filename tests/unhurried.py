"""Settings for tests by Hypothesis: an example is right or wrong, however long it or its making takes."""

from hypothesis import HealthCheck, settings
from quick import examples

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=examples(100))
