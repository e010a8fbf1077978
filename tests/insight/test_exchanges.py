"""Exchanges are worth exactly what evaluating the changed plan says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from random_problems import RULES, problems, random_problem
from talentopt.insight.exchanges import Exchanges, price
from talentopt.problem import Assignment
from talentopt.problem.evaluate import evaluate


def random_assignment(problem, random) -> Assignment:
    """Some arcs and bookings; rules may be broken, as values do not depend on them."""
    arcs = np.flatnonzero(random.random(problem.matchings.n_arcs) < 0.4)
    options, starts = problem.itineraries.all_starts()
    booked = {}
    for option, start in zip(options.tolist(), starts.tolist(), strict=True):
        if random.random() < 0.3:
            booked.setdefault(option, start)
    return Assignment.of(arcs, list(booked), list(booked.values()))


def check(problem, seed) -> None:
    random = np.random.default_rng(seed)
    assignment = random_assignment(problem, random)
    before = evaluate(problem, assignment)
    free = np.setdiff1d(np.arange(problem.matchings.n_arcs), assignment.arcs)
    undone = [np.flatnonzero(random.random(len(assignment.arcs)) < 0.3) for _ in free]
    exchanges = Exchanges(
        free,
        assignment.arcs[np.concatenate([np.zeros(0, np.int64), *undone])],
        np.repeat(np.arange(len(free)), [len(some) for some in undone]),
    )
    priced = price(problem, assignment, before, exchanges)
    for number, arc in enumerate(free):
        gone = exchanges.undone[exchanges.undone_by == number]
        arcs = np.append(np.setdiff1d(assignment.arcs, gone), arc)
        after = evaluate(problem, Assignment.of(arcs, assignment.options, assignment.starts))
        assert priced.change[number] == pytest.approx(after.value - before.value, abs=1e-6)
        if number not in priced.broken_by and "hard row" not in before.violations:
            assert "hard row" not in after.violations


@settings(max_examples=40)
@given(problems(people=3, providers=4), st.integers(0, 1000))
def test_any_rules_together(problem, seed) -> None:
    check(problem, seed)


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_alone(rule) -> None:
    for seed in range(6):
        check(random_problem(seed, (rule, "need", "missing"), people=3, providers=4), seed)


def test_hard_rows_that_break_are_named() -> None:
    named = 0
    for seed in range(40):
        problem = random_problem(seed, ("budgets", "hard_quotas"), people=3, providers=4)
        nothing = Assignment.of()
        before = evaluate(problem, nothing)
        every = np.arange(problem.matchings.n_arcs)
        none = np.zeros(0, np.int64)
        priced = price(problem, nothing, before, Exchanges(every, none, none))
        for arc in every:
            alone = evaluate(problem, Assignment.of([arc])).violations
            if "hard row" not in before.violations:
                assert ("hard row" in alone) == (arc in priced.broken_by)
                named += "hard row" in alone
    assert named > 0
