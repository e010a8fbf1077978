"""Problems in which something is left out: the plans without it, of the same values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.brute_force import brute_force, size
from tests.random_problems import RULES, problems

from talentopt.problem import Assignment, Problem
from talentopt.problem.evaluate import evaluate
from talentopt.subproblem.restricting import restrict

SMALL = 1000


@st.composite
def restrictions(draw: st.DrawFn) -> tuple[Problem, np.ndarray, np.ndarray]:
    """Draw a problem, and which of its arcs and options are kept."""
    problem = draw(
        problems(RULES, people=3, periods=4, placements=3, providers=2).filter(
            lambda problem: size(problem) <= SMALL
        )
    )
    n_arcs, n_options = problem.matchings.n_arcs, problem.itineraries.n_options
    arcs, options = (
        np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)), dtype=bool)
        for n in (n_arcs, n_options)
    )
    arcs[problem.matchings.fixed_arcs] = True
    options[problem.itineraries.fixed_options] = True
    return problem, arcs, options


@settings(max_examples=60)
@given(restrictions())
def test_the_best_is_the_best_that_has_only_what_is_kept(
    drawn: tuple[Problem, np.ndarray, np.ndarray],
) -> None:
    problem, arcs, options = drawn
    best = brute_force(restrict(problem, arcs, options))
    # Left out is what may start nowhere, or costs more than anything could gain.
    masks = np.where(options[:, None], problem.itineraries.option_starts, np.uint64(0))
    points = np.where(arcs, problem.matchings.arc_points, -1e9)
    closed = replace(
        problem,
        matchings=replace(problem.matchings, arc_points=points),
        itineraries=replace(problem.itineraries, option_starts=masks),
    )
    true = brute_force(closed)
    if best is None:
        assert true is None or true[0] < -1e8
        return
    assert true is not None
    assert abs(best[0] - true[0]) < 1e-6
    plan = best[1]
    lifted = Assignment.of(
        np.flatnonzero(arcs)[plan.arcs], np.flatnonzero(options)[plan.options], plan.starts
    )
    value = evaluate(problem, lifted)
    assert not value.violations
    assert abs(value.value - best[0]) < 1e-6
