"""What more money in a budget is worth: the pairs and bookings that it stands in the way of."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.concurrent import Beside
from talentopt.explain.itinerary import OwnItinerary
from talentopt.explain.offers import Offer
from talentopt.explain.places import possible_moves
from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.insight.standing import Standing
    from talentopt.problem import Problem

MOST = 6
"""Pairs of each matching and bookings that are tried for one budget, the best first."""


def worth_of_coins(standing: Standing, seconds: float) -> list[Offer]:
    """Find what more money in each budget would bring, dearest per coin first.

    Parameters
    ----------
    standing : Standing
    seconds : float
        For trying pairs and bookings.
    """
    budgets = [row for row, (kind, _, _) in enumerate(standing.index.rows) if kind == "budget"]
    end = time.monotonic() + seconds
    offers = []
    for number, row in enumerate(budgets):
        until = time.monotonic() + (end - time.monotonic()) / (len(budgets) - number)
        tried = [
            _offer(standing, row, edited, after)
            for edited, after in _plans(standing, row, until)
            if after is not None
        ]
        found = [offer for offer in tried if offer is not None]
        if found:
            offers.append(max(found, key=lambda offer: offer.worth / offer.units))
    return sorted(offers, key=lambda offer: -offer.worth / offer.units)


def _plans(
    standing: Standing, row: int, until: float
) -> Iterator[tuple[Problem, Assignment | None]]:
    """Make plans that take more of a budget than there is, in the problem without its limit."""
    problem = standing.problem
    upper = problem.rows.upper.copy()
    upper[row] = np.inf
    free = replace(problem, rows=replace(problem.rows, upper=upper))
    cells = slice(problem.rows.matrix.indptr[row], problem.rows.matrix.indptr[row + 1])
    costs = np.zeros(problem.rows.matrix.shape[1])
    costs[problem.rows.matrix.indices[cells]] = problem.rows.matrix.data[cells]
    slack = problem.rows.upper[row] - measure.row_activity(problem, standing.assignment)[row]
    n_arcs, n_options = problem.matchings.n_arcs, problem.itineraries.n_options
    for after in _pairs(standing, costs[:n_arcs], slack):
        yield free, after
    for option in _options(standing, costs[n_arcs : n_arcs + n_options], slack):
        if time.monotonic() >= until:
            return
        placement = problem.itineraries.option_placement[option]
        person = int(problem.itineraries.option_person()[option])
        if problem.itineraries.placement_exclusive[placement]:
            yield (
                free,
                OwnItinerary(free, standing.assignment, person).best_with(option).assignment,
            )
        else:
            yield free, Beside(free, standing.assignment, person).best_with(option)[1]


def _pairs(standing: Standing, costs: np.ndarray, slack: float) -> Iterator[Assignment]:
    """Change to the pairs that the budget forbids and that would gain most."""
    plan = standing.assignment
    for role in range(standing.problem.matchings.n_matchings):
        moves = possible_moves(standing, role)
        more = costs[moves.arcs] - np.where(moves.left >= 0, costs[moves.left], 0.0)
        wanted = np.flatnonzero((more > slack + SLACK) & (moves.gain > SLACK))
        for move in wanted[np.argsort(-moves.gain[wanted], kind="stable")][:MOST].tolist():
            arcs = np.setdiff1d(plan.arcs, moves.left[move])
            yield Assignment.of(np.append(arcs, moves.arcs[move]), plan.options, plan.starts)


def _options(standing: Standing, costs: np.ndarray, slack: float) -> list[int]:
    """List the bookings that the budget forbids, those of most points first."""
    wanted = np.flatnonzero(costs > slack + SLACK)
    wanted = np.setdiff1d(wanted, standing.assignment.options)
    points = standing.problem.itineraries.option_points[wanted]
    return [int(option) for option in wanted[np.argsort(-points, kind="stable")][:MOST]]


def _offer(standing: Standing, row: int, free: Problem, after: Assignment) -> Offer | None:
    """Say what a plan gains, and how much money it takes; None when it gains nothing."""
    problem = standing.problem
    needs = float(measure.row_activity(problem, after)[row])
    upper = problem.rows.upper.copy()
    units = needs - upper[row]
    upper[row] = max(upper[row], needs)
    edited = replace(free, rows=replace(problem.rows, upper=upper))
    value = evaluate(edited, after)
    gain = value.value - standing.evaluation.value
    if value.violations or gain <= SLACK or units <= SLACK:
        return None
    edit = f"{units:,.10g} more in budget {standing.index.rows[row][1]}"
    return Offer("coin", edit, units, np.nan, gain, _helped(standing, after), after, edited)


def _helped(standing: Standing, after: Assignment) -> tuple[str, ...]:
    """Name whoever has a new pair or booking."""
    matchings, itineraries = standing.problem.matchings, standing.problem.itineraries
    arcs = np.setdiff1d(after.arcs, standing.assignment.arcs)
    seekers = matchings.demand_seeker[measure.demand_of(matchings, arcs)]
    options = np.setdiff1d(after.options, standing.assignment.options)
    people = standing.names.people[measure.person_of(itineraries, options)]
    return tuple(dict.fromkeys([*standing.names.seekers[seekers].tolist(), *people.tolist()]))
