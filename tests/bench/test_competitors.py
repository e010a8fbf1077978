"""Competitors that are not the project's own solvers."""

import numpy as np
import pytest
from benchmarks.common import matching_problem
from benchmarks.formats.gap import FORMAT as GAP
from benchmarks.solvers import assignment, deferred, scip, sequential
from hypothesis import given, settings
from hypothesis import strategies as st

from brute_force import brute_force, size
from random_problems import problems, random_problem
from talentopt.problem import Assignment
from talentopt.problem.evaluate import evaluate
from talentopt.solve.control import Control, Limits


def pure(points, need=1, capacity=1):
    points = np.array(points, dtype=float)
    return matching_problem(
        points,
        np.isfinite(points),
        load=None,
        need=need,
        missing=100.0,
        capacity=np.full(points.shape[1], capacity),
    )


def solved(competitor, problem):
    control = Control(problem, Limits(seconds=20.0))
    competitor.solve(problem, control)
    return control


def test_linear_sum_assignment_is_exact_where_everybody_needs_one():
    problem = pure([[9, 8, 1], [9, 2, -np.inf], [7, 6, 5]])
    assert not assignment.COMPETITOR.unsuitable(problem)
    best, _ = brute_force(problem)
    assert solved(assignment.COMPETITOR, problem).value == pytest.approx(best)


def test_linear_sum_assignment_never_pairs_twice_and_leaves_out_who_has_no_room():
    control = solved(assignment.COMPETITOR, pure([[5, 4], [3, 2], [2, 1]], need=2, capacity=2))
    assert control.value is not None
    assert len(np.unique(control.best.arcs)) == len(control.best.arcs) == 4


def test_deferred_acceptance_is_stable_not_best():
    pytest.importorskip("matching")
    problem = pure([[9, 8], [8, 1]])
    assert solved(deferred.COMPETITOR, problem).value == pytest.approx(10.0)


@pytest.mark.parametrize("seed", range(3))
def test_scip_finds_the_best_and_proves_it(seed):
    problem = random_problem(seed)
    found = brute_force(problem) if size(problem) < 20_000 else None
    control = solved(scip.COMPETITOR, problem)
    if found is not None:
        assert control.value == pytest.approx(found[0])
    if control.value is not None:
        assert control.bound >= control.value - 1e-6


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 2**32 - 1))
def test_a_part_is_worth_what_it_is_worth_in_the_whole(problem, seed):
    random = np.random.default_rng(seed)
    arcs = random.random(problem.matchings.n_arcs) < 0.6
    options = random.random(problem.itineraries.n_options) < 0.6
    arcs[problem.matchings.fixed_arcs] = True
    options[problem.itineraries.fixed_options] = True
    part = sequential.restrict(problem, arcs, options, Assignment.of(), whole=True)
    chosen_arcs = np.flatnonzero(random.random(arcs.sum()) < 0.4)
    chosen = np.flatnonzero(random.random(options.sum()) < 0.4)
    starts = random.integers(0, problem.itineraries.n_periods, len(chosen))
    inside = Assignment.of(chosen_arcs, chosen, starts)
    there, here = evaluate(part.problem, inside), evaluate(problem, part.translate(inside))
    assert there.value == pytest.approx(here.value)
    assert set(there.violations) == set(here.violations)


def test_gap_answers_are_judged_by_the_files_numbers(tmp_path):
    instance = tmp_path / "g"
    instance.write_text("2 2\n1 5\n4 2\n3 3\n3 3\n3 6\n")
    loaded = GAP.load(instance)
    assert loaded.sign == -1.0
    control = Control(loaded.problem)
    for arcs, words, value in (
        ((0, 3), "", 3.0),
        ((0, 2), "capacity", None),
        ((0,), "left", None),
    ):
        control.best = Assignment.of(arcs)
        GAP.write(loaded, control, "me", tmp_path / "answer")
        verdict = GAP.judge(instance, tmp_path / "answer")
        assert verdict.value == value
        assert words in verdict.message


def test_the_steps_keep_what_was_decided():
    problem = random_problem(5, ("ordered", "seats", "missing", "links", "capacity"))
    control = solved(sequential.COMPETITOR, problem)
    best = brute_force(problem) if size(problem) < 20_000 else None
    assert control.value is not None
    if best is not None:
        assert control.value <= best[0] + 1e-6
