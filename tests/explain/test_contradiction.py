"""The smallest contradictory set is found, named, and really smallest."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from brute_force import brute_force, size
from random_problems import random_problem
from talentopt.compile.index import Index
from talentopt.explain.contradiction import smallest_contradiction
from talentopt.explain.possible import plainly_possible
from talentopt.explain.relevant import relevant

HARD = ("fixed_pairs", "fixed_bookings", "seats", "capacity", "ordered", "stage_max", "limits")


def index_of(problem) -> Index:
    matchings, itineraries = problem.matchings, problem.itineraries
    return Index(
        people=tuple(f"P{i}" for i in range(itineraries.n_people)),
        placements=tuple(f"L{i}" for i in range(itineraries.n_placements)),
        stages=tuple(f"S{i}" for i in range(itineraries.n_stages)),
        matchings=tuple(f"M{i}" for i in range(matchings.n_matchings)),
        seekers=tuple(("participants", f"P{i}") for i in range(matchings.n_seekers)),
        providers=tuple(("mentors", f"T{i}") for i in range(matchings.n_providers)),
        hours=(),
        limits=(),
        rows=tuple(("quota", f"Q{i}", "") for i in range(len(problem.rows))),
        links=(),
    )


def find(problem):
    periods = [str(number + 1) for number in range(problem.itineraries.n_periods)]
    return smallest_contradiction(problem, index_of(problem), periods)


def with_fixed(problem, arcs, options):
    return replace(
        problem,
        matchings=replace(problem.matchings, fixed_arcs=np.array(arcs, dtype=np.int64)),
        itineraries=replace(problem.itineraries, fixed_options=np.array(options, dtype=np.int64)),
    )


def test_nothing_demanded_is_no_contradiction() -> None:
    assert find(random_problem(1, ("seats", "missing", "idle"))) == ()


def test_found_exactly_when_brute_force_finds_no_plan() -> None:
    found = 0
    for seed in range(60):
        problem = random_problem(seed, (*HARD, "hard_quotas"), people=3, placements=3, periods=3)
        if size(problem) > 1500:
            continue
        items = find(problem)
        assert bool(items) == (brute_force(problem) is None)
        found += bool(items)
    assert found > 3


DEMANDING = (*HARD, "hard_quotas", "hard_min_seats", "prerequisites", "kept_bookings")


def with_signs(problem, seed):
    """Let some of what hard rows count lower their activity."""
    matrix = problem.rows.matrix.copy()
    matrix.data = matrix.data * np.random.default_rng(seed).choice([-1, 1, 1], len(matrix.data))
    return replace(problem, rows=replace(problem.rows, matrix=matrix))


@pytest.mark.parametrize("signs", [False, True])
def test_what_is_left_out_changes_no_answer(signs) -> None:
    outcomes = {"possible": 0, "plainly": 0, "contradictory": 0, "smaller": 0}
    for seed in range(70):
        problem = random_problem(seed, DEMANDING, people=2, placements=3, periods=3)
        if signs:
            problem = with_signs(problem, seed)
        if size(problem) > 300:
            continue
        possible = brute_force(problem) is not None
        part = relevant(problem)
        assert possible == (part is None or brute_force(part) is not None)
        assert bool(find(problem)) != possible
        if plainly_possible(problem):
            assert possible
            outcomes["plainly"] += 1
        outcomes["possible" if possible else "contradictory"] += 1
        outcomes["smaller"] += part is not None and size(part) < size(problem)
    assert min(outcomes.values()) > 3, outcomes


def test_no_set_of_fixed_entries_is_smaller() -> None:
    """Without limits to name, fewer fixed entries than those reported are possible."""
    tried = 0
    for seed in range(40):
        problem = random_problem(seed, ("fixed_bookings", "ordered", "stage_max"), people=1)
        problem = with_fixed(problem, [], np.arange(problem.itineraries.n_options))
        if size(problem) > 300:
            continue
        items = [item for item in find(problem) if item.kind == "booking"]
        if not items:
            continue
        tried += 1
        for fewer in combinations(problem.itineraries.fixed_options, len(items) - 1):
            assert brute_force(with_fixed(problem, [], fewer)) is not None
    assert tried > 3


@pytest.fixture
def crowded():
    """Three people fixed at one placement with one seat, and a fourth booking that fits."""
    for seed in range(200):
        problem = random_problem(seed, (), people=4, placements=1, periods=2)
        itineraries = problem.itineraries
        full = itineraries.n_options == 4 and (itineraries.option_starts > 0).all()
        if full and itineraries.placement_duration[0] == 2:
            seats = np.ones_like(itineraries.seats)
            roomy = replace(problem, itineraries=replace(itineraries, seats=seats))
            return with_fixed(roomy, [], [0, 1, 2])
    raise AssertionError("no such problem among the seeds")


def test_two_people_and_one_seat(crowded) -> None:
    items = find(crowded)
    kinds = sorted(item.kind for item in items)
    assert kinds == ["booking", "booking", "seats"]
    seat = next(item for item in items if item.kind == "seats")
    assert seat.ids[0] == "L0"
    assert seat.sentence in ("L0 has 1 seat in 1.", "L0 has 1 seat in 2.")


def test_a_minimum_that_nothing_reaches_is_found_without_a_search() -> None:
    problem = next(
        problem
        for seed in range(40)
        if len((problem := random_problem(seed, ("hard_quotas",))).rows)
    )
    rows = replace(problem.rows, lower=np.full(len(problem.rows), 1e6))
    problem = replace(problem, rows=replace(rows, price=np.full(len(rows), np.inf)))
    (item,) = find(problem)
    assert "Q0" in item.sentence
