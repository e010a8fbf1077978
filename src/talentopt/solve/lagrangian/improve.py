"""Improvement of a plan: groups of people are planned again, everybody else frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate
from talentopt.solve.lagrangian.mentors import pair

if TYPE_CHECKING:
    from talentopt.solve.control import Control
    from talentopt.solve.lagrangian.dive import Dive
    from talentopt.solve.lagrangian.dual import Dual, Duals

SMALLEST, LARGEST = 6, 60
"""People in a group."""

SHARE, STEPS = 0.12, 6
"""The dive of a group, see `dive`."""

PATIENCE = 150
"""Groups without a gain after which improvement gives up."""

PAIR_EVERY = 40
"""Gains after which mentors are matched anew."""


def improve(
    dual: Dual, duals: Duals, dive: Dive, control: Control, rng: np.random.Generator
) -> None:
    """Plan groups again while time is left, and keep what gains.

    Parameters
    ----------
    dual, duals
        Good prices, from which every group starts.
    dive : Dive
        The plan in hand; only ever replaced by better ones.
    control : Control
    rng : numpy Generator
    """
    search = _Search(dual, duals, dive, control, rng)
    stale = gains = 0
    while stale < PATIENCE and not _stop(control):
        stale += 1
        if search.attempt(search.group()):
            stale = 0
            gains += 1
            if gains % PAIR_EVERY == 0:
                search.pair()
    search.pair()


class _Search:
    """The plan in hand and its value."""

    def __init__(
        self, dual: Dual, duals: Duals, dive: Dive, control: Control, rng: np.random.Generator
    ) -> None:
        self.dual, self.duals, self.dive = dual, duals, dive
        self.control, self.rng = control, rng
        self.problem = dual.problem
        best = control.best
        self.arcs = np.zeros(0, dtype=np.int64) if best is None else best.arcs
        if best is not None:
            self._take(best)
        dive.adjust = self._adjust()
        self.value = self._value()

    def pair(self) -> None:
        """Match mentors anew for the bookings in hand."""
        before = self.arcs
        self.arcs = pair(self.dual, self.duals, self.dive.bookings()[0])
        value = self._value()
        if value < self.value:
            self.arcs = before
            return
        self.value = value
        self.dive.adjust = self._adjust()
        self.control.offer(self._assignment())

    def group(self) -> np.ndarray:
        """Pick people who could use each other's seats, preferably somebody short of some."""
        itineraries = self.problem.itineraries
        n_people = itineraries.n_people
        held = measure.placements_held(itineraries, self.dive.bookings()[0])
        lost = (np.maximum(itineraries.stage_min - held, 0) * itineraries.stage_missing).sum(
            axis=1
        )
        short = np.flatnonzero(lost > 0)
        pool = short if len(short) and self.rng.random() < 0.6 else np.arange(n_people)
        centre = int(self.rng.choice(pool))
        size = min(n_people, int(self.rng.integers(SMALLEST, LARGEST + 1)))
        own = self.dive.option[centre]
        wanted = itineraries.option_placement[own[own >= 0]]
        options = self.dive.option
        placement = np.where(options >= 0, itineraries.option_placement[options], -1)
        near = np.isin(placement, wanted).sum(axis=1) + self.rng.random(n_people) * 3
        near[centre] = np.inf
        return np.argpartition(-near, size - 1)[:size].astype(np.int64)

    def attempt(self, people: np.ndarray) -> bool:
        """Plan some people again; return whether it gained."""
        dive = self.dive
        option, start = dive.option[people].copy(), dive.start[people].copy()
        dive.release(people)
        dive.run(people, self.duals.seats.copy(), SHARE, STEPS)
        for person in self.rng.permutation(people):
            self._reinsert(int(person))
        value = self._value()
        if value > self.value + 1e-9:
            self.value = value
            self.control.offer(self._assignment())
            return True
        dive.restore(people, option, start)
        return False

    def _reinsert(self, person: int) -> None:
        """Give one person the best itinerary that the seats left allow."""
        one = np.asarray([person])
        self.dive.release(one)
        self.dive.run(one, np.zeros_like(self.duals.seats), 1.0, 1)

    def _assignment(self) -> Assignment:
        return Assignment.of(self.arcs, *self.dive.bookings())

    def _value(self) -> float:
        evaluation = evaluate(self.problem, self._assignment())
        return evaluation.value if not evaluation.violations else -np.inf

    def _take(self, best: Assignment) -> None:
        """Take a plan in hand."""
        itineraries = self.problem.itineraries
        person = measure.person_of(itineraries, best.options)
        place = np.arange(len(person)) - np.searchsorted(person, person)
        option = np.full(self.dive.option.shape, -1, dtype=np.int32)
        start = option.copy()
        option[person, place], start[person, place] = best.options, best.starts
        self.dive.restore(np.arange(itineraries.n_people), option, start)

    def _adjust(self) -> np.ndarray:
        """(n_options,) float64: links that bookings meet with the mentors in hand, and rows."""
        problem, links = self.problem, self.problem.links
        itineraries, matchings = problem.itineraries, problem.matchings
        adjust = self.dual.row_options(self.duals)
        demand = measure.demand_of(matchings, self.arcs)
        owner, role = matchings.demand_person[demand], matchings.demand_matching[demand]
        person = itineraries.option_person()
        for link in range(len(links)):
            visited = links.placement_value[link, itineraries.option_placement]
            offered = links.provider_value[link, matchings.arc_provider[self.arcs]]
            mine = (role == links.matching[link]) & (owner >= 0) & (offered >= 0)
            n_values = 1 + max(int(visited.max(initial=0)), int(offered.max(initial=0)))
            has = np.zeros((itineraries.n_people, n_values), dtype=bool)
            has[owner[mine], offered[mine]] = True
            met = (visited >= 0) & has[person, np.maximum(visited, 0)]
            adjust[met] += links.points[link, person[met]]
        return adjust


def _stop(control: Control) -> bool:
    if control.limits.reproducible:
        return control.interrupted or control.optimal
    return control.finished()
