"""Tiny random problems of matchings alone, and their optimum by enumeration."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
from scipy.sparse import csr_array

from talentopt.problem import Assignment, Events, Itineraries, Links, Matchings, Problem, Rows
from talentopt.problem.evaluate import evaluate


def no_itineraries(n_people: int) -> Itineraries:
    """People without stages, placements or bookings."""
    integers = {"dtype": np.int32}
    return Itineraries(
        n_people=n_people,
        n_periods=1,
        n_placements=0,
        n_stages=0,
        ordered=False,
        stage_exclusive=np.zeros(0, bool),
        stage_min=np.zeros((n_people, 0), **integers),
        stage_max=np.zeros((n_people, 0), **integers),
        stage_missing=np.zeros((n_people, 0)),
        idle_price=np.zeros(n_people),
        idle_from=np.zeros(n_people, **integers),
        move_price=np.zeros(n_people),
        home=np.full(n_people, -1, **integers),
        placement_stage=np.zeros(0, **integers),
        placement_duration=np.zeros(0, **integers),
        placement_load=np.zeros(0),
        placement_place=np.zeros(0, **integers),
        placement_distinct=np.zeros(0, **integers),
        seats=np.zeros((0, 1), **integers),
        min_seats=np.zeros((0, 1), **integers),
        understaffed_price=0.0,
        concurrent_load=np.inf,
        option_ptr=np.zeros(n_people + 1, np.int64),
        option_placement=np.zeros(0, **integers),
        option_points=np.zeros(0),
        option_starts=np.zeros((0, 1), np.uint64),
        fixed_options=np.zeros(0, np.int64),
        kept_options=np.zeros(0, np.int64),
        kept_starts=np.zeros(0, **integers),
        kept_booking_points=np.zeros(0),
        limit_value=np.zeros((0, 0), **integers),
        limit_left=np.zeros((0, n_people, 1), **integers),
        clause_placement=np.zeros(0, **integers),
        clause_ptr=np.zeros(1, np.int64),
        clause_met_by=np.zeros(0, **integers),
        clause_done=np.zeros((n_people, 0), bool),
        hours_stage=np.zeros(0, **integers),
        hours_min=np.zeros((n_people, 0)),
        hours_missing=np.zeros((n_people, 0)),
        placement_hours_of=np.zeros(0, **integers),
        placement_hours=np.zeros(0),
    )


def with_matchings(
    matchings: Matchings, rows: Rows | None = None, worst_off: float = 0.0, constant: float = 0.0
) -> Problem:
    """A problem without itineraries."""
    n_people = int(matchings.demand_person.max(initial=-1)) + 1
    empty = np.zeros(0, np.int64)
    if rows is None:
        rows = Rows(csr_array((0, matchings.n_arcs)), np.zeros(0), np.zeros(0), np.zeros(0))
    events = Events(empty.astype(np.int32), np.zeros(1, np.int64), empty, empty.astype(np.int32))
    nothing = np.zeros((0, 0), np.int32)
    links = Links(
        empty.astype(np.int32),
        empty.astype(np.int32),
        nothing,
        nothing,
        np.zeros((0, n_people)),
    )
    return Problem(matchings, no_itineraries(n_people), rows, events, links, worst_off, constant)


def random_problem(seed: int, n_arcs: int = 8) -> Problem:
    """Draw a problem with any mixture of the rules that matchings know."""
    rng = np.random.default_rng(seed)
    n_matchings, n_seekers, n_providers = (int(k) for k in rng.integers((1, 2, 2), (4, 4, 5)))
    demand_matching = np.repeat(np.arange(n_matchings), n_seekers).astype(np.int32)
    demand_seeker = np.tile(np.arange(n_seekers), n_matchings).astype(np.int32)
    n_demands = len(demand_seeker)
    every = np.arange(n_demands * n_providers)
    cells = np.sort(rng.permutation(every)[: min(n_arcs, len(every))])
    demand = cells // n_providers
    unit = bool(rng.random() < 0.5)
    load = np.broadcast_to(1.0, len(cells)) if unit else rng.choice([0.5, 1.0, 2.0], len(cells))
    owned = rng.random() < 0.8
    need = rng.integers(1, 3, n_demands).astype(np.int32)
    fixed = np.zeros(0, np.int64)
    if rng.random() < 0.3:
        fixed = rng.integers(0, len(cells), 1).astype(np.int64)
    kept = np.sort(rng.permutation(len(cells))[: rng.integers(0, 3)]).astype(np.int64)
    kept_points = rng.integers(1, 30, len(kept)).astype(float)
    matchings = Matchings(
        n_matchings=n_matchings,
        n_seekers=n_seekers,
        n_providers=n_providers,
        demand_matching=demand_matching,
        demand_seeker=demand_seeker,
        demand_person=demand_seeker if owned else np.full(n_demands, -1, np.int32),
        demand_need=need,
        demand_missing=rng.choice([0.0, 20.0, 100.5], n_demands),
        arc_ptr=np.searchsorted(demand, np.arange(n_demands + 1)).astype(np.int64),
        arc_provider=(cells % n_providers).astype(np.int32),
        arc_points=np.round(rng.uniform(-20, 80, len(cells)), 2),
        arc_load=load,
        unit_loads=unit,
        fixed_arcs=fixed,
        kept_arcs=kept,
        kept_arc_points=kept_points,
        capacity=rng.choice([1.0, 2.0, 3.0, np.inf], n_providers),
        role_capacity=rng.choice([1.0, 2.0, np.inf], (n_matchings, n_providers)),
        distinct=(tuple(range(n_matchings)),) if rng.random() < 0.6 else (),
    )
    n_rows = int(rng.integers(0, 3))
    rows = Rows(
        csr_array(rng.choice([0.0, 1.0, 2.5], (n_rows, len(cells)), p=[0.5, 0.4, 0.1])),
        rng.choice([-np.inf, 1.0, 2.0], n_rows),
        rng.choice([2.0, 3.0, np.inf], n_rows),
        rng.choice([np.inf, 15.0], n_rows),
    )
    worst_off = float(rng.choice([0.0, 0.0, 1.5]))
    return with_matchings(matchings, rows, worst_off, constant=-float(kept_points.sum()))


def best_by_enumeration(problem: Problem) -> float | None:
    """The optimum over all sets of arcs; None when none is allowed."""
    arcs = range(problem.matchings.n_arcs)
    best = None
    for chosen in chain.from_iterable(combinations(arcs, k) for k in range(len(arcs) + 1)):
        evaluation = evaluate(problem, Assignment.of(chosen))
        if not evaluation.violations and (best is None or evaluation.value > best):
            best = evaluation.value
    return best
