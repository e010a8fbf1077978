"""Exclusive bookings of many people arranged anew, one person after the other, in one layout.

Laying out the structure within a person's itinerary takes longer than finding the best one,
so it is done once for all of them. Every seat is open here; who would sit where no seat is
left pays a charge, so that a person who can do without more seats does. Rows and links are
left aside: what an itinerary is worth is said by the exact value of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.problem import Assignment, measure
from talentopt.solve.columns.pricing import Pricer
from talentopt.subproblem.subproblem import cut

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from talentopt.problem import Itineraries, Problem

ROUNDS = 4
"""Relaxed recursions for one itinerary; most are proven best after two."""

CLOSED = 1e7
"""Charge at which nobody takes a seat that is not there."""


class Booked(NamedTuple):
    """One person's exclusive bookings: options and starts, (n,) each, and what they are worth.

    The worth is less charges; it is nan where nobody has asked.
    """

    options: np.ndarray
    starts: np.ndarray
    worth: float = float("nan")


class Arranger:
    """Arranges people's exclusive bookings at the charges of the moment.

    Parameters
    ----------
    problem : Problem
    plan : Assignment
        What all but exclusive bookings stay as.
    people : (n,) int64
        Ascending.
    """

    def __init__(self, problem: Problem, plan: Assignment, people: np.ndarray) -> None:
        itineraries = problem.itineraries
        everywhere = np.where(itineraries.seats > 0, len(people) + itineraries.seats, 0)
        roomy = replace(itineraries, seats=everywhere.astype(np.int32))
        self._part = cut(replace(problem, itineraries=roomy), plan, (), (), people.tolist())
        self._pricer = Pricer(self._part.problem, 1)
        self._paths = self._pricer.empty_paths()

    def best(self, person: int, charges: np.ndarray) -> Booked | None:
        """Find a person's best itinerary at (n_placements, n_periods) charges."""
        me = np.searchsorted(self._part.people, [person])
        self._pricer.set_prices(charges)
        self._pricer.price(self._paths, me, exact=False, rounds=ROUNDS)
        worth = float(self._paths.worth[me[0]])
        if worth == float("-inf"):
            return None
        options, starts = self._pricer.bookings(self._paths, me)
        return Booked(self._part.options[options], starts, worth)


def no_more_of_others(
    problem: Problem, plan: Assignment, people: np.ndarray, stage: int
) -> Problem:
    """Keep people from getting more of other stages too, for which more seats would go."""
    itineraries = problem.itineraries
    held = measure.placements_held(itineraries, plan.options)[people]
    most = itineraries.stage_max.copy()
    short = held < itineraries.stage_min[people]
    short[:, stage] = False
    most[people] = np.where(short, held, most[people])
    return replace(problem, itineraries=replace(itineraries, stage_max=most))


@dataclass(frozen=True, slots=True)
class Seats:
    """Who sits where, while people are arranged anew.

    Attributes
    ----------
    itineraries : Itineraries
    used : (n_placements, n_periods) int64
        Changes as people move.
    """

    itineraries: Itineraries
    used: np.ndarray

    @classmethod
    def of(cls, itineraries: Itineraries, plan: Assignment) -> Seats:
        """Count who sits where in a plan."""
        return cls(itineraries, measure.seats_used(itineraries, plan.options, plan.starts))

    def move(self, booked: Booked, by: int) -> None:
        """Take (1) or give back (-1) the seats of an itinerary."""
        for at, start, end in self._stays(booked):
            self.used[at, start:end] += by

    def charges(self, charge: float) -> np.ndarray:
        """Charge one more person for each seat that is not there.

        Half is charged where seats are added already, until there are twice as many, so that
        few placements are edited and none grows without measure.

        Returns
        -------
        (n_placements, n_periods) float64
            Less what a seat filled under the minimum brings.
        """
        itineraries = self.itineraries
        over = self.used - itineraries.seats
        shared = (over > 0) & (over < itineraries.seats)
        price = np.where(shared, charge / 2, np.where(over >= 0, charge, 0.0))
        if np.isfinite(itineraries.understaffed_price):
            price -= itineraries.understaffed_price * (self.used < itineraries.min_seats)
        return price

    def lacking(self, booked: Booked) -> np.ndarray:
        """(n,) bool: bookings that need a seat which is not there for one more person."""
        full = self.used >= self.itineraries.seats
        needs = [full[at, start:end].any() for at, start, end in self._stays(booked)]
        return np.array(needs, dtype=bool)

    def _stays(self, booked: Booked) -> Iterator[tuple[int, int, int]]:
        """Yield placement, start and end of each booking."""
        placement = self.itineraries.option_placement[booked.options]
        ends = booked.starts + self.itineraries.placement_duration[placement]
        yield from zip(placement.tolist(), booked.starts.tolist(), ends.tolist(), strict=True)


def exclusive_bookings(itineraries: Itineraries, plan: Assignment, person: int) -> Booked:
    """Return one person's exclusive bookings in a plan."""
    first, last = np.searchsorted(plan.options, itineraries.option_ptr[person : person + 2])
    options, starts = plan.options[first:last], plan.starts[first:last]
    alone = itineraries.placement_exclusive[itineraries.option_placement[options]]
    return Booked(options[alone], starts[alone])


def with_bookings(
    itineraries: Itineraries, plan: Assignment, booked: Mapping[int, Booked]
) -> Assignment:
    """Return a plan in which some people have other exclusive bookings."""
    owner = measure.person_of(itineraries, plan.options)
    leaves = np.isin(owner, list(booked))
    leaves &= itineraries.placement_exclusive[itineraries.option_placement[plan.options]]
    return Assignment.of(
        plan.arcs,
        np.concatenate([plan.options[~leaves], *(each.options for each in booked.values())]),
        np.concatenate([plan.starts[~leaves], *(each.starts for each in booked.values())]),
    )
