"""What it is worth that one person books otherwise, for many people at once.

The value is the exact change of the objective, each person's new bookings on their own,
everybody else staying: the person's total, kept bookings, staffing, priced rows and the
worst-off term. Seats that are not there are named, not forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.insight.exchanges import change_of_rows
from talentopt.problem import measure
from talentopt.problem.evaluate import evaluate, measured

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Itineraries, Problem
    from talentopt.problem.evaluate import Evaluation


ACROSS_PEOPLE = {"hard row", "understaffed"}
"""Hard rules that are looked at person by person."""


@dataclass(frozen=True, slots=True)
class Rebooked:
    """What each person's new bookings do on their own.

    Attributes
    ----------
    change : (n,) float64
        Of the plan's value.
    broken : (n,) bool
        Whether a hard rule across people forbids them, seats aside.
    lacking : list of (n,) and (n,) int64
        By person, the placements and periods in which one more seat is needed.
    """

    change: np.ndarray
    broken: np.ndarray
    lacking: list[tuple[np.ndarray, np.ndarray]]


def each_alone(
    problem: Problem,
    plan: Assignment,
    evaluation: Evaluation,
    after: Assignment,
    people: np.ndarray,
) -> Rebooked:
    """Value every person's new bookings on their own.

    Parameters
    ----------
    problem : Problem
    plan : Assignment
        In hand.
    evaluation : Evaluation
        Of this plan.
    after : Assignment
        In which all of them have their new bookings at once; no rule within a person is broken.
    people : (n,) int64
        Whose bookings differ, ascending.
    """
    itineraries = problem.itineraries
    totals = measured(problem, after).person_totals[people]
    change = totals - evaluation.person_totals[people]
    change += _kept(itineraries, after, people) - _kept(itineraries, plan, people)
    cells = _cells(itineraries, plan, after, people)
    used = measure.seats_used(itineraries, plan.options, plan.starts)
    staffing, unstaffed = _staffing(itineraries, used, cells, len(people))
    rows, hard = _rows(problem, plan, after, people)
    change += staffing + rows
    if problem.worst_off:
        lowest = _lowest(evaluation.person_totals, people, totals)
        change += problem.worst_off * (lowest - evaluation.person_totals.min())
    return Rebooked(change, unstaffed | hard, _lacking(itineraries, used, cells, len(people)))


def keeps_personal_rules(problem: Problem, after: Assignment) -> bool:
    """Whether a plan breaks no hard rule but those that `each_alone` looks at, and seats."""
    itineraries = problem.itineraries
    used = measure.seats_used(itineraries, after.options, after.starts)
    seats = np.maximum(itineraries.seats, used).astype(np.int32)
    edited = replace(problem, itineraries=replace(itineraries, seats=seats))
    return set(evaluate(edited, after).violations) <= ACROSS_PEOPLE


@dataclass(frozen=True, slots=True)
class _Cells:
    """Seats that people take (more > 0) or give back; (n,) int64 each."""

    by: np.ndarray
    placement: np.ndarray
    period: np.ndarray
    more: np.ndarray


def _cells(
    itineraries: Itineraries, plan: Assignment, after: Assignment, people: np.ndarray
) -> _Cells:
    shape = (len(people), itineraries.n_placements, itineraries.n_periods)
    keys, signs = [], []
    for each, sign in ((plan, -1), (after, 1)):
        owner = measure.person_of(itineraries, each.options)
        mine = np.isin(owner, people)
        by = np.searchsorted(people, owner[mine])
        placement = itineraries.option_placement[each.options[mine]]
        length = itineraries.placement_duration[placement]
        nth = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        period = np.repeat(each.starts[mine], length) + nth
        at = (np.repeat(by, length), np.repeat(placement, length), period)
        keys.append(np.ravel_multi_index(at, shape))
        signs.append(np.full(len(period), sign))
    cells, which = np.unique(np.concatenate(keys), return_inverse=True)
    more = np.bincount(which, np.concatenate(signs), len(cells)).astype(np.int64)
    changed = more != 0
    by, placement, period = np.unravel_index(cells[changed], shape)
    return _Cells(by, placement, period, more[changed])


def _staffing(
    itineraries: Itineraries, used: np.ndarray, cells: _Cells, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """Price of seats under the minimum that are filled or left, and whether one must not be."""
    at = cells.placement, cells.period
    least = itineraries.min_seats[at]
    empty = np.maximum(least - used[at] - cells.more, 0)
    more = empty - np.maximum(least - used[at], 0)
    if np.isfinite(itineraries.understaffed_price):
        lost = np.bincount(cells.by, more * itineraries.understaffed_price, n)
        return -lost, np.zeros(n, dtype=bool)
    return np.zeros(n), np.bincount(cells.by, empty, n) > 0


def _lacking(
    itineraries: Itineraries, used: np.ndarray, cells: _Cells, n: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    at = cells.placement, cells.period
    over = (cells.more > 0) & (used[at] + cells.more > itineraries.seats[at])
    ends = np.searchsorted(cells.by[over], np.arange(1, n))
    placements = np.split(cells.placement[over], ends)
    return list(zip(placements, np.split(cells.period[over], ends), strict=True))


def _kept(itineraries: Itineraries, plan: Assignment, people: np.ndarray) -> np.ndarray:
    """(n,) float64: what the kept bookings of each person bring."""
    width = itineraries.n_periods + 1
    wanted = itineraries.kept_options * width + itineraries.kept_starts
    kept = np.isin(wanted, plan.options * width + plan.starts)
    owner = measure.person_of(itineraries, itineraries.kept_options[kept])
    points = itineraries.kept_booking_points[kept]
    return np.asarray(np.bincount(owner, points, itineraries.n_people)[people])


def _rows(
    problem: Problem, plan: Assignment, after: Assignment, people: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Change of priced rows, and whether a hard one breaks (further)."""
    if len(problem.rows) == 0:
        return np.zeros(len(people)), np.zeros(len(people), dtype=bool)
    more = measure.columns_chosen(problem, after) - measure.columns_chosen(problem, plan)
    columns = np.flatnonzero(more)
    bookings = columns - problem.matchings.n_arcs
    n_options = problem.itineraries.n_options
    events = bookings >= n_options
    owner = measure.person_of(problem.itineraries, bookings)
    owner[events] = problem.events.person[bookings[events] - n_options]
    by = np.searchsorted(people, owner)
    change, (broken, *_) = change_of_rows(problem, plan, (by, columns, more[columns]), len(people))
    return change, np.isin(np.arange(len(people)), broken)


def _lowest(totals: np.ndarray, people: np.ndarray, now: np.ndarray) -> np.ndarray:
    """(n,) float64: the lowest total when one person's alone is another."""
    first, second = np.argsort(totals, kind="stable")[[0, min(1, len(totals) - 1)]]
    others = np.where(people == first, totals[second], totals[first])
    if first == second:
        others = np.full(len(people), np.inf)
    return np.asarray(np.minimum(others, now))
