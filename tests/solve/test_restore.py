"""A mixture of two plans that keeps to hard rows, and loses as little as possible."""

from __future__ import annotations

import numpy as np
import pytest

from solve.movers import movers
from talentopt.problem import Assignment
from talentopt.problem.evaluate import evaluate
from talentopt.solve.restore import restore


@pytest.fixture
def problem(tmp_path):
    """Four people who would all rather move, each more than the one before; at most two may."""
    return movers(
        tmp_path,
        [10, 11, 12, 13],
        booked=3,
        start="2026-01",
        periods=1,
        stability={"caps": {"rotation": 0.34}},
    )


def booked(options):
    """Book options, all at the beginning."""
    return Assignment.of(np.zeros(0, np.int64), np.array(options), np.zeros(len(options)))


def test_those_who_lose_least_go_back(problem):
    old, new = [0, 2, 4], [1, 3, 5, 7]
    assert evaluate(problem, booked(new)).violations == ("hard row",)
    found = restore(problem, booked(new), booked(old))
    assert evaluate(problem, found).violations == ()
    assert found.options.tolist() == [0, 2, 5, 7]


def test_a_mixture_may_be_impossible(problem):
    nothing = booked([])
    assert restore(problem, booked([1, 3, 5, 7]), nothing) is None
