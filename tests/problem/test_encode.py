"""The linear model means what `evaluate` says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from random_problems import RULES, problems, random_problem
from talentopt.problem import Assignment
from talentopt.problem.encode import encode
from talentopt.problem.evaluate import evaluate


def random_assignment(problem, seed: int) -> Assignment:
    """Draw a few pairs and bookings and keep each one that breaks nothing."""
    random = np.random.default_rng(seed)
    options, starts = problem.itineraries.all_starts()
    choices = [("arc", arc, 0) for arc in range(problem.matchings.n_arcs)]
    choices += [("booking", int(o), int(s)) for o, s in zip(options, starts, strict=True)]
    arcs: list[int] = []
    bookings: list[tuple[int, int]] = []
    needed = set(evaluate(problem, Assignment.of()).violations)
    for at in random.permutation(len(choices)):
        kind, index, start = choices[at]
        more_arcs = [*arcs, index] if kind == "arc" else arcs
        more_bookings = [*bookings, (index, start)] if kind == "booking" else bookings
        if set(evaluate(problem, assigned(more_arcs, more_bookings)).violations) <= needed:
            arcs, bookings = more_arcs, more_bookings
    return assigned(arcs, bookings)


def assigned(arcs, bookings) -> Assignment:
    return Assignment.of(arcs, [option for option, _ in bookings], [s for _, s in bookings])


def rows_broken(model, values) -> set[str]:
    activity = model.matrix @ values
    off = (activity < model.row_lower - 1e-6) | (activity > model.row_upper + 1e-6)
    return {model.kinds[kind] for kind in model.row_kind[off]}


def check(problem, seed: int) -> None:
    model = encode(problem)
    assignment = random_assignment(problem, seed)
    evaluation = evaluate(problem, assignment)
    values = model.vector(assignment)
    assert model.objective @ values + model.constant == pytest.approx(evaluation.value, abs=1e-6)
    back = model.decode(values)
    assert back.arcs.tolist() == assignment.arcs.tolist()
    assert back.options.tolist() == assignment.options.tolist()
    assert back.starts.tolist() == assignment.starts.tolist()
    unfixed = (values < model.column_lower - 1e-6).any()
    broken = bool(rows_broken(model, values)) or bool(unfixed)
    assert broken == bool(evaluation.violations)


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_alone(rule: str) -> None:
    for seed in range(3):
        check(random_problem(seed, (rule,), people=3, placements=4), seed)


@settings(max_examples=15, deadline=None)
@given(problems(people=3, placements=4))
def test_any_rules_together(problem) -> None:
    check(problem, 0)
    check(problem, 1)


def test_a_broken_rule_breaks_a_row() -> None:
    problem = random_problem(3, ("seats", "ordered"), people=3, placements=3)
    options, starts = problem.itineraries.all_starts()
    first = np.unique(options, return_index=True)[1]
    everything = Assignment.of(np.arange(problem.matchings.n_arcs), options[first], starts[first])
    model = encode(problem)
    assert evaluate(problem, everything).violations
    assert rows_broken(model, model.vector(everything))
