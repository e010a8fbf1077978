"""Improvement of a plan: people choose again at dual prices, and others make room.

Several ways take turns, most often the one that gained most lately. A
*shake* lets a part of the people choose in turn as in an auction that begins
late, so that most stay where they are; *negotiation* follows the choice of one
person until everybody has a seat; *groups* are planned anew at their own prices:
a few people by chance, and few or many around what the plan loses against its prices.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate
from talentopt.solve.lagrangian.auction import Pace, by_person, compete
from talentopt.solve.lagrangian.groups import GROUP, merged, replan
from talentopt.solve.lagrangian.losses import group_around, losses_of
from talentopt.solve.lagrangian.mentors import pair
from talentopt.solve.lagrangian.negotiate import FULL_TOLL, negotiate, town_of
from talentopt.solve.lagrangian.pricing import Priced
from talentopt.solve.lagrangian.search import CAREFUL_ATTEMPTS
from talentopt.solve.lagrangian.seen import seen
from talentopt.solve.lagrangian.turns import Crew
from talentopt.solve.lagrangian.ways import Way, next_way

if TYPE_CHECKING:
    from talentopt.solve.control import Control
    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.duals import Duals
    from talentopt.solve.lagrangian.losses import Losses
    from talentopt.solve.lagrangian.negotiate import Town

SHAKEN, SWEEPS = 200, 15
"""People of one shake, and most sweeps over them."""

GENTLEST, STRONGEST = 20.0, 1.0
"""Points that a person too many costs in the first sweep of a shake; between these by chance."""

FOLLOW = 0.1
"""Of what one too many costs, how much prices of seats follow in a shake."""

KICKS = 64
"""People who choose again between two looks at the clock."""

PATIENCE = 120
"""Choices per person without a gain after which improvement gives up."""

KICKS_PER_SECOND = 500
"""Choices per second of the limit when reproducible."""

DEAREST = 3.0
"""Full seats cost between nothing and this many times their dual price; dear ones keep chains
short, and lead to seats that are empty."""

RISE = 10.0
"""Points by which a disputed seat becomes dearer at a time."""

LONGEST = 60
"""Most people who make room after one choice."""

FEW_AROUND, MANY_AROUND = 60, 200
"""People of a small and of a large group around what is lost."""

ROUNDS = 2
"""Rounds of choices in a group that was planned anew."""

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
        Way(search.shake, workers * min(SHAKEN, n_people)),
        Way(search.round, workers * KICKS),
        Way(search.regroup, min(workers * GROUP, n_people)),
        Way(partial(search.win_back, FEW_AROUND), min(workers * FEW_AROUND, n_people)),
        Way(partial(search.win_back, MANY_AROUND), min(workers * MANY_AROUND, n_people)),
    ]
    turn = stale = gains = kicks = 0
    patience = PATIENCE * n_people
    most = KICKS_PER_SECOND * control.limits.seconds if control.limits.reproducible else np.inf
    while stale < patience and kicks < most and not _stop(control):
        way = next_way(ways, turn)
        gained = way.take(turn, control)
        turn += 1
        stale = 0 if gained else stale + way.people
        kicks += way.people
        gains += gained
        if mentors and gained and gains % PAIR_EVERY == 0:
            search.pair()
    if mentors and gains and not _stop(control):
        search.pair()


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
        self._lost_by_people = np.zeros(self.problem.itineraries.n_people)
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
        workers = self.control.limits.workers
        everybody = self.rng.permutation(self.problem.itineraries.n_people)
        size = min(GROUP, -(-len(everybody) // workers))
        groups = [everybody[i * size : (i + 1) * size] for i in range(workers)]
        return self._plan_anew([np.sort(group) for group in groups if len(group)])

    def win_back(self, size: int) -> bool:
        """Plan a group per core anew around what is lost; return whether that gained."""
        itineraries, plan = self.problem.itineraries, self.control.best
        assert plan is not None
        left, losses, groups = np.arange(itineraries.n_people), self._losses(), []
        self._lost_by_people = losses.people
        size = min(size, -(-len(left) // self.control.limits.workers))
        for _ in range(self.control.limits.workers):
            group = group_around(itineraries, plan, losses, left, size, self.rng)
            if len(group):
                groups.append(group)
            left = np.setdiff1d(left, group)
        return self._plan_anew(groups)

    def _losses(self) -> Losses:
        """Take apart what the plan in hand loses at the prices."""
        itineraries, pricing, seats = self.problem.itineraries, self.dual.pricing, self.duals.seats
        n_people = itineraries.n_people
        nothing, allowed = np.zeros(n_people), np.ones(n_people, dtype=bool)
        held = Priced(nothing, self.town.option, self.town.start, allowed)
        mine = seen(itineraries, held, self._worth / pricing.scale)
        value = mine.points - mine.uses @ seats.ravel()
        wanted = pricing.price(seats, self._worth, CAREFUL_ATTEMPTS)
        assert self.control.best is not None
        return losses_of(itineraries, self.control.best, seats, value, wanted)

    def _plan_anew(self, groups: list[np.ndarray]) -> bool:
        """Plan groups of different people anew, side by side; return whether that gained."""
        control, plan = self.control, self.control.best
        assert plan is not None
        seeds = self.rng.integers(2**31, size=len(groups)).tolist()

        def work(group: np.ndarray, seed: int) -> Assignment | None:
            return replan(self.problem, plan, group, self.duals, control, seed, _polish)

        with ThreadPoolExecutor(len(groups)) as threads:
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
        town = self._copy_of_town()
        pace = Pace(STRONGEST * (GENTLEST / STRONGEST) ** rng.random(), FOLLOW, FOLLOW)
        people = self._neighbours(rng)
        crew = Crew(self.problem.itineraries, self.dual.pricing.layout_for_one())
        compete(self.dual, town, self._worth, people, pace, SWEEPS, crew, self.control, rng)
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
            workers = self.control.limits.workers
            parts = [self._who(KICKS) for _ in range(workers)]
        else:
            parts = [people]
        shares = [self.rng.integers(0, round(DEAREST * FULL_TOLL), len(part)) for part in parts]
        towns = [self.town, *(self._copy_of_town() for _ in parts[1:])]
        before = self.town.option.copy(), self.town.start.copy()
        with ThreadPoolExecutor(len(parts)) as threads:
            gains = list(threads.map(self._negotiated, parts, shares, towns))
        gained = gains[0] > 0 and self._offer()
        for gain, town in zip(gains[1:], towns[1:], strict=True):
            if gain > 0:
                changed = (town.option != before[0]) | (town.start != before[1])
                gained |= self._adopt(town, np.flatnonzero(changed.any(axis=1)))
        return gained

    def _negotiated(self, people: np.ndarray, shares: np.ndarray, town: Town) -> int:
        """Let some people of a town choose again; return the units gained."""
        rise = round(RISE * self.dual.pricing.scale)
        layout = self.dual.pricing.layout_for_one()
        return int(negotiate(people, shares, rise, LONGEST, layout, self._worth, town))

    def _copy_of_town(self) -> Town:
        """Copy the town in hand, for another core."""
        return town_of(self.dual, self.duals, self.town.option.copy(), self.town.start.copy())

    def _adopt(self, town: Town, people: np.ndarray) -> bool:
        """Offer the best plan with the itineraries that some people have in another town."""
        assert self.control.best is not None
        plan = merged(self.problem, self.control.best, _assignment(self.arcs, town), people)
        gained = self.control.offer(plan)
        if gained:
            self._start_from_best()
        return gained

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
        """(count,) int64: who chooses: anybody, who is short of something, or who loses much."""
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
        losing = self._lost_by_people
        if losing.any():
            chance = losing / losing.sum()
            people[::4] = self.rng.choice(len(losing), size=len(people[::4]), p=chance)
        return people

    def _start_from_best(self) -> None:
        """Take the best plan in hand."""
        problem, pricing = self.problem, self.dual.pricing
        itineraries, best = problem.itineraries, self.control.best
        assert best is not None
        self.arcs = best.arcs
        self._worth = self.dual.worth_with(self.duals, self._gains())
        held = by_person(itineraries, best, pricing.longest)
        self.town = town_of(self.dual, self.duals, *held)

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
