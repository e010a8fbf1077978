"""Tiny random problems, with any choice of rules, for every solver's tests.

`random_problem` draws one from a seed; `problems` is the same as a Hypothesis
strategy. Rules are switched on by name (`RULES`), so that each can be tried alone.
Points are on a grid of 0.01, as compiled problems have them.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_array

from talentopt.problem import Events, Itineraries, Links, Matchings, Problem, Rows

MATCHING_RULES = ("capacity", "loads", "distinct_providers", "need", "fixed_pairs", "kept_pairs")
BOOKING_RULES = (
    "ordered",
    "seats",
    "min_seats",
    "hard_min_seats",
    "missing",
    "stage_max",
    "idle",
    "move",
    "distinct",
    "limits",
    "prerequisites",
    "concurrent",
    "hours",
    "windows",
    "fixed_bookings",
    "kept_bookings",
)
CROSS_RULES = ("budgets", "quotas", "hard_quotas", "links", "negative_links", "worst_off")
RULES = MATCHING_RULES + BOOKING_RULES + CROSS_RULES
SOFT_RULES = tuple(
    rule
    for rule in RULES
    if rule not in ("hard_min_seats", "hard_quotas", "fixed_pairs", "fixed_bookings")
)
"""Rules under which the empty plan is always allowed."""

UNLIMITED = 10**9


def random_problem(
    seed: int,
    rules: tuple[str, ...] = RULES,
    *,
    people: int = 2,
    periods: int = 5,
    placements: int = 4,
    providers: int = 3,
) -> Problem:
    """Draw a problem; sizes are upper limits."""
    random = np.random.default_rng(seed)
    on = frozenset(rules)
    n_people = int(random.integers(1, people + 1))
    itineraries = _itineraries(random, on, n_people, periods, placements)
    matchings = _matchings(random, on, n_people, providers)
    events = _events(random, on, itineraries)
    rows = _rows(random, on, matchings, itineraries, events)
    links = _links(random, on, matchings, itineraries)
    worst_off = float(random.choice([0.5, 1.0, 3.0])) if "worst_off" in on else 0.0
    constant = -float(matchings.kept_arc_points.sum() + itineraries.kept_booking_points.sum())
    return Problem(matchings, itineraries, rows, events, links, worst_off, constant)


def problems(rules: tuple[str, ...] = RULES, **sizes: int) -> st.SearchStrategy[Problem]:
    """Draw problems with every rule of `rules` on or off."""
    chosen = st.sets(st.sampled_from(rules)).map(lambda some: tuple(sorted(some)))
    return st.builds(
        lambda seed, some: random_problem(seed, some, **sizes),
        st.integers(0, 2**32 - 1),
        chosen,
    )


def _points(random: np.random.Generator, size: int | tuple[int, ...]) -> np.ndarray:
    return random.integers(-300, 1500, size) / 100


def _subset(random: np.random.Generator, n: int, share: float, on: bool) -> np.ndarray:
    return np.flatnonzero(random.random(n) < (share if on else 0.0))


def _matchings(
    random: np.random.Generator, on: frozenset[str], n_people: int, providers: int
) -> Matchings:
    n_matchings = int(random.integers(0, 3))
    n_providers = int(random.integers(1, providers + 1))
    outsiders = int(random.integers(0, 2))
    n_seekers = n_people + outsiders
    matching, seeker = [], []
    arcs, ptr = [], [0]
    for m in range(n_matchings):
        for s in range(n_seekers):
            matching.append(m)
            seeker.append(s)
            arcs.extend(np.flatnonzero(random.random(n_providers) < 0.7))
            ptr.append(len(arcs))
    n_demands, n_arcs = len(matching), len(arcs)
    need = random.integers(1, 3, n_demands) if "need" in on else np.ones(n_demands)
    missing = (
        random.choice([0.0, 5.0, 12.5], n_demands) if "missing" in on else np.zeros(n_demands)
    )
    loads = random.choice([0.25, 0.5, 1.0, 1.5], n_arcs) if "loads" in on else np.ones(n_arcs)
    capacity = np.full(n_providers, np.inf)
    role = np.full((n_matchings, n_providers), np.inf)
    if "capacity" in on:
        capacity = random.choice([1.0, 2.0, np.inf], n_providers)
        role = random.choice([1.0, 2.0, np.inf], role.shape)
    distinct = ((0, 1),) if "distinct_providers" in on and n_matchings > 1 else ()
    seekers = np.array(seeker, dtype=np.int32)
    kept = _subset(random, n_arcs, 0.3, "kept_pairs" in on)
    return Matchings(
        n_matchings,
        n_seekers,
        n_providers,
        np.array(matching, dtype=np.int32),
        seekers,
        np.where(seekers < n_people, seekers, -1).astype(np.int32),
        need.astype(np.int32),
        missing,
        np.array(ptr, dtype=np.int64),
        np.array(arcs, dtype=np.int32),
        _points(random, n_arcs),
        loads,
        bool((loads == 1).all()),
        _subset(random, n_arcs, 0.1, "fixed_pairs" in on),
        kept,
        random.choice([1.0, 7.5], len(kept)),
        capacity,
        role,
        distinct,
    )


def _itineraries(
    random: np.random.Generator, on: frozenset[str], n_people: int, n_periods: int, most: int
) -> Itineraries:
    n_placements = int(random.integers(1, most + 1))
    n_stages = int(random.integers(1, 4))
    exclusive = np.ones(n_stages, dtype=bool)
    if "concurrent" in on:
        exclusive = random.random(n_stages) < 0.6
    stage = random.integers(0, n_stages, n_placements).astype(np.int32)
    duration = random.integers(1, 3, n_placements).astype(np.int32)
    load = np.where(exclusive[stage], 1.0, random.choice([0.2, 0.25, 0.5], n_placements))
    seats = np.full((n_placements, n_periods), n_people)
    if "seats" in on:
        seats = random.choice([0, 1, 1, 2], seats.shape)
    min_seats = np.zeros_like(seats)
    if "min_seats" in on or "hard_min_seats" in on:
        min_seats = np.minimum(seats, random.choice([0, 0, 0, 1, 2], seats.shape))
    price = np.inf if "hard_min_seats" in on else float(random.choice([0.0, 2.5]))
    distinct = np.full(n_placements, -1)
    if "distinct" in on:
        distinct = np.where(
            random.random(n_placements) < 0.8, stage * 2 + random.integers(0, 2, n_placements), -1
        )
    ptr, option_placement, masks = [0], [], []
    for _ in range(n_people):
        for placement in np.flatnonzero(random.random(n_placements) < 0.85):
            open_seats = seats[placement] > 0
            starts = [
                s
                for s in range(n_periods - duration[placement] + 1)
                if open_seats[s : s + duration[placement]].all()
                and not ("windows" in on and random.random() < 0.4)
            ]
            option_placement.append(placement)
            masks.append(sum(1 << s for s in starts))
        ptr.append(len(option_placement))
    n_options = len(option_placement)
    option_starts = np.array(masks, dtype=np.uint64).reshape(n_options, 1)
    kept = _subset(random, n_options, 0.4, "kept_bookings" in on)
    n_limits = int(random.integers(1, 3)) if "limits" in on else 0
    clause_placement, clauses = _clauses(random, on, n_placements)
    n_hours = int(random.integers(1, 3)) if "hours" in on else 0
    hours_of = (
        random.integers(-1, max(n_hours, 1), n_placements) if n_hours else -np.ones(n_placements)
    )
    people_stages = (n_people, n_stages)
    missing = random.choice([0.0, 6.0, 20.0], people_stages)
    return Itineraries(
        n_people,
        n_periods,
        n_placements,
        n_stages,
        "ordered" in on,
        exclusive,
        random.integers(0, 3, people_stages).astype(np.int32) * int("missing" in on),
        (
            random.integers(0, 3, people_stages)
            if "stage_max" in on
            else np.full(people_stages, UNLIMITED)
        ).astype(np.int32),
        missing if "missing" in on else np.zeros(people_stages),
        random.choice([0.0, 0.75, 3.0], n_people) * int("idle" in on),
        random.integers(0, 3, n_people).astype(np.int32),
        random.choice([0.0, 1.5, 4.0], n_people) * int("move" in on),
        random.integers(-1, 3, n_people).astype(np.int32),
        stage,
        duration,
        load,
        random.integers(-1, 3, n_placements).astype(np.int32),
        distinct.astype(np.int32),
        seats.astype(np.int32),
        min_seats.astype(np.int32),
        price,
        float(random.choice([0.4, 0.5, 0.75])) if "concurrent" in on else np.inf,
        np.array(ptr, dtype=np.int64),
        np.array(option_placement, dtype=np.int32),
        _points(random, n_options),
        option_starts,
        _subset(random, n_options, 0.1, "fixed_bookings" in on),
        kept,
        random.integers(0, n_periods, len(kept)).astype(np.int32),
        random.choice([1.0, 4.25], len(kept)),
        random.integers(-1, 2, (n_limits, n_placements)).astype(np.int32),
        random.integers(0, 3, (n_limits, n_people, 2)).astype(np.int32),
        clause_placement,
        np.concatenate([[0], np.cumsum([len(c) for c in clauses])]).astype(np.int64),
        np.array([p for c in clauses for p in c], dtype=np.int32),
        random.random((n_people, len(clauses))) < 0.2,
        random.integers(0, n_stages, n_hours).astype(np.int32),
        random.choice([0.0, 1.5, 4.0], (n_people, n_hours)),
        random.choice([0.0, 2.0, 3.5], (n_people, n_hours)),
        hours_of.astype(np.int32),
        random.choice([0.5, 1.0, 3.0], n_placements),
    )


def _clauses(
    random: np.random.Generator, on: frozenset[str], n_placements: int
) -> tuple[np.ndarray, list[np.ndarray]]:
    if "prerequisites" not in on or n_placements < 2:
        return np.zeros(0, np.int32), []
    needing = random.integers(1, n_placements, int(random.integers(1, 3)))
    met_by = [
        np.sort(random.choice(p, int(random.integers(1, min(p, 2) + 1)), replace=False))
        for p in needing
    ]
    return needing.astype(np.int32), met_by


def _events(random: np.random.Generator, on: frozenset[str], itineraries: Itineraries) -> Events:
    person, ptr, options, latest = [], [0], [], []
    if "quotas" in on or "hard_quotas" in on:
        for p in range(itineraries.n_people):
            own = np.arange(*itineraries.option_ptr[p : p + 2])
            own = own[random.random(len(own)) < 0.7]
            if len(own) == 0:
                continue
            person.append(p)
            options.extend(own)
            latest.extend(random.integers(0, itineraries.n_periods, len(own)))
            ptr.append(len(options))
    return Events(
        np.array(person, dtype=np.int32),
        np.array(ptr, dtype=np.int64),
        np.array(options, dtype=np.int64),
        np.array(latest, dtype=np.int32),
    )


def _rows(
    random: np.random.Generator,
    on: frozenset[str],
    matchings: Matchings,
    itineraries: Itineraries,
    events: Events,
) -> Rows:
    n_arcs, n_options, n_events = matchings.n_arcs, itineraries.n_options, len(events)
    width = n_arcs + n_options + n_events
    matrix, lower, upper, price = [], [], [], []
    if "budgets" in on:
        costs = np.zeros(width)
        costs[: n_arcs + n_options] = random.choice([0, 0.5, 1.25, 3], n_arcs + n_options)
        matrix.append(costs)
        lower.append(-np.inf)
        upper.append(float(random.choice([1.0, 3.0, 5.5])))
        price.append(np.inf)
    for kind in ("quotas", "hard_quotas"):
        if kind not in on:
            continue
        counted = np.zeros(width)
        if random.random() < 0.5 or n_arcs == 0:
            counted[n_arcs + n_options :] = 1
        else:
            counted[:n_arcs] = random.random(n_arcs) < 0.5
        matrix.append(counted)
        bounds = [(1.0, np.inf), (-np.inf, 1.0), (1.0, 1.0), (1.0, 2.0)]
        low, high = bounds[random.integers(len(bounds))]
        lower.append(low)
        upper.append(high)
        price.append(np.inf if kind == "hard_quotas" else float(random.choice([0.0, 4.0, 11.0])))
    return Rows(
        csr_array(np.array(matrix).reshape(len(matrix), width)),
        np.array(lower),
        np.array(upper),
        np.array(price),
    )


def _links(
    random: np.random.Generator,
    on: frozenset[str],
    matchings: Matchings,
    itineraries: Itineraries,
) -> Links:
    wanted = ("links" in on) + ("negative_links" in on)
    n_links = wanted if matchings.n_matchings else 0
    stage = random.integers(0, itineraries.n_stages, n_links).astype(np.int32)
    value = random.integers(-1, 2, (n_links, itineraries.n_placements))
    value = np.where(itineraries.placement_stage == stage[:, None], value, -1)
    points = random.choice([0.0, 3.0, 8.5], (n_links, itineraries.n_people))
    if "negative_links" in on and n_links:
        points[-1] *= -1
    return Links(
        random.integers(0, max(matchings.n_matchings, 1), n_links).astype(np.int32),
        stage,
        random.integers(-1, 2, (n_links, matchings.n_providers)).astype(np.int32),
        value.astype(np.int32),
        points,
    )
