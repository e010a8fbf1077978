"""Combined plans: at least as good as each, of nothing else, and near the first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.brute_force import brute_force, size
from tests.random_problems import RULES, problems

from talentopt.explain.combining import combine
from talentopt.problem import Assignment
from talentopt.problem.evaluate import evaluate


def keys(plan: Assignment) -> set[tuple[int, int]]:
    """Every pair (start -1) and booking."""
    bookings = zip(plan.options.tolist(), plan.starts.tolist(), strict=True)
    return {(arc, -1) for arc in plan.arcs.tolist()} | set(bookings)


@settings(max_examples=40)
@given(
    problems(RULES, people=3, periods=4, placements=3, providers=2).filter(
        lambda problem: size(problem) <= 1000
    ),
    st.data(),
)
def test_nothing_is_lost_and_nothing_is_new(problem, data) -> None:
    found = brute_force(problem)
    if found is None:
        return
    value, plan = found
    arcs = data.draw(st.lists(st.booleans(), min_size=len(plan.arcs), max_size=len(plan.arcs)))
    some = Assignment.of(plan.arcs[np.array(arcs, dtype=bool)], plan.options, plan.starts)
    empty = Assignment.of()
    for first in (some, empty):
        allowed = [one for one in (first, plan) if not evaluate(problem, one).violations]
        whole = allowed[0]
        combined = combine(problem, [first, plan], whole, 20.0, 1)
        result = evaluate(problem, combined)
        assert not result.violations
        assert result.value >= value - 0.1
        assert keys(combined) <= keys(first) | keys(plan)


@settings(max_examples=40)
@given(
    problems(RULES, people=3, periods=4, placements=3, providers=2).filter(
        lambda problem: size(problem) <= 1000
    )
)
def test_what_gains_nothing_stays(problem) -> None:
    found = brute_force(problem)
    if found is None:
        return
    worthless = replace(
        problem,
        matchings=replace(
            problem.matchings, arc_points=np.zeros_like(problem.matchings.arc_points)
        ),
    )
    best, plan = brute_force(worthless) or (0.0, found[1])
    for arc in range(problem.matchings.n_arcs):
        other = Assignment.of(np.setxor1d(plan.arcs, [arc]), plan.options, plan.starts)
        value = evaluate(worthless, other)
        if value.violations or value.value < best - 1e-9:
            continue
        combined = combine(worthless, [plan, other], other, 20.0, 1)
        assert keys(combined) == keys(plan)
