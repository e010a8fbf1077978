"""One person's best itinerary with a given placement in it, everybody else staying.

The itinerary's dynamic programme (`talentopt.solve.columns.pricing`) knows all
rules within a person. What the person's bookings mean to others (rows, staffing) and to
links enters it as amounts that never underestimate, so that its bound holds; an
answer whose true value reaches the bound is the best.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate, measured
from talentopt.solve.columns.pricing import Pricer
from talentopt.subproblem.subproblem import cut_bookings

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.columns.tables import Paths

CLOSE = 1e-6
"""Points by which a best answer may differ from its bound."""


@dataclass(frozen=True, slots=True)
class Itinerary:
    """The best answer with one option booked.

    Attributes
    ----------
    assignment : Assignment or None
        The whole plan; None when none was found.
    value : float
        Its value; -inf without one.
    bound : float
        No answer is worth more; -inf when there is none.
    """

    assignment: Assignment | None
    value: float
    bound: float

    @property
    def exact(self) -> bool:
        """Whether nothing is better, or nothing is allowed."""
        return self.bound <= self.value + CLOSE


class OwnItinerary:
    """Re-arranges one person's exclusive bookings; all else of the plan stays.

    Parameters
    ----------
    problem : Problem
    assignment : Assignment
        An allowed plan.
    person : int
    charges : (n_placements, n_periods) float64, optional
        Points by which being there is discouraged; no part of any value.
    """

    def __init__(
        self,
        problem: Problem,
        assignment: Assignment,
        person: int,
        charges: np.ndarray | None = None,
    ) -> None:
        self.part, base, own = cut_bookings(problem, assignment, person)
        small = self.part.problem
        itineraries = small.itineraries
        self.me = int(np.searchsorted(self.part.people, person))
        placement = itineraries.option_placement[base.options]
        stays = ~(own & itineraries.placement_exclusive[placement])
        self.stays = Assignment.of(base.arcs, base.options[stays], base.starts[stays])
        self.pricer = Pricer(small, 1)
        staffing = _staffing(small, self.stays)
        self.pricer.set_prices(-staffing if charges is None else charges - staffing)
        self.pricer.table.once[:] = _once(small, self.pricer, self.stays)
        gains = _row_gains(small, self.stays) + _hour_gains(small, self.stays)
        self.adjust = gains[self.pricer.structure.slot_option]
        self.slot_of = {
            int(self.part.options[option]): slot
            for slot, option in enumerate(self.pricer.structure.slot_option)
        }
        least = itineraries.stage_min[self.me] * itineraries.stage_missing[self.me]
        empty = -float((least * itineraries.stage_exclusive).sum())
        without = measured(small, self.stays)
        self.constant = without.value - empty
        if small.worst_off:
            others = np.delete(without.person_totals, self.me)
            lowest = float(others.min(initial=np.inf))
            self.constant += small.worst_off * (lowest - float(without.person_totals.min()))
        reach = np.abs(itineraries.option_points).sum() + abs(empty) + np.abs(self.adjust).sum()
        reach += itineraries.n_periods * float(itineraries.idle_price[self.me])
        reach += itineraries.n_periods * float(itineraries.move_price[self.me])
        reach += float(np.abs(self.pricer.table.price).sum() + self.pricer.table.once.sum())
        reach += float(np.abs(itineraries.kept_booking_points).sum())
        self.reward = 2.0 * reach + 1000.0

    def best_with(self, option: int) -> Itinerary:
        """Book one exclusive option (the whole's number) and arrange the rest at its best."""
        paths = self._priced(option)
        if paths.bound[self.me] < self.reward / 2:
            return Itinerary(None, float("-inf"), float("-inf"))
        bound = float(paths.bound[self.me]) - self.reward + self.constant
        if paths.worth[self.me] < self.reward / 2:
            return Itinerary(None, float("-inf"), bound)
        return self._read(paths, bound)

    def best(self) -> Itinerary:
        """Arrange all exclusive bookings at their best."""
        paths = self._priced(None)
        return self._read(paths, float(paths.bound[self.me]) + self.constant)

    def _priced(self, option: int | None) -> Paths:
        table = self.pricer.table
        table.adjust[:] = self.adjust
        if option is not None:
            table.adjust[self.slot_of[option]] += self.reward
        paths = self.pricer.empty_paths()
        self.pricer.price(paths, np.array([self.me]), exact=True)
        return paths

    def _read(self, paths: Paths, bound: float) -> Itinerary:
        structure = self.pricer.structure
        first = int(self.pricer.first_slot[self.me])
        count = int(np.asarray(paths[2])[self.me])
        slots = first + paths.slot[self.me, :count].astype(np.int64)
        found = Assignment.of(
            self.stays.arcs,
            np.concatenate([self.stays.options, structure.slot_option[slots]]),
            np.concatenate([self.stays.starts, paths.start[self.me, :count]]),
        )
        evaluation = evaluate(self.part.problem, found)
        if evaluation.violations:
            return Itinerary(None, float("-inf"), bound)
        return Itinerary(self.part.lift(found), evaluation.value, bound)


def _staffing(problem: Problem, stays: Assignment) -> np.ndarray:
    """(n_placements, n_periods) float64: points that one more person there brings."""
    itineraries = problem.itineraries
    if not np.isfinite(itineraries.understaffed_price):
        return np.zeros(itineraries.min_seats.shape)
    used = measure.seats_used(itineraries, stays.options, stays.starts)
    short = measure.seats_empty(itineraries, used) > 0
    return np.asarray(short * float(itineraries.understaffed_price))


def _row_gains(problem: Problem, stays: Assignment) -> np.ndarray:
    """(n_options,) float64: most that booking an option alone improves priced rows by."""
    gains = _column_gains(problem, stays)
    first = problem.matchings.n_arcs
    return gains[first : first + problem.itineraries.n_options]


def _hour_gains(problem: Problem, stays: Assignment) -> np.ndarray:
    """(n_options,) float64: most that booking an option alone improves missing hours by."""
    itineraries = problem.itineraries
    placement, person = itineraries.option_placement, itineraries.option_person()
    requirement = itineraries.placement_hours_of[placement]
    counted = requirement >= 0
    gains = np.zeros(itineraries.n_options)
    if not counted.any():
        return gains
    cell = person[counted], requirement[counted]
    short = measure.hours_missing(itineraries, stays.options)[cell]
    useful = np.minimum(short, itineraries.placement_hours[placement[counted]])
    gains[counted] = useful * itineraries.hours_missing[cell]
    return gains


def _column_gains(problem: Problem, stays: Assignment) -> np.ndarray:
    rows = problem.rows
    gains = np.zeros(rows.matrix.shape[1])
    if len(rows) == 0:
        return gains
    before = measure.row_activity(problem, stays)
    for row in np.flatnonzero(np.isfinite(rows.price)):
        cells = slice(rows.matrix.indptr[row], rows.matrix.indptr[row + 1])
        column, amount = rows.matrix.indices[cells], rows.matrix.data[cells]

        def loss(activity: np.ndarray, row: int = int(row)) -> np.ndarray:
            """Units below or above the bounds."""
            below = np.maximum(rows.lower[row] - activity, 0.0)
            return np.asarray(below + np.maximum(activity - rows.upper[row], 0.0))

        change = rows.price[row] * (loss(before[row]) - loss(before[row] + amount))
        # Where amounts of one sign add up, concavity makes the sum an overestimate;
        # where signs mix, only gains may be counted.
        if (amount > 0).any() and (amount < 0).any():
            change = np.maximum(change, 0.0)
        gains[column] += change
    return gains


def _once(problem: Problem, pricer: Pricer, stays: Assignment) -> np.ndarray:
    """(n_entries,) float64: what events and links bring, once each; losses count as 0."""
    structure, links = pricer.structure, problem.links
    n_events = len(problem.events)
    amounts = np.zeros(len(structure.once_family))
    if len(amounts) == 0:
        return amounts
    event_gain = _column_gains(problem, stays)[
        problem.matchings.n_arcs + problem.itineraries.n_options :
    ]
    slot = np.repeat(np.arange(len(structure.slot_option)), np.diff(structure.once_ptr))
    events = structure.once_family < n_events
    amounts[events] = event_gain[structure.once_family[events]]
    matchings = problem.matchings
    demand = measure.demand_of(matchings, stays.arcs)
    for link in range(len(links)):
        mine = np.flatnonzero(structure.once_family == n_events + link)
        person = measure.person_of(problem.itineraries, structure.slot_option[slot[mine]])
        value = links.placement_value[link, structure.slot_placement[slot[mine]]]
        in_role = matchings.demand_matching[demand] == links.matching[link]
        offered = links.provider_value[link, matchings.arc_provider[stays.arcs[in_role]]]
        seeker = matchings.demand_person[demand[in_role]]
        known = set(zip(seeker.tolist(), offered.tolist(), strict=True))
        met = [pair in known for pair in zip(person.tolist(), value.tolist(), strict=True)]
        amounts[mine] = np.where(met, links.points[link, person], 0.0)
    return np.maximum(amounts, 0.0)
