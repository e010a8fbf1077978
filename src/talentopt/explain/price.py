"""The price of insisting on a pair or booking: re-solved in growing neighbourhoods.

First the person alone is re-arranged, everybody else staying; then one of those who hold what
is wanted makes room and is re-arranged in turn, by exclusive bookings alone, which takes a
moment. Where prices of an earlier search are known, whoever has to move chooses again at
these, in many turns; where none are, or a solver is ahead, more neighbours are re-arranged and
then everybody. Who is displaced as a mentor's seeker moves on along chains of pairs. Every
value is that of an allowed plan; every bound holds for the neighbourhood that it is reported
with.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.combining import combine
from talentopt.explain.displacing import displaced
from talentopt.explain.holders import with_room_made
from talentopt.explain.itinerary import OwnItinerary
from talentopt.explain.moves import rebooked
from talentopt.explain.require import require, rewarded
from talentopt.explain.searching import Searching
from talentopt.explain.solving import Answer, best, count_starts
from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate
from talentopt.solve.control import OPTIMALITY_TOLERANCE, Limits
from talentopt.subproblem.subproblem import cut

if TYPE_CHECKING:
    from talentopt.explain.wanted import Wanted
    from talentopt.insight.standing import Standing
    from talentopt.problem import Prices, Problem

WHOLE_STARTS, WHOLE_ARCS = 6_000, 60_000
"""Sizes up to which everybody, or a group, is free at once."""

MOST_RIVALS = 12
"""Holders of a wanted seat or place who are asked to make room, one at a time."""

ITINERARIES, MOST_PROMISING = 0.4, 12
"""Of the time, for plans in which one holder makes room; and such plans that are improved."""

CHAINS, PATIENCE = 0.9, 60
"""Of the time that is left, for letting others give way in turn; and trials without a gain."""

SHARE = 0.5
"""Of the time that is left, for each neighbourhood, the next being wider."""

ANEW_STARTS = 150_000
"""Size up to which planning everybody anew gets anywhere within seconds."""

TOGETHER, ANEW = 0.35, 0.8
"""Of the time that is left, for re-arranging a group, and then for planning everybody anew."""

MOST_TOGETHER = 16
"""People who are re-arranged together."""


@dataclass(frozen=True, slots=True)
class Price:
    """What it costs to insist.

    Attributes
    ----------
    assignment : Assignment or None
        The best plan found that has what is wanted.
    change : float
        Its value minus the plan's; -inf without one.
    near : Near
        The widest neighbourhood of the plan of which something is proven.
    most : float
        No plan at all changes the value by more.
    nearby : Nearby or None
        The best one found without planning everybody anew, where that is another.
    """

    assignment: Assignment | None
    change: float
    near: Near
    most: float
    nearby: Nearby | None = None

    @property
    def proven(self) -> bool:
        """Whether no cheaper way exists at all."""
        return self.most <= self.change + OPTIMALITY_TOLERANCE

    @property
    def proven_near(self) -> bool:
        """Whether no cheaper way exists in the neighbourhood."""
        return self.near.most <= self.change + OPTIMALITY_TOLERANCE


@dataclass(frozen=True, slots=True)
class Nearby:
    """A plan with what is wanted, in which few have moved, and its value minus the plan's."""

    assignment: Assignment
    change: float


@dataclass(frozen=True, slots=True)
class Near:
    """What is proven of plans near the one in hand.

    Attributes
    ----------
    most : float
        None of them changes the value by more; -inf when there is none.
    people : tuple of int
        Who may move in them.
    only_pairs : bool
        Of these people, only pairs may differ.
    """

    most: float
    people: tuple[int, ...]
    only_pairs: bool


def find_price(
    standing: Standing,
    wanted: Wanted,
    seconds: float,
    workers: int,
    bound: float = float("inf"),
    prices: Prices | None = None,
    more: float = 0.0,
) -> Price:
    """Re-solve with a pair or booking insisted on.

    Parameters
    ----------
    standing : Standing
    wanted : Wanted
        Eligible.
    seconds : float
    workers : int
    bound : float
        No plan is worth more.
    prices : Prices, optional
        Of the search that found the plan.
    more : float
        Seconds on top of the others, once some plan has what is wanted.
    """
    search = _Search(standing, wanted, prices, workers, seconds, bound, more)
    if wanted.matching >= 0:
        search.displaced()
        search.alone()
        search.matched()
    elif search.exclusive:
        search.itineraries()
        search.alone()
        search.chains()
    else:
        search.alone()
    booking = wanted.matching < 0
    if booking and not search.searching.prepared:
        search.one_makes_room()
    if search.small:
        search.everybody()
        return search.result()
    if booking and search.starts <= ANEW_STARTS:
        search.together()
        search.anew()
        search.combined()
    search.tighten()
    return search.result()


class _Search:
    def __init__(
        self,
        standing: Standing,
        wanted: Wanted,
        prices: Prices | None,
        workers: int,
        seconds: float,
        bound: float,
        more: float = 0.0,
    ) -> None:
        self.standing = standing
        self.base, self.value = standing.assignment, standing.evaluation.value
        self.problem: Problem = require(standing.problem, wanted)
        insisting = self.problem if wanted.matching >= 0 else rewarded(standing.problem, wanted)
        self.searching, self.workers = Searching(insisting, prices, workers), workers
        self.wanted = wanted
        self.end, self.more = time.monotonic() + seconds, more
        matchings = self.problem.matchings
        self.starts = count_starts(self.problem)
        self.small = self.starts <= WHOLE_STARTS and matchings.n_arcs <= WHOLE_ARCS
        self.best: Assignment | None = None
        self.best_value = float("-inf")
        self.found: list[Assignment] = []
        self.nearby: Nearby | None = None
        self.near = Near(float("inf"), (), only_pairs=False)
        self.bound = bound

    @property
    def left(self) -> float:
        """Seconds until the limit."""
        more = 0.0 if self.best is None else self.more
        return self.end + more - time.monotonic()

    def everybody(self) -> None:
        """Search all plans."""
        warm = self.base if self.best is None else self.best
        answer = best(self.problem, warm, max(self.left, 0.1), self.workers)
        if answer.assignment is not None:
            self._keep(answer.assignment)
        self.bound = min(self.bound, answer.bound)

    @property
    def exclusive(self) -> bool:
        """Whether a booking of an exclusive placement is wanted."""
        return bool(self.problem.itineraries.placement_exclusive[self.wanted.target])

    def itineraries(self) -> None:
        """Find plans at once by exclusive bookings alone: the person's, and one holder's."""
        until = self.end - self.left * (1.0 - ITINERARIES)
        person, holders = self.wanted.person, self._rivals()
        alone = self._arranged(person, self.base)
        if alone is not None:
            self._keep(alone)
        target = self.wanted.target
        promising = with_room_made(self.problem, self.base, person, target, holders, until)
        for plan in promising[:MOST_PROMISING]:
            if not evaluate(self.problem, plan).violations:
                self._keep(self._arranged(person, plan) or plan)

    def _arranged(self, person: int, plan: Assignment) -> Assignment | None:
        return OwnItinerary(self.problem, plan, person).best().assignment

    def chains(self) -> None:
        """Let the person choose at the plan's prices, others giving way in turn, and these again.

        That begins at the plan in hand and at the best plan found by turns, and ends where
        nothing is lost.
        """
        if not self.searching.prepared:
            return
        enough, stale, seed = self.left * (1.0 - CHAINS), 0, 0
        while self.best_value < self.value and stale < PATIENCE and self.left > enough:
            seed += 1
            start, people = self.base, np.array([self.wanted.person])
            if self.best is not None and seed % 2:
                start, people = self.best, rebooked(self.problem, self.base, self.best)
            limits = Limits(seconds=self.left - enough, workers=self.workers, seed=seed)
            before = self.best_value
            self._keep(self.searching.choose_again(start, people, limits))
            stale = 0 if self.best_value > before else stale + 1

    def anew(self) -> None:
        """Plan everybody anew, from the plan's prices; what that proves holds for all plans."""
        limits = Limits(seconds=self.left * ANEW, workers=self.workers)
        control = self.searching.anew(self.best or self.base, limits)
        self.bound = min(self.bound, control.bound)
        if self.best is not None:
            self.nearby = Nearby(self.best, self.best_value - self.value)
        if control.best is not None:
            self._keep(control.best)

    def combined(self) -> None:
        """Take the best of all that was found, and leave the plan as it is where nothing gains."""
        if len(self.found) > 1 and self.best is not None:
            plans = [self.base, *self.found]
            self._keep(combine(self.problem, plans, self.best, self.left, self.workers))

    def tighten(self) -> None:
        """Bound all plans that have what is wanted, at the plan's prices."""
        self.bound = min(self.bound, self.searching.bound())

    def alone(self) -> None:
        """Re-arrange the person, everybody else staying."""
        self._free((self.wanted.person,), self.left * SHARE)

    def one_makes_room(self) -> None:
        """Let one holder after the other leave, fit the person in, and re-arrange the holder."""
        person = self.wanted.person
        enough = self.left * (1.0 - SHARE)
        for rival in self._rivals()[:MOST_RIVALS]:
            if self.left < enough:
                return
            without = self._without(rival)
            if without is None:
                continue
            first = self._solve((person,), without, self.left / 2)
            if first is None:
                continue
            second = self._solve((rival,), first, self.left / 2)
            self._keep(first if second is None else second)

    def together(self) -> None:
        """Re-arrange the person and those who hold what is wanted in one go."""
        group = self._few((self.wanted.person, *self._rivals()[: MOST_TOGETHER - 1]))
        if len(group) > 1 and self.left > 1.0:
            self._free(group, self.left * TOGETHER)

    def displaced(self) -> None:
        """Find plans at once in which whoever the person displaces moves on."""
        for plan in displaced(self.standing, self.wanted.person, self.wanted.number):
            self._keep(plan)

    def matched(self) -> None:
        """Re-match the person, all whom the provider has, and whom these could replace."""
        matchings = self.problem.matchings
        chosen_demand = measure.demand_of(matchings, self.base.arcs)
        holders = chosen_demand[matchings.arc_provider[self.base.arcs] == self.wanted.target]
        own = np.flatnonzero(matchings.demand_person == self.wanted.person)
        demands = np.union1d(own, holders)
        provider_of = matchings.arc_provider[self.base.arcs]
        for demand in holders.tolist():
            arcs = np.arange(matchings.arc_ptr[demand], matchings.arc_ptr[demand + 1])
            order = np.argsort(-matchings.arc_points[arcs], kind="stable")
            liked = matchings.arc_provider[arcs[order[:MOST_TOGETHER]]]
            alike = matchings.demand_matching[chosen_demand] == matchings.demand_matching[demand]
            demands = np.union1d(demands, chosen_demand[alike & np.isin(provider_of, liked)])
        part = cut(self.problem, self.base, (), demands)
        warm = None if self.best is None else part.lower(self.best)
        answer = best(part.problem, warm, max(self.left * SHARE, 0.1), self.workers)
        self._record(answer, tuple(part.people.tolist()), only_pairs=True)
        if answer.assignment is not None:
            self._keep(part.lift(answer.assignment))

    def result(self) -> Price:
        """Say what was found."""
        change = self.best_value - self.value
        near = self.near
        if near.most < change - OPTIMALITY_TOLERANCE:
            # Found outside the neighbourhood, of which nothing is known then.
            near = Near(float("inf"), (), only_pairs=False)
        nearby = self.nearby
        if nearby is not None and nearby.assignment is self.best:
            nearby = None
        return Price(self.best, change, near, self.bound - self.value, nearby)

    def _few(self, people: tuple[int, ...]) -> tuple[int, ...]:
        """Take the first people, as far as a search over all of them keeps to its time."""
        itineraries = self.problem.itineraries
        starts = np.bitwise_count(itineraries.option_starts).sum(axis=1)
        ptr = itineraries.option_ptr
        each = [int(starts[ptr[who] : ptr[who + 1]].sum()) for who in people]
        return people[: int((np.cumsum(each) <= WHOLE_STARTS).sum())]

    def _free(self, people: tuple[int, ...], seconds: float) -> None:
        part = cut(self.problem, self.base, people)
        warm = part.lower(self.best or self.base)
        answer = best(part.problem, warm, max(seconds, 0.1), self.workers)
        self._record(answer, people, only_pairs=False)
        if answer.assignment is not None:
            self._keep(part.lift(answer.assignment))

    def _record(self, answer: Answer, people: tuple[int, ...], *, only_pairs: bool) -> None:
        """Keep the bound of the widest neighbourhood that was searched to the end."""
        if answer.proven or answer.impossible or not self.near.people:
            self.near = Near(answer.bound - self.value, people, only_pairs)

    def _solve(
        self, people: tuple[int, ...], base: Assignment, seconds: float
    ) -> Assignment | None:
        part = cut(self.problem, base, people)
        answer = best(part.problem, part.lower(base), max(seconds, 0.1), self.workers)
        return None if answer.assignment is None else part.lift(answer.assignment)

    def _keep(self, assignment: Assignment) -> None:
        evaluation = evaluate(self.problem, assignment)
        if not evaluation.violations and evaluation.value > self.best_value:
            self.found.append(assignment)
            self.best, self.best_value = assignment, evaluation.value

    def _rivals(self) -> tuple[int, ...]:
        """People who hold a seat where the person could be; those losing least first."""
        itineraries = self.problem.itineraries
        placement = itineraries.option_placement[self.base.options]
        mine = np.flatnonzero(placement == self.wanted.target)
        options, starts = self.base.options[mine], self.base.starts[mine]
        bits = np.arange(itineraries.n_periods)
        words = itineraries.option_starts[self.wanted.number, bits // 64]
        allowed = np.flatnonzero((words >> (bits % 64).astype(np.uint64)) & np.uint64(1))
        duration = int(itineraries.placement_duration[self.wanted.target])
        meets = (np.abs(starts[:, None] - allowed[None, :]) < duration).any(axis=1)
        meets &= ~np.isin(options, itineraries.fixed_options)
        options = options[meets]
        people = measure.person_of(itineraries, options)
        order = np.lexsort((people, itineraries.option_points[options]))
        return tuple(who for who in people[order].tolist() if who != self.wanted.person)

    def _without(self, rival: int) -> Assignment | None:
        """Return the plan without what the person and the rival are arranged anew in.

        The rival keeps the bookings elsewhere, unless these need the one there.

        Returns
        -------
        Assignment or None
            None when others need what is gone.
        """
        itineraries, base = self.problem.itineraries, self.base
        placement = itineraries.option_placement[base.options]
        owner = measure.person_of(itineraries, base.options)
        loose = itineraries.placement_exclusive[placement] | (placement == self.wanted.target)
        loose &= ~np.isin(base.options, itineraries.fixed_options)
        # The person may hold it too, at a start that is not wanted.
        loose |= base.options == self.wanted.number
        mine, theirs = loose & (owner == self.wanted.person), loose & (owner == rival)
        for leaves in (mine | (theirs & (placement == self.wanted.target)), mine | theirs):
            stays = ~leaves
            kept = Assignment.of(base.arcs, base.options[stays], base.starts[stays])
            if set(evaluate(self.problem, kept).violations) <= {"fixed booking", "fixed pair"}:
                return kept
        return None
