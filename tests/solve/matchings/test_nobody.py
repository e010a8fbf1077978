"""A matching that nobody offers anything in."""

from __future__ import annotations

import numpy as np
from benchmarks.common import matching_problem

from talentopt.solve.matchings.flow import best_matching
from talentopt.solve.matchings.interface import Relaxation


def test_seekers_without_providers_stay_alone():
    problem = matching_problem(
        np.zeros((2, 0)), np.zeros((2, 0), bool), load=None, need=1, missing=5.0,
        capacity=np.zeros(0),
    )  # fmt: skip
    matched = best_matching(Relaxation(problem.matchings, problem.links))
    assert len(matched.arcs) == 0
    assert matched.value == -10.0
