"""Where a plan loses points against its prices, and groups of people who may win them back.

Whatever a plan lacks against the bound of its prices is lost by empty seats
that have a price, or by people whose itineraries are worth less than the best
at these prices (complementary slackness, taken apart). Where placements are
scarce most of it sits in a few seats and a few people: whoever stands in their
way is planned anew together with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.problem import measure

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Itineraries
    from talentopt.solve.lagrangian.pricing import Priced

WORTH = 10.0
"""Points that a placement and period, or a person, must lose to be looked at."""

BESIDE = 3
"""Periods beyond a placement's duration within which bookings stand in each other's way."""

SOME, AROUND = 0.25, 0.7
"""Most of a group who come in for one reason, and part of it that has one; others are anybody."""


class Losses(NamedTuple):
    """What a plan loses against prices.

    Attributes
    ----------
    seats : (n_placements, n_periods) float64
        By empty seats.
    people : (n_people,) float64
        By their itineraries.
    wanted : Priced
        The best itineraries.
    """

    seats: np.ndarray
    people: np.ndarray
    wanted: Priced


def losses_of(
    itineraries: Itineraries,
    plan: Assignment,
    price: np.ndarray,
    value: np.ndarray,
    wanted: Priced,
) -> Losses:
    """Take apart what a plan loses.

    Parameters
    ----------
    itineraries : Itineraries
    plan : Assignment
    price : (n_placements, n_periods) float64
        Of seats.
    value : (n_people,) float64
        What the itineraries of the plan are worth at these prices.
    wanted : Priced
        Everybody's best itinerary at these prices.
    """
    free = itineraries.seats - measure.seats_used(itineraries, plan.options, plan.starts)
    seats = np.where(price > 0, free * price, 0.0)
    people = wanted.bound - value
    return Losses(
        np.where(seats >= WORTH, seats, 0.0), np.where(people >= WORTH, people, 0.0), wanted
    )


def group_around(
    itineraries: Itineraries,
    plan: Assignment,
    losses: Losses,
    people: np.ndarray,
    size: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Choose people who may win back together what a plan loses.

    Parameters
    ----------
    itineraries : Itineraries
    plan : Assignment
    losses : Losses
        Seats and people to begin with are drawn in proportion to them.
    people : (n,) int64
        Who may be chosen.
    size : int
        Of the group, unless there are fewer people.
    rng : numpy Generator

    Returns
    -------
    (n_chosen,) int64
        Ascending.
    """
    allowed = np.zeros(itineraries.n_people, dtype=bool)
    allowed[people] = True
    chosen = np.zeros_like(allowed)
    bookings = _Bookings(itineraries, plan)
    weight = np.concatenate([losses.seats.ravel(), np.where(allowed, losses.people, 0.0)])
    seeds = np.flatnonzero(weight)
    if len(seeds):
        chance = weight[seeds] / weight.sum()
        for seed in rng.choice(seeds, size=len(seeds), replace=False, p=chance):
            if chosen.sum() >= AROUND * size:
                break
            if seed < losses.seats.size:
                placement, period = divmod(int(seed), losses.seats.shape[1])
                reasons = bookings.who_could_fill(placement, period)
            else:
                person = int(seed) - losses.seats.size
                wanted = losses.wanted.option[person], losses.wanted.start[person]
                reasons = [np.array([person]), bookings.who_has(*wanted)]
            for who in reasons:
                some = rng.permutation(who[allowed[who]])
                chosen[some[: max(1, int(SOME * size))]] = True
    others = rng.permutation(np.flatnonzero(allowed & ~chosen))
    found = rng.permutation(np.flatnonzero(chosen))
    return np.sort(np.concatenate([found, others])[:size])


class _Bookings:
    """The bookings of a plan by person, placement and start."""

    def __init__(self, itineraries: Itineraries, plan: Assignment) -> None:
        self._itineraries, self._options = itineraries, plan.options
        self._person = measure.person_of(itineraries, plan.options)
        self._placement = itineraries.option_placement[plan.options]
        self._start = plan.starts
        self._end = plan.starts + itineraries.placement_duration[self._placement]

    def who_could_fill(self, placement: int, period: int) -> list[np.ndarray]:
        """List, by reason, who may help to fill a seat.

        Those who hold the placement about then, those who lack one of its stage and may hold
        this one, and, where it has prerequisites, those who have met them by then.
        """
        lacking, ready = self._lacking(placement), self._ready(placement, period)
        if ready is None:
            return [self._near(placement, period), lacking]
        return [
            self._near(placement, period),
            np.intersect1d(lacking, ready),
            lacking,
            np.setdiff1d(ready, lacking),
        ]

    def who_has(self, options: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """(n,) int64: who holds the placements of an itinerary about its periods."""
        booked = options >= 0
        placements = self._itineraries.option_placement[options[booked]]
        near = [
            self._near(int(placement), int(start))
            for placement, start in zip(placements, starts[booked], strict=True)
        ]
        return np.unique(np.concatenate([np.zeros(0, np.int64), *near])).astype(np.int64)

    def _near(self, placement: int, period: int) -> np.ndarray:
        """(n,) int64: who is at a placement about a period."""
        near = self._itineraries.placement_duration[placement] + BESIDE
        there = (self._placement == placement) & (np.abs(self._start - period) <= near)
        return np.unique(self._person[there]).astype(np.int64)

    def _lacking(self, placement: int) -> np.ndarray:
        """(n,) int64: who lacks placements of this one's stage and may have it."""
        itineraries, stage = self._itineraries, self._itineraries.placement_stage[placement]
        held = measure.placements_held(itineraries, self._options)[:, stage]
        short = held < itineraries.stage_min[:, stage]
        options = np.flatnonzero(itineraries.option_placement == placement)
        may = np.unique(measure.person_of(itineraries, options)).astype(np.int64)
        return np.asarray(may[short[may]])

    def _ready(self, placement: int, period: int) -> np.ndarray | None:
        """(n,) int64: who has met a prerequisite by a period; None where there is none."""
        itineraries = self._itineraries
        clauses = np.flatnonzero(itineraries.clause_placement == placement)
        if not len(clauses):
            return None
        first, last = itineraries.clause_ptr[clauses], itineraries.clause_ptr[clauses + 1]
        required = np.concatenate(
            [itineraries.clause_met_by[i:j] for i, j in zip(first, last, strict=True)]
        )
        met = np.isin(self._placement, required) & (self._end <= period)
        return np.unique(self._person[met]).astype(np.int64)
