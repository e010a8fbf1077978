"""A plan in hand as a start: whatever of it is still possible."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.matchings import find_arcs
from talentopt.problem import Assignment, measure
from talentopt.problem.feasible import SLACK, violations

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.compiler import Compiled
    from talentopt.problem import Problem
    from talentopt.read.scenario import Scenario

MOST_CHECKS = 1000
"""Checks of the whole assignment before what is left undecided is dropped."""

NOT_YET = frozenset({"fixed pair", "fixed booking", "understaffed"})
"""Rules that a part of an assignment may break and the whole keep."""


def warm_start(
    compiled: Compiled, scenario: Scenario, pairs: pd.DataFrame, placements: pd.DataFrame
) -> Assignment:
    """Take over what is still possible of a plan.

    Pairs and bookings that today's files do not allow are dropped; of those
    that exclude each other, the earlier in the plan stay.

    Parameters
    ----------
    compiled : Compiled
    scenario : Scenario
    pairs : DataFrame
        Columns `matching`, `seeker`, `provider`.
    placements : DataFrame
        Columns `participant`, `placement`, `start` (as the calendar writes it).

    Returns
    -------
    Assignment
        Allowed, except that it may lack what is fixed or needed at least.
    """
    problem = compiled.problem
    arcs = _with_room(problem, _arcs(compiled, scenario, pairs))
    options, starts = _seated(problem, *_options(compiled, scenario, placements))
    return _consistent(problem, arcs, options, starts)


def _arcs(compiled: Compiled, scenario: Scenario, pairs: pd.DataFrame) -> np.ndarray:
    """Find the arcs of the pairs; fixed ones first."""
    index, matchings = compiled.index, compiled.problem.matchings
    seekers = {identity: number for number, identity in enumerate(index.seekers)}
    providers = {identity: number for number, identity in enumerate(index.providers)}
    demands = {
        key: number
        for number, key in enumerate(
            zip(matchings.demand_matching.tolist(), matchings.demand_seeker.tolist(), strict=True)
        )
    }
    numbers = {name: number for number, name in enumerate(index.matchings)}
    found = []
    for name, seeker, provider in zip(
        pairs["matching"], pairs["seeker"], pairs["provider"], strict=True
    ):
        if name not in numbers:
            continue
        model = scenario.model.matchings[name]
        demand = demands.get((numbers[name], seekers.get((model.seekers, seeker), -1)))
        provided = providers.get((model.providers, provider))
        if demand is not None and provided is not None:
            found.append((demand, provided))
    keys = np.array(found, dtype=np.int64).reshape(-1, 2)
    arcs = find_arcs(matchings.arc_ptr, matchings.arc_provider, keys[:, 0], keys[:, 1])
    arcs = np.concatenate([matchings.fixed_arcs, arcs[arcs >= 0]])
    _, first = np.unique(arcs, return_index=True)
    return np.asarray(arcs[np.sort(first)])


def _with_room(problem: Problem, arcs: np.ndarray) -> np.ndarray:
    """Drop pairs over needs, capacities and distinctness."""
    matchings = problem.matchings
    need = matchings.demand_need.copy()
    role_room, room = matchings.role_capacity.copy(), matchings.capacity.copy()
    taken: set[tuple[int, int, int]] = set()
    kept = []
    for arc, demand in zip(arcs, measure.demand_of(matchings, arcs), strict=True):
        role = int(matchings.demand_matching[demand])
        provider, load = int(matchings.arc_provider[arc]), matchings.arc_load[arc]
        seeker = int(matchings.demand_seeker[demand])
        groups = {
            (number, seeker, provider)
            for number, group in enumerate(matchings.distinct)
            if role in group
        }
        fits = load <= min(role_room[role, provider], room[provider]) + SLACK
        if need[demand] > 0 and fits and not groups & taken:
            kept.append(arc)
            taken |= groups
            need[demand] -= 1
            role_room[role, provider] -= load
            room[provider] -= load
    return np.array(kept, dtype=np.int64)


def _options(
    compiled: Compiled, scenario: Scenario, placements: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Find the options and starts of the bookings; fixed ones first, as early as they may be."""
    index, itineraries = compiled.index, compiled.problem.itineraries
    people = {identity: number for number, identity in enumerate(index.people)}
    numbers = {identity: number for number, identity in enumerate(index.placements)}
    person = np.array([people.get(i, -1) for i in placements["participant"]], dtype=np.int64)
    placement = np.array([numbers.get(i, -1) for i in placements["placement"]], dtype=np.int64)
    periods = {text: _period(scenario, text) for text in set(placements["start"])}
    starts = np.array([periods[text] for text in placements["start"]], dtype=np.int64)
    known = (person >= 0) & (placement >= 0)
    person, placement, starts = person[known], placement[known], starts[known]
    options = find_arcs(itineraries.option_ptr, itineraries.option_placement, person, placement)
    options, starts = options[options >= 0], starts[options >= 0]
    _, first = np.unique(options, return_index=True)
    options, starts = options[np.sort(first)], starts[np.sort(first)]
    allowed = itineraries.may_start(options, starts)
    options, starts = options[allowed], starts[allowed]
    lacking = np.setdiff1d(itineraries.fixed_options, options)
    options = np.concatenate([options, lacking])
    starts = np.concatenate([starts, itineraries.first_starts(lacking)])
    later = ~np.isin(options, itineraries.fixed_options)
    order = np.argsort(later, kind="stable")
    return options[order], starts[order]


def _period(scenario: Scenario, text: str) -> int:
    try:
        return scenario.calendar.index(text)
    except ValueError:
        return -1


def _seated(
    problem: Problem, options: np.ndarray, starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Drop bookings that find no seat."""
    itineraries = problem.itineraries
    if (measure.seats_used(itineraries, options, starts) <= itineraries.seats).all():
        return options, starts
    free = itineraries.seats.copy()
    kept = np.zeros(len(options), dtype=bool)
    for row, (option, start) in enumerate(zip(options, starts, strict=True)):
        placement = itineraries.option_placement[option]
        held = free[placement, start : start + itineraries.placement_duration[placement]]
        if (held > 0).all():
            held -= 1
            kept[row] = True
    return options[kept], starts[kept]


def _consistent(
    problem: Problem, arcs: np.ndarray, options: np.ndarray, starts: np.ndarray
) -> Assignment:
    """Drop what still breaks a hard rule, halving until the culprits are found."""
    # A part says nothing of minima, which the whole may meet.
    rows = problem.rows
    lower = np.where(np.isinf(rows.price), -np.inf, rows.lower)
    problem = replace(problem, rows=replace(rows, lower=lower))
    count = len(arcs) + len(options)
    kept = np.zeros(count, dtype=bool)

    def chosen() -> Assignment:
        booked = kept[len(arcs) :]
        return Assignment.of(arcs[kept[: len(arcs)]], options[booked], starts[booked])

    def broken() -> set[str]:
        return set(violations(problem, chosen())) - NOT_YET

    # What even nothing breaks says nothing of a part.
    ignored = broken()
    waiting = [(0, count)] if count else []
    for _ in range(MOST_CHECKS):
        if not waiting:
            break
        first, last = waiting.pop()
        kept[first:last] = True
        if broken() <= ignored:
            continue
        kept[first:last] = False
        if last - first > 1:
            middle = (first + last) // 2
            waiting += [(middle, last), (first, middle)]
    return chosen()
