"""Brings a plan within caps on changes: some people get back what they had, as HiGHS chooses.

One yes or no per person whose bookings or pairs differ. Seats, capacities and rows are linear in
these, so that the best mixture of two plans is a small whole-number program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import csr_array, vstack

from talentopt.problem import Assignment, measure
from talentopt.problem.encode.columns import expand
from talentopt.problem.evaluate import measured
from talentopt.solve.highs import quiet_highs

if TYPE_CHECKING:
    from talentopt.problem import Problem

MOST_NODES = 100
"""Of the search tree: a mixture need not be the best."""


def restore(problem: Problem, plan: Assignment, base: Assignment) -> Assignment | None:
    """Put people back to what they had until hard rows hold, losing as little as possible.

    Parameters
    ----------
    problem : Problem
    plan : Assignment
        Allowed except for hard rows such as caps.
    base : Assignment
        What people had.

    Returns
    -------
    Assignment or None
        Everybody as in one of the two; what is nobody's is as in `plan`. It may break hard
        minima of seats. None if no mixture was found.
    """
    people = np.flatnonzero(_differ(problem, plan, base))
    change = csr_array((_uses(problem, base) - _uses(problem, plan))[:, people])
    lower, upper = _limits(problem)
    activity = _activity(problem, plan)
    gain = (_worth(problem, base) - _worth(problem, plan))[people]
    chosen = _choose(gain, change, lower - activity, upper - activity)
    return None if chosen is None else _mixture(problem, plan, base, people[chosen])


def _owners(problem: Problem) -> np.ndarray:
    """(n_arcs + n_options + n_events,) int64: whose each column of rows is; -1 = nobody's."""
    matchings, itineraries = problem.matchings, problem.itineraries
    seeker = np.repeat(matchings.demand_person, np.diff(matchings.arc_ptr))
    return np.concatenate([seeker, itineraries.option_person(), problem.events.person])


def _uses(problem: Problem, plan: Assignment) -> csr_array:
    """(n_shared, n_people) float64: what each takes of hard rows, seats, roles and capacities."""
    itineraries, matchings, rows = problem.itineraries, problem.matchings, problem.rows
    n_people = itineraries.n_people
    columns = np.flatnonzero(measure.columns_chosen(problem, plan))
    owner = _owners(problem)[columns]
    columns, owner = columns[owner >= 0], owner[owner >= 0]
    chosen = _sums(columns, owner, np.ones(len(columns)), rows.matrix.shape[1], n_people)
    placement = itineraries.option_placement[plan.options].astype(np.int64)
    first = placement * itineraries.n_periods + plan.starts
    which, cell = expand(first, first + itineraries.placement_duration[placement])
    guest = measure.person_of(itineraries, plan.options)[which]
    demand = measure.demand_of(matchings, plan.arcs)
    seeker, load = matchings.demand_person[demand], matchings.arc_load[plan.arcs]
    provider = matchings.arc_provider[plan.arcs].astype(np.int64)
    role = matchings.demand_matching[demand] * matchings.n_providers + provider
    mine = seeker >= 0
    shares = [
        rows.matrix[np.isinf(rows.price)] @ chosen,
        _sums(cell, guest, np.ones(len(cell)), itineraries.seats.size, n_people),
        _sums(role[mine], seeker[mine], load[mine], matchings.role_capacity.size, n_people),
        _sums(provider[mine], seeker[mine], load[mine], matchings.n_providers, n_people),
    ]
    return csr_array(vstack(shares))


def _sums(
    row: np.ndarray, person: np.ndarray, amount: np.ndarray, n_rows: int, n_people: int
) -> csr_array:
    """(n_rows, n_people) float64: amounts added up."""
    return csr_array((amount, (row, person)), shape=(n_rows, n_people))


def _activity(problem: Problem, plan: Assignment) -> np.ndarray:
    """(n_shared,) float64: what a plan takes altogether, in the order of `_uses`."""
    loads = measure.provider_loads(problem.matchings, plan.arcs)
    hard = np.isinf(problem.rows.price)
    seats = measure.seats_used(problem.itineraries, plan.options, plan.starts)
    parts = (measure.row_activity(problem, plan)[hard], seats, loads, loads.sum(axis=0))
    return np.concatenate([part.ravel() for part in parts])


def _limits(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """(n_shared,) float64 twice: the least and the most of each, in the order of `_uses`."""
    matchings, rows = problem.matchings, problem.rows
    hard = np.isinf(rows.price)
    most = (problem.itineraries.seats, matchings.role_capacity, matchings.capacity)
    upper = np.concatenate([rows.upper[hard], *(part.ravel() for part in most)]).astype(float)
    lower = np.full(len(upper), -np.inf)
    lower[: hard.sum()] = rows.lower[hard]
    return lower, upper


def _worth(problem: Problem, plan: Assignment) -> np.ndarray:
    """(n_people,) float64: each person's total, with what is paid for promises kept."""
    matchings, itineraries = problem.matchings, problem.itineraries
    totals = measured(problem, plan).person_totals.copy()
    pairs = np.isin(matchings.kept_arcs, plan.arcs)
    seeker = matchings.demand_person[measure.demand_of(matchings, matchings.kept_arcs)]
    pairs &= seeker >= 0
    np.add.at(totals, seeker[pairs], matchings.kept_arc_points[pairs])
    start_of = _start_of(problem, plan)
    booked = start_of[itineraries.kept_options] == itineraries.kept_starts
    person = measure.person_of(itineraries, itineraries.kept_options[booked])
    np.add.at(totals, person, itineraries.kept_booking_points[booked])
    return totals


def _start_of(problem: Problem, plan: Assignment) -> np.ndarray:
    """(n_options,) int64: when each option starts; -1 where it is not booked."""
    start_of = np.full(problem.itineraries.n_options, -1, dtype=np.int64)
    start_of[plan.options] = plan.starts
    return start_of


def _differ(problem: Problem, plan: Assignment, base: Assignment) -> np.ndarray:
    """(n_people,) bool: whose bookings or pairs are not the same in two plans."""
    matchings, itineraries = problem.matchings, problem.itineraries
    found = np.zeros(itineraries.n_people, dtype=bool)
    moved = np.flatnonzero(_start_of(problem, plan) != _start_of(problem, base))
    found[measure.person_of(itineraries, moved)] = True
    arcs = np.setxor1d(plan.arcs, base.arcs)
    seeker = matchings.demand_person[measure.demand_of(matchings, arcs)]
    found[seeker[seeker >= 0]] = True
    return found


def _choose(
    gain: np.ndarray, change: csr_array, lower: np.ndarray, upper: np.ndarray
) -> np.ndarray | None:
    """(n,) bool: the columns that gain most within the bounds of rows; None if none was found."""
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = change.shape
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = gain
    program.col_lower_, program.col_upper_ = np.zeros(len(gain)), np.ones(len(gain))
    program.row_lower_, program.row_upper_ = lower, upper
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = change.indptr
    program.a_matrix_.index_ = change.indices
    program.a_matrix_.value_ = change.data
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(gain)
    highs = quiet_highs()
    highs.setOptionValue("mip_max_nodes", MOST_NODES)
    highs.passModel(program)
    highs.run()
    solution = highs.getSolution()
    return np.asarray(solution.col_value) > 0.5 if solution.value_valid else None


def _mixture(problem: Problem, plan: Assignment, base: Assignment, back: np.ndarray) -> Assignment:
    """Take some people's bookings and pairs from `base`, everything else from `plan`."""
    matchings, itineraries = problem.matchings, problem.itineraries
    parts = []
    for one, wanted in ((plan, False), (base, True)):
        seeker = matchings.demand_person[measure.demand_of(matchings, one.arcs)]
        person = measure.person_of(itineraries, one.options)
        mine = np.isin(person, back) == wanted
        parts.append(
            (one.arcs[np.isin(seeker, back) == wanted], one.options[mine], one.starts[mine])
        )
    arcs, options, starts = (np.concatenate(some) for some in zip(*parts, strict=True))
    return Assignment.of(arcs, options, starts)
