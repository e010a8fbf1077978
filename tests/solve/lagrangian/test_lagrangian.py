"""Prices give true bounds, pricing is exact, and what is offered is allowed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from brute_force import brute_force, size
from random_problems import BOOKING_RULES, RULES, SOFT_RULES, random_problem
from talentopt.problem import Events, Problem, Rows
from talentopt.solve.control import Control, Limits
from talentopt.solve.lagrangian import descent, search, solver
from talentopt.solve.lagrangian.pricing import Pricing

MODELLED = tuple(rule for rule in RULES if rule not in ("concurrent", "hours", "loads"))
SOFT = tuple(rule for rule in MODELLED if rule in SOFT_RULES)
PERSONAL = tuple(
    rule
    for rule in BOOKING_RULES
    if rule not in ("concurrent", "hours", "seats", "min_seats", "hard_min_seats")
)
SMALL = {"people": 2, "placements": 3, "periods": 4, "providers": 2}
MOST = 500
"""Assignments that brute force may try."""


@pytest.fixture(autouse=True)
def few_steps(monkeypatch):
    """Tiny problems need few passes."""
    monkeypatch.setattr(descent, "PASSES", 40)
    monkeypatch.setattr("talentopt.solve.lagrangian.improve.PATIENCE", 5)


def alone(problem: Problem) -> Problem:
    """Only the itineraries of a problem: no pairs, rows, events or links."""
    none = replace(
        problem.matchings,
        **{
            name: getattr(problem.matchings, name)[:0]
            for name in (
                "demand_matching",
                "demand_seeker",
                "demand_person",
                "demand_need",
                "demand_missing",
                "arc_provider",
                "arc_points",
                "arc_load",
                "fixed_arcs",
                "kept_arcs",
                "kept_arc_points",
            )
        },
        arc_ptr=np.zeros(1, dtype=np.int64),
        distinct=(),
    )
    events = Events(*(np.zeros(0, np.int32), np.zeros(1, np.int64)), *(np.zeros(0, np.int64),) * 2)
    rows = Rows(csr_array((0, problem.itineraries.n_options)), *(np.zeros(0),) * 3)
    links = replace(
        problem.links,
        matching=problem.links.matching[:0],
        stage=problem.links.stage[:0],
        provider_value=problem.links.provider_value[:0],
        placement_value=problem.links.placement_value[:0],
        points=problem.links.points[:0],
    )
    return Problem(none, problem.itineraries, rows, events, links, 0.0, 0.0)


def drawn(rules: tuple[str, ...], count: int, **sizes: int) -> list[Problem]:
    """Problems that suit the solver and are small enough to try everything."""
    found = []
    for seed in range(count):
        problem = random_problem(seed, rules, **sizes)
        if solver.suits(problem) and size(problem) <= MOST:
            found.append(problem)
    return found


def test_bounds_hold_under_every_rule():
    problems = drawn(MODELLED, 120, **SMALL)
    assert len(problems) >= 10
    for problem in problems[:12]:
        best = brute_force(problem)
        control = Control(problem, Limits(seconds=20.0, reproducible=True))
        solver.solve(problem, control)
        assert best is None or control.bound >= best[0] - 1e-6


def test_bounds_hold_when_people_are_many(monkeypatch):
    for module in (descent, solver):
        monkeypatch.setattr(module, "FEW", 1)
    monkeypatch.setattr(search, "SMALLEST_PART", 1)
    for problem in drawn(MODELLED, 80, **SMALL)[:8]:
        best = brute_force(problem)
        control = Control(problem, Limits(seconds=20.0, reproducible=True))
        solver.solve(problem, control)
        assert best is None or control.bound >= best[0] - 1e-6


def test_offers_are_allowed_and_mostly_close():
    problems = drawn(SOFT, 200, **SMALL)[:16]
    assert len(problems) >= 12
    close = 0
    for problem in problems:
        best = brute_force(problem)
        control = Control(problem, Limits(seconds=20.0, reproducible=True))
        solver.solve(problem, control)
        assert best is not None
        assert control.best is not None
        assert control.bound >= best[0] - 1e-6
        assert control.value <= best[0] + 1e-6
        close += control.value >= best[0] - 2.0
    assert close >= len(problems) // 2


def test_one_person_is_priced_exactly():
    problems = [
        alone(problem)
        for problem in drawn(PERSONAL, 400, people=1, placements=4, periods=5)
        if problem.itineraries.n_people == 1
    ]
    assert len(problems) >= 20
    for problem in problems[:40]:
        itineraries = problem.itineraries
        best = brute_force(problem)
        priced = Pricing(itineraries).price(np.zeros(itineraries.seats.shape))
        if best is None:
            assert priced.bound[0] < -1000
        else:
            assert priced.bound[0] == pytest.approx(best[0], abs=1e-6)


def test_every_first_booking_is_a_move_for_whoever_lives_where_no_placement_is():
    moved = 0
    for problem in drawn(("move",), 60, people=1, placements=4, periods=5):
        problem = alone(problem)
        places = problem.itineraries.placement_place
        if (places < 0).any() or not problem.itineraries.move_price.any():
            continue
        home = np.full_like(problem.itineraries.home, places.max() + 1)
        problem = replace(problem, itineraries=replace(problem.itineraries, home=home))
        best = brute_force(problem)
        priced = Pricing(problem.itineraries).price(np.zeros(problem.itineraries.seats.shape))
        assert best is not None
        assert priced.bound[0] == pytest.approx(best[0], abs=1e-6)
        moved += 1
    assert moved >= 5


def test_same_seed_same_plan():
    problem = drawn(MODELLED, 60, **SMALL)[0]
    values = []
    for _ in range(2):
        control = Control(problem, Limits(seconds=20.0, reproducible=True, seed=3))
        solver.solve(problem, control)
        values.append((control.value, control.bound))
    assert values[0] == values[1]
