"""The exact value of an assignment, and the hard rules that it breaks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import measure
from talentopt.problem.feasible import violations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talentopt.problem.problem import Assignment, Problem


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an assignment is worth.

    Attributes
    ----------
    value : float
        The objective.
    terms : mapping of str to float
        The objective by kind of rule, losses negative; adds up to `value`.
    person_totals : (n_people,) float64
        Each person's total.
    violations : tuple of str
        Names of the hard rules that are broken; empty when allowed.
    """

    value: float
    terms: Mapping[str, float]
    person_totals: np.ndarray
    violations: tuple[str, ...]


def evaluate(problem: Problem, assignment: Assignment) -> Evaluation:
    """Value an assignment and check every hard rule.

    Parameters
    ----------
    problem : Problem
    assignment : Assignment
        Indices within range; anything else may be wrong.

    Returns
    -------
    Evaluation
    """
    return replace(measured(problem, assignment), violations=violations(problem, assignment))


def measured(problem: Problem, assignment: Assignment) -> Evaluation:
    """Value an assignment whose violations are of no interest: none is looked for."""
    totals = np.zeros(problem.itineraries.n_people)
    terms = _pair_terms(problem, assignment, totals)
    terms |= _itinerary_terms(problem, assignment, totals)
    terms |= _shared_terms(problem, assignment)
    met = measure.links_met(problem, assignment)
    paid = np.where(met, problem.links.points, 0.0)
    totals += paid.sum(axis=0)
    terms["link"] = float(paid.sum())
    if problem.worst_off and len(totals):
        terms["worst_off"] = problem.worst_off * float(totals.min())
    return Evaluation(sum(terms.values()), terms, totals, ())


def _pair_terms(problem: Problem, assignment: Assignment, totals: np.ndarray) -> dict[str, float]:
    matchings = problem.matchings
    arcs = assignment.arcs
    points = matchings.arc_points[arcs]
    missing = np.maximum(measure.providers_missing(matchings, arcs), 0) * matchings.demand_missing
    owner = matchings.demand_person[measure.demand_of(matchings, arcs)]
    np.add.at(totals, owner[owner >= 0], points[owner >= 0])
    owner = matchings.demand_person
    np.subtract.at(totals, owner[owner >= 0], missing[owner >= 0])
    return {"pairs": float(points.sum()), "missing_providers": -float(missing.sum())}


def _itinerary_terms(
    problem: Problem, assignment: Assignment, totals: np.ndarray
) -> dict[str, float]:
    itineraries = problem.itineraries
    options = assignment.options
    points = itineraries.option_points[options]
    np.add.at(totals, measure.person_of(itineraries, options), points)
    held = measure.placements_held(itineraries, options)
    short = np.maximum(itineraries.stage_min - held, 0) * itineraries.stage_missing
    hours = measure.hours_missing(itineraries, options) * itineraries.hours_missing
    exclusive = measure.Exclusive(itineraries, options, assignment.starts)
    idle = measure.idle_periods(itineraries, exclusive) * itineraries.idle_price
    moves = np.bincount(
        exclusive.person,
        weights=measure.moved(itineraries, exclusive),
        minlength=itineraries.n_people,
    )
    moves = moves * itineraries.move_price
    totals -= short.sum(axis=1) + hours.sum(axis=1) + idle + moves
    return {
        "bookings": float(points.sum()),
        "missing_placements": -float(short.sum()),
        "missing_hours": -float(hours.sum()),
        "idle": -float(idle.sum()),
        "move": -float(moves.sum()),
    }


def _shared_terms(problem: Problem, assignment: Assignment) -> dict[str, float]:
    itineraries, rows = problem.itineraries, problem.rows
    terms = {"constant": problem.constant}
    terms["kept_pairs"] = float(
        problem.matchings.kept_arc_points[
            np.isin(problem.matchings.kept_arcs, assignment.arcs)
        ].sum()
    )
    kept = _booked_at(assignment, itineraries.kept_options, itineraries.kept_starts)
    terms["kept_bookings"] = float(itineraries.kept_booking_points[kept].sum())
    if np.isfinite(itineraries.understaffed_price):
        used = measure.seats_used(itineraries, assignment.options, assignment.starts)
        empty = measure.seats_empty(itineraries, used)
        terms["understaffed"] = -itineraries.understaffed_price * float(empty.sum())
    if len(rows):
        activity = measure.row_activity(problem, assignment)
        off = np.maximum(rows.lower - activity, 0) + np.maximum(activity - rows.upper, 0)
        priced = np.isfinite(rows.price)
        terms["rows"] = -float((off[priced] * rows.price[priced]).sum())
    return terms


def _booked_at(assignment: Assignment, options: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """(n,) bool: whether each option is booked at exactly that start."""
    if len(assignment.options) == 0:
        return np.zeros(len(options), dtype=bool)
    where = np.searchsorted(assignment.options, options)
    where = np.minimum(where, len(assignment.options) - 1)
    return np.asarray(
        (assignment.options[where] == options) & (assignment.starts[where] == starts)
    )
