"""The `columns` solver: prices, a dive, and repairs, for both sides of the problem at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment
from talentopt.solve.columns.closing import Closing
from talentopt.solve.columns.dive import Dive, Pace, missing_pieces
from talentopt.solve.columns.duals import descend, evaluate
from talentopt.solve.columns.market import Market, arcs_with_links
from talentopt.solve.columns.pairs import Pairs
from talentopt.solve.columns.warm import paths_of
from talentopt.solve.greedy.solver import first_plan

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.columns.tables import Paths
    from talentopt.solve.control import Control

MOST_PEOPLE = 400
"""Above this, the linear program over itineraries takes longer than price steps.

With pairs the dive on prices comes first: it sees what links are worth to a plan.
"""

FIRST_PASSES, NEXT_PASSES = 60, 40
BLOCKS = (24, 48, 96)
"""People that are dived again together."""


def solve(problem: Problem, control: Control) -> None:
    """Bound the problem by prices, and look for plans at these prices.

    Parameters
    ----------
    problem : Problem
    control : Control
        A plan in hand, else a greedy one, comes first; it serves for what this
        solver does not plan itself: concurrent placements, and pairs where they
        are no flow.
    """
    if control.best is None:
        control.enter("first plan")
        control.offer(first_plan(problem, control, np.random.default_rng(control.limits.seed)))
    if control.finished() or problem.itineraries.n_people == 0:
        return
    control.enter("prices")
    search = _Search(problem, control)
    search.run()


class _Search:
    """What is known during one run: prices, everybody's itinerary, the pairs."""

    def __init__(self, problem: Problem, control: Control) -> None:
        self.problem, self.control = problem, control
        self.market = Market(problem, control.limits.workers)
        self.pairs = Pairs(problem, self.market.relaxation, control.best)
        self.rng = np.random.default_rng(control.limits.seed)
        self.apart = _concurrent_bookings(problem, control.best)
        self.prices = np.zeros(len(self.market.limits.lower))
        self.prices[self.market.roles] = self.pairs.role_price.ravel()
        self.prices[self.market.totals] = self.pairs.total_price

    def run(self) -> None:
        """Bound and plan; each step leaves what it found."""
        alone = self.problem.matchings.n_arcs == 0
        if alone and self.problem.itineraries.n_people <= MOST_PEOPLE:
            Closing(self.market, self.control, self.rng, self._offer).run(
                self.prices, self._longest_step()
            )
        if not self.control.finished():
            self._negotiate()

    def _negotiate(self) -> None:
        """Price, dive, repair."""
        control, market = self.control, self.market
        paths = market.pricer.empty_paths()
        dual = descend(market, control, self.prices, paths, FIRST_PASSES, self._longest_step())
        if control.finished():
            return
        self.prices = dual.prices
        market.prove(
            control, evaluate(market, self.prices, dual.paths, exact=False, stop=control.finished)
        )
        plan = dual.paths.copy()
        control.enter("dive")
        if not self._dive(plan, market.everybody, Pace()):
            return
        self._offer(plan)
        held = paths_of(market, control.best)
        if held is not None:
            plan = held
        control.enter("proof")
        dual = descend(market, control, self.prices, dual.paths, NEXT_PASSES, 0.3)
        if dual.bound < np.inf:
            self.prices = dual.prices
        market.prove(
            control, evaluate(market, self.prices, dual.paths, exact=True, stop=control.finished)
        )
        control.enter("repairs")
        self._repair(plan)

    def _longest_step(self) -> float:
        points = np.abs(self.problem.itineraries.option_points)
        typical = float(points[:: max(1, len(points) // 10_000)].mean()) if len(points) else 1.0
        return max(0.05, 0.06 * typical)

    def _dive(self, plan: Paths, people: np.ndarray, pace: Pace) -> bool:
        dive = Dive(self.market, self.prices, plan, people, self.rng)
        done = dive.run(self.control, pace)
        shape = self.problem.itineraries.seats.shape
        self.market.pricer.set_blocked(np.zeros(shape, dtype=bool))
        return done

    def _offer(self, plan: Paths) -> bool:
        """Match for these itineraries, and offer both together."""
        options, starts = self.market.pricer.bookings(plan, self.market.everybody)
        arcs = self.pairs.best(*arcs_with_links(self.problem, options))
        options = np.concatenate([options, self.apart[0]])
        starts = np.concatenate([starts, self.apart[1]])
        return self.control.offer(Assignment.of(arcs, options, starts))

    def _repair(self, plan: Paths) -> None:
        """Dive blocks of people again, those who lose most first."""
        n_people = self.problem.itineraries.n_people
        limit = 4 * n_people // BLOCKS[0] + 20 if self.control.limits.reproducible else 1 << 30
        for turn in range(limit):
            if self.control.finished():
                return
            if turn % 8 == 0:
                loss = missing_pieces(self.market, plan, self.prices)
            size = min(n_people, BLOCKS[turn % len(BLOCKS)])
            chance = (loss + 0.02 * loss.mean() + 1e-9) * self.rng.random(n_people)
            block = np.sort(np.argpartition(-chance, size - 1)[:size])
            trial = plan.copy()
            if not self._dive(trial, block, Pace()):
                return
            if self._offer(trial):
                for mine, found in zip(plan, trial, strict=True):
                    mine[:] = found


def _concurrent_bookings(
    problem: Problem, plan: Assignment | None
) -> tuple[np.ndarray, np.ndarray]:
    """Bookings of concurrent placements in a plan."""
    if plan is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    placement = problem.itineraries.option_placement[plan.options]
    shared = ~problem.itineraries.placement_exclusive[placement]
    return plan.options[shared], plan.starts[shared]
