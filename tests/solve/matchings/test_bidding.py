"""Matchings by bids are allowed, bounded by their prices, and close to the best."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from solve.matchings.small_matchings import best_by_enumeration, random_problem
from talentopt.problem import Assignment, Problem, Rows
from talentopt.problem.evaluate import evaluate
from talentopt.solve.matchings.bidding import matching_by_bids
from talentopt.solve.matchings.interface import Relaxation

CLOSE = 0.75
"""Share of matchings within a point of the best one; capacities here are as tight as can be."""


def drawn(count: int) -> list[Problem]:
    """Problems of unit loads, without rows."""
    problems = [random_problem(seed, n_arcs=7) for seed in range(count)]
    return [
        replace(
            problem,
            rows=Rows(csr_array((0, problem.matchings.n_arcs)), *(np.zeros(0),) * 3),
            worst_off=0.0,
        )
        for problem in problems
        if problem.matchings.unit_loads
    ]


def test_bids_are_allowed_bounded_and_mostly_the_best():
    tried = close = 0
    for problem in drawn(80):
        best = best_by_enumeration(problem)
        if best is None:
            continue
        matched = matching_by_bids(Relaxation(problem.matchings))
        evaluation = evaluate(problem, Assignment.of(matched.arcs))
        assert not evaluation.violations
        assert matched.value + problem.constant == pytest.approx(evaluation.value)
        assert evaluation.value <= best + 1e-9
        assert matched.bound + problem.constant >= best - 1e-6
        tried += 1
        close += evaluation.value >= best - 1.0
    assert tried >= 25
    assert close >= CLOSE * tried


def test_capacities_without_a_limit_have_no_price():
    for problem in drawn(30):
        if best_by_enumeration(problem) is None:
            continue
        matched = matching_by_bids(Relaxation(problem.matchings))
        assert (matched.total_price[np.isinf(problem.matchings.capacity)] == 0).all()
        assert (matched.role_price[np.isinf(problem.matchings.role_capacity)] == 0).all()
        assert (matched.role_price >= 0).all()
        assert (matched.total_price >= 0).all()
