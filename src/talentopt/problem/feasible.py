"""The hard rules: which of them an assignment breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.problem.itineraries import Itineraries
    from talentopt.problem.problem import Assignment, Problem

SLACK = 1e-6
"""Tolerance of hard rows and capacities, whose coefficients are fractions."""


def violations(problem: Problem, assignment: Assignment) -> tuple[str, ...]:
    """Name the hard rules that an assignment breaks.

    Returns
    -------
    tuple of str
        Empty when the assignment is allowed.
    """
    checks = [*_pairs(problem, assignment), *_rows(problem, assignment)]
    checks += _bookings(problem.itineraries, assignment)
    checks += _seats(problem.itineraries, assignment)
    checks += _within_person(problem.itineraries, assignment)
    return tuple(name for name, broken in checks if broken)


def _pairs(problem: Problem, assignment: Assignment) -> Iterator[tuple[str, bool]]:
    matchings = problem.matchings
    arcs = assignment.arcs
    yield "pair twice", len(np.unique(arcs)) < len(arcs)
    yield "need exceeded", bool((measure.providers_missing(matchings, arcs) < 0).any())
    yield "fixed pair", not np.isin(matchings.fixed_arcs, arcs).all()
    loads = measure.provider_loads(matchings, arcs)
    yield "role capacity", bool((loads > matchings.role_capacity + SLACK).any())
    yield "capacity", bool((loads.sum(axis=0) > matchings.capacity + SLACK).any())
    demand = measure.demand_of(matchings, arcs)
    for group in matchings.distinct:
        mine = np.isin(matchings.demand_matching[demand], group)
        seeker = matchings.demand_seeker[demand[mine]].astype(np.int64)
        key = seeker * matchings.n_providers + matchings.arc_provider[arcs[mine]]
        yield "distinct providers", len(np.unique(key)) < len(key)


def _rows(problem: Problem, assignment: Assignment) -> Iterator[tuple[str, bool]]:
    rows = problem.rows
    hard = np.isinf(rows.price)
    if hard.any():
        activity = measure.row_activity(problem, assignment)
        off = (activity < rows.lower - SLACK) | (activity > rows.upper + SLACK)
        yield "hard row", bool((off & hard).any())


def _bookings(itineraries: Itineraries, assignment: Assignment) -> Iterator[tuple[str, bool]]:
    options, starts = assignment.options, assignment.starts
    yield "booking twice", len(np.unique(options)) < len(options)
    yield "start not allowed", not itineraries.may_start(options, starts).all()
    yield "fixed booking", not np.isin(itineraries.fixed_options, options).all()


def _seats(itineraries: Itineraries, assignment: Assignment) -> Iterator[tuple[str, bool]]:
    used = measure.seats_used(itineraries, assignment.options, assignment.starts)
    yield "seats", bool((used > itineraries.seats).any())
    if np.isinf(itineraries.understaffed_price):
        yield "understaffed", bool(measure.seats_empty(itineraries, used).any())


def _within_person(itineraries: Itineraries, assignment: Assignment) -> Iterator[tuple[str, bool]]:
    options = assignment.options
    person = measure.person_of(itineraries, options)
    placement = itineraries.option_placement[options]
    held = measure.placements_held(itineraries, options)
    yield "stage maximum", bool((held > np.maximum(itineraries.stage_max, 0)).any())
    exclusive = measure.Exclusive(itineraries, options, assignment.starts)
    same = ~exclusive.first[1:]
    yield "overlap", bool((exclusive.start[1:] < exclusive.end[:-1])[same].any())
    if itineraries.ordered:
        stage = itineraries.placement_stage[exclusive.placement]
        yield "order of stages", bool((stage[1:] < stage[:-1])[same].any())
    value = itineraries.placement_distinct[placement].astype(np.int64)
    key = (person * (value.max(initial=0) + 1) + value)[value >= 0]
    yield "distinct values", len(np.unique(key)) < len(key)
    for values, left in zip(itineraries.limit_value, itineraries.limit_left, strict=True):
        count = np.zeros_like(left)
        counted = values[exclusive.placement]
        np.add.at(count, (exclusive.person[counted >= 0], counted[counted >= 0]), 1)
        yield "limit", bool((count > np.maximum(left, 0)).any())
    yield "concurrent load", _overloaded(itineraries, assignment, person)
    yield "prerequisite", _too_early(itineraries, assignment, person)


def _overloaded(itineraries: Itineraries, assignment: Assignment, person: np.ndarray) -> bool:
    placement = itineraries.option_placement[assignment.options]
    shared = ~itineraries.placement_exclusive[placement]
    if np.isinf(itineraries.concurrent_load) or not shared.any():
        return False
    people, row = np.unique(person[shared], return_inverse=True)
    placement, start = placement[shared], assignment.starts[shared]
    change = np.zeros((len(people), itineraries.n_periods + 1))
    load = itineraries.placement_load[placement]
    end = np.minimum(start + itineraries.placement_duration[placement], itineraries.n_periods)
    np.add.at(change, (row, start), load)
    np.add.at(change, (row, end), -load)
    return bool((np.cumsum(change, axis=1) > itineraries.concurrent_load + SLACK).any())


def _too_early(itineraries: Itineraries, assignment: Assignment, person: np.ndarray) -> bool:
    """Whether a booking starts before one of its prerequisites is met."""
    if len(itineraries.clause_placement) == 0 or len(assignment.options) == 0:
        return False
    placement = itineraries.option_placement[assignment.options]
    end = assignment.starts + itineraries.placement_duration[placement]
    columns, of_clause = np.unique(itineraries.clause_met_by, return_inverse=True)
    column = np.full(itineraries.n_placements, -1)
    column[columns] = np.arange(len(columns))
    helps = column[placement] >= 0
    finished = np.full((itineraries.n_people, len(columns)), np.iinfo(np.int32).max, np.int32)
    finished[person[helps], column[placement[helps]]] = end[helps]
    order = np.argsort(placement, kind="stable")
    bounds = np.searchsorted(
        placement[order],
        np.stack([itineraries.clause_placement, itineraries.clause_placement + 1]),
    )
    for clause in np.flatnonzero(bounds[1] > bounds[0]):
        needing = order[bounds[0, clause] : bounds[1, clause]]
        needing = needing[~itineraries.clause_done[person[needing], clause]]
        met_by = of_clause[itineraries.clause_ptr[clause] : itineraries.clause_ptr[clause + 1]]
        met = finished[person[needing][:, None], met_by] <= assignment.starts[needing][:, None]
        if not met.any(axis=1).all():
            return True
    return False
