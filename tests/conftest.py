"""How Hypothesis draws: the same examples on every run, however slow the machine.

``HYPOTHESIS_PROFILE=explore`` draws new ones, ten times as many.
"""

import os

from hypothesis import HealthCheck, settings

ALWAYS = {"deadline": None, "suppress_health_check": list(HealthCheck)}

settings.register_profile("settled", derandomize=True, max_examples=25, **ALWAYS)
settings.register_profile("explore", max_examples=250, **ALWAYS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "settled"))
