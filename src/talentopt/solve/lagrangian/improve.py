"""Improvement of a plan: people choose again at dual prices, and others make room.

Three ways take turns, most often the one that gained most lately. A
*shake* lets a part of the people choose in turn as in an auction that begins
late, so that most stay where they are; *negotiation* follows the choice of one
person until everybody has a seat; *groups* are planned anew at their own prices.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate
from talentopt.solve.lagrangian.auction import compete
from talentopt.solve.lagrangian.groups import GROUP, merged, replan
from talentopt.solve.lagrangian.mentors import pair
from talentopt.solve.lagrangian.negotiate import FULL_TOLL, negotiate, town_of
from talentopt.solve.lagrangian.turns import Crew

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.control import Control
    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.duals import Duals
    from talentopt.solve.lagrangian.negotiate import Town

SHAKEN, SWEEPS = 200, 15
"""People of one shake, and most sweeps over them."""

GENTLEST, STRONGEST = 20.0, 1.0
"""Points that a person too many costs in the first sweep of a shake; between these by chance."""

KICKS = 64
"""People who choose again between two looks at the clock."""

PATIENCE = 120
"""Choices per person without a gain after which improvement gives up."""

KICKS_PER_SECOND = 500
"""Choices per second of the limit when reproducible."""

DEAREST = 1.5
"""Full seats cost between nothing and this many times their dual price."""

RISE = 10.0
"""Points by which a disputed seat becomes dearer at a time."""

LONGEST = 60
"""Most people who make room after one choice."""

ROUNDS = 2
"""Rounds of choices in a group that was planned anew."""

LONGEST_WAIT = 16
"""Turns after which a way that gained less than others is tried again."""

RECENT = 0.2
"""What one turn counts for in what a way is said to gain."""

PAIR_EVERY = 12
"""Rounds with a gain after which mentors are matched anew."""


def improve(
    dual: Dual,
    duals: Duals,
    control: Control,
    rng: np.random.Generator,
    *,
    mentors: bool = True,
) -> None:
    """Improve the best plan in hand while time is left.

    Parameters
    ----------
    dual, duals
        Good prices.
    control : Control
        With a plan in hand.
    rng : numpy Generator
    mentors : bool
        Whether mentors are matched anew for the bookings, which takes seconds of many people.
    """
    search = _Search(dual, duals, control, rng)
    workers, n_people = control.limits.workers, dual.problem.itineraries.n_people
    ways = [
        _Way(search.shake, workers * min(SHAKEN, n_people)),
        _Way(search.round, KICKS),
        _Way(search.regroup, min(workers * GROUP, n_people)),
    ]
    turn = stale = gains = kicks = 0
    patience = PATIENCE * n_people
    most = KICKS_PER_SECOND * control.limits.seconds if control.limits.reproducible else np.inf
    while stale < patience and kicks < most and not _stop(control):
        way = _next(ways, turn)
        gained = way.take(turn, control)
        turn += 1
        stale = 0 if gained else stale + way.people
        kicks += way.people
        gains += gained
        if mentors and gained and gains % PAIR_EVERY == 0:
            search.pair()
    if mentors and gains and not _stop(control):
        search.pair()


class _Way:
    """One way to improve, and what it gained lately.

    Parameters
    ----------
    run : callable
        Tells whether it gained.
    people : int
        Who choose again in one turn.

    Attributes
    ----------
    rate : float
        Points per turn, an average of recent ones; of none yet infinite.
    last : int
        Turn of any way in which this one was last.
    """

    def __init__(self, run: Callable[[], bool], people: int) -> None:
        self.people = people
        self.rate, self.last, self._run = np.inf, -LONGEST_WAIT, run

    def take(self, turn: int, control: Control) -> bool:
        """Take a turn; return whether that gained."""
        before = control.value or 0.0
        gained = self._run()
        gain = (control.value or 0.0) - before
        self.rate = gain if np.isinf(self.rate) else self.rate + RECENT * (gain - self.rate)
        self.last = turn
        return gained


def _next(ways: list[_Way], turn: int) -> _Way:
    """Choose the way that gained most lately, or one that has waited long."""
    oldest = min(ways, key=lambda way: way.last)
    if oldest.last + LONGEST_WAIT <= turn:
        return oldest
    return max(ways, key=lambda way: (way.rate, -way.last))


def choose_again(
    dual: Dual, duals: Duals, control: Control, people: np.ndarray, rng: np.random.Generator
) -> None:
    """Let some people choose again while that gains and time is left; others make room.

    Parameters
    ----------
    dual, duals
        Good prices.
    control : Control
        With a plan in hand.
    people : (n,) int64
        The most urgent first.
    rng : numpy Generator
    """
    search = _Search(dual, duals, control, rng)
    parts = [people[first : first + KICKS] for first in range(0, len(people), KICKS)]
    gained = bool(parts)
    while gained:
        gained = False
        for part in parts:
            if _stop(control):
                return
            gained |= search.round(part)


def match_again(dual: Dual, duals: Duals, control: Control, *, quickly: bool = False) -> None:
    """Match mentors anew, nearly or exactly to the best, for the bookings of the plan in hand."""
    _Search(dual, duals, control, np.random.default_rng(0)).pair(quickly=quickly)


class _Search:
    """The plan in hand and its value."""

    def __init__(
        self, dual: Dual, duals: Duals, control: Control, rng: np.random.Generator
    ) -> None:
        self.dual, self.duals = dual, duals
        self.control, self.rng = control, rng
        self.problem = dual.problem
        self._start_from_best()

    def shake(self) -> bool:
        """Let a part of the people per core choose in turn; return whether that gained."""
        workers = self.control.limits.workers
        seeds = self.rng.integers(2**31, size=workers).tolist()
        with ThreadPoolExecutor(workers) as threads:
            found = list(threads.map(self._shaken, seeds))
        gained = [self.control.offer(plan) for plan in found]
        if any(gained):
            self._start_from_best()
        return any(gained)

    def regroup(self) -> bool:
        """Plan a group per core anew, nobody in two; return whether that gained."""
        control, workers = self.control, self.control.limits.workers
        plan = control.best
        assert plan is not None
        everybody = self.rng.permutation(self.problem.itineraries.n_people)
        size = min(GROUP, -(-len(everybody) // workers))
        groups = [everybody[i * size : (i + 1) * size] for i in range(workers)]
        groups = [np.sort(group) for group in groups if len(group)]
        seeds = self.rng.integers(2**31, size=len(groups)).tolist()

        def work(group: np.ndarray, seed: int) -> Assignment | None:
            return replan(self.problem, plan, group, self.duals, control, seed, _polish)

        with ThreadPoolExecutor(workers) as threads:
            found = list(threads.map(work, groups, seeds))
        gained = False
        for group, better in zip(groups, found, strict=True):
            if better is not None and control.best is not None:
                gained |= control.offer(merged(self.problem, control.best, better, group))
        if gained:
            self._start_from_best()
        return gained

    def _shaken(self, seed: int) -> Assignment:
        rng = np.random.default_rng(seed)
        town = town_of(self.dual, self.duals, self.town.option.copy(), self.town.start.copy())
        first = STRONGEST * (GENTLEST / STRONGEST) ** rng.random()
        people = self._neighbours(rng)
        crew = Crew(self.problem.itineraries, self.dual.pricing.layout_for_one())
        compete(self.dual, town, self._worth, people, first, SWEEPS, crew, self.control, rng)
        return _assignment(self.arcs, town)

    def _neighbours(self, rng: np.random.Generator) -> np.ndarray:
        """(n,) int64: who holds seats of some placements, about `SHAKEN` people."""
        itineraries, plan = self.problem.itineraries, self.control.best
        assert plan is not None
        rank = rng.permutation(itineraries.n_placements)
        rank = rank[itineraries.option_placement[plan.options]]
        person = measure.person_of(itineraries, plan.options)
        first = np.full(itineraries.n_people, itineraries.n_placements)
        np.minimum.at(first, person, rank)
        return np.argsort(first, kind="stable")[:SHAKEN]

    def round(self, people: np.ndarray | None = None) -> bool:
        """Let some people, by chance or given, choose again; return whether that gained."""
        if people is None:
            people = self._who(KICKS)
        shares = self.rng.integers(0, round(DEAREST * FULL_TOLL), len(people))
        gain = negotiate(
            people,
            shares,
            round(RISE * self.dual.pricing.scale),
            LONGEST,
            self.dual.pricing.layout,
            self._worth,
            self.town,
        )
        return gain > 0 and self._offer()

    def pair(self, *, quickly: bool = False) -> None:
        """Match mentors anew for the bookings in hand."""
        booked = self.town.option >= 0
        arcs = pair(self.dual, self.duals, self.town.option[booked], quickly=quickly)
        if self.control.offer(_assignment(arcs, self.town)):
            self._start_from_best()

    def _offer(self) -> bool:
        """Offer the plan in hand; return to the best when it is not allowed or not better."""
        plan = _assignment(self.arcs, self.town)
        if self.control.offer(plan):
            return True
        evaluation = evaluate(self.problem, plan)
        if evaluation.violations or evaluation.value < (self.control.value or 0.0) - 1e-9:
            self._start_from_best()
        return False

    def _who(self, count: int) -> np.ndarray:
        """(count,) int64: who chooses, every second one short of something."""
        itineraries = self.problem.itineraries
        options = self.town.option[self.town.option >= 0]
        held = measure.placements_held(itineraries, options)
        lost = (np.maximum(itineraries.stage_min - held, 0) * itineraries.stage_missing).sum(
            axis=1
        )
        short = np.flatnonzero(lost > 0)
        people = self.rng.integers(itineraries.n_people, size=count)
        if len(short):
            people[::2] = self.rng.choice(short, size=len(people[::2]))
        return people

    def _start_from_best(self) -> None:
        """Take the best plan in hand."""
        problem, pricing = self.problem, self.dual.pricing
        itineraries, best = problem.itineraries, self.control.best
        assert best is not None
        self.arcs = best.arcs
        self._worth = self.dual.worth_with(self.duals, self._gains())
        shape = (itineraries.n_people, pricing.longest)
        option, start = np.full(shape, -1, np.int32), np.full(shape, -1, np.int32)
        order = np.lexsort((best.starts, measure.person_of(itineraries, best.options)))
        person = measure.person_of(itineraries, best.options)[order]
        place = np.arange(len(person)) - np.searchsorted(person, person)
        option[person, place], start[person, place] = best.options[order], best.starts[order]
        self.town = town_of(self.dual, self.duals, option, start)

    def _gains(self) -> list[np.ndarray]:
        """Per link, (n_people, n_values) float64: of bookings beside the mentors in hand."""
        links, matchings = self.problem.links, self.problem.matchings
        demand = measure.demand_of(matchings, self.arcs)
        owner, role = matchings.demand_person[demand], matchings.demand_matching[demand]
        found = []
        for link in range(len(links)):
            offered = links.provider_value[link, matchings.arc_provider[self.arcs]]
            mine = (role == links.matching[link]) & (owner >= 0) & (offered >= 0)
            highest = max(links.placement_value[link].max(initial=0), offered.max(initial=0))
            gain = np.zeros((self.problem.itineraries.n_people, 1 + int(highest)))
            gain[owner[mine], offered[mine]] = links.points[link, owner[mine]]
            found.append(gain)
        return found


def _polish(dual: Dual, duals: Duals, control: Control, rng: np.random.Generator) -> None:
    """Let people of a group choose again."""
    search = _Search(dual, duals, control, rng)
    for _ in range(ROUNDS):
        search.round()


def _assignment(arcs: np.ndarray, town: Town) -> Assignment:
    booked = town.option >= 0
    return Assignment.of(arcs, town.option[booked], town.start[booked])


def _stop(control: Control) -> bool:
    if control.limits.reproducible:
        return control.interrupted or control.optimal
    return control.finished()
