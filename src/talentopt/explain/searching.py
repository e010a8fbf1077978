"""Searching on from a plan in hand: at once by moves where there are many people."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.solving import count_starts
from talentopt.problem import measure
from talentopt.problem.evaluate import evaluate
from talentopt.solve.auto import MONOLITH_STARTS
from talentopt.solve.auto import solve as solve_anew
from talentopt.solve.control import Control

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Prices, Problem
    from talentopt.solve.control import Limits
    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.duals import Duals


class Searching:
    """Searches from a plan; large problems by improving moves at the prices of an earlier search.

    Looking for prices anew takes most of a short time, and the plan none of it.

    Parameters
    ----------
    problem : Problem
    prices : Prices or None
        Of an earlier search, perhaps on another scenario.
    workers : int
    """

    def __init__(self, problem: Problem, prices: Prices | None, workers: int) -> None:
        self.problem, self.workers = problem, workers
        self._prices = prices

    def make_room(self, start: Assignment, limits: Limits) -> Assignment:
        """Let who is short of placements choose again, others giving way to them.

        Parameters
        ----------
        start : Assignment
        limits : Limits

        Returns
        -------
        Assignment
            Worth at least as much; `start` where nobody is short, or moves do not suit.
        """
        return self.choose_again(start, self._short(start), limits)

    def choose_again(self, start: Assignment, people: np.ndarray, limits: Limits) -> Assignment:
        """Let some people choose again while that gains, others giving way to them.

        Parameters
        ----------
        start : Assignment
        people : (n,) int64
            The most urgent first.
        limits : Limits

        Returns
        -------
        Assignment
            Worth at least as much; `start` where moves do not suit.
        """
        from talentopt.solve.lagrangian.improve import choose_again

        if len(people) == 0 or self._moves is None or evaluate(self.problem, start).violations:
            return start
        control = Control(self.problem, limits, None, start)
        choose_again(*self._moves, control, people, np.random.default_rng(limits.seed))
        return control.best or start

    def on(self, start: Assignment, limits: Limits, *, mentors: bool = True) -> Control:
        """Search on.

        Parameters
        ----------
        start : Assignment
            May break rules; whatever is found does not.
        limits : Limits
        mentors : bool
            Whether mentors of many people are matched anew too, which takes seconds.
        """
        from talentopt.solve.lagrangian.improve import improve, match_again

        control = Control(self.problem, limits, None, start, warm_prices=self._prices)
        if control.best is None or self._moves is None:
            return self.anew(start, limits)
        dual, duals = self._moves
        control.tighten(dual.at(duals, 1).bound)
        if mentors:
            match_again(dual, duals, control)
        if not control.finished():
            improve(dual, duals, control, np.random.default_rng(limits.seed), mentors=False)
        return control

    def anew(self, start: Assignment, limits: Limits) -> Control:
        """Search for a plan of everybody from prices, with one in hand.

        Parameters
        ----------
        start : Assignment
            May break rules; whatever is found does not.
        limits : Limits
        """
        control = Control(self.problem, limits, None, start, warm_prices=self._prices)
        solve_anew(self.problem, control)
        return control

    @property
    def prepared(self) -> bool:
        """Whether there are prices for moves."""
        return self._moves is not None

    def bound(self) -> float:
        """No plan is worth more, as far as the prices show; inf where they do not suit."""
        if self._moves is None:
            return float("inf")
        dual, duals = self._moves
        return dual.at(duals, 1).bound

    @cached_property
    def _moves(self) -> tuple[Dual, Duals] | None:
        """What moves start from; None in small problems and where itineraries are not simple."""
        from talentopt.solve.lagrangian.dual import Dual
        from talentopt.solve.lagrangian.pricing import Pricing
        from talentopt.solve.lagrangian.solver import suits
        from talentopt.solve.matchings.interface import Relaxation

        problem, workers = self.problem, self.workers
        if self._prices is None or count_starts(problem) <= MONOLITH_STARTS or not suits(problem):
            return None
        pricing = Pricing(problem.itineraries, workers)
        dual = Dual(problem, pricing, Relaxation(problem.matchings, problem.links, workers))
        return dual, dual.start_from(self._prices)

    def _short(self, plan: Assignment) -> np.ndarray:
        """(n,) int64: who is short of placements, who loses most first."""
        itineraries = self.problem.itineraries
        held = measure.placements_held(itineraries, plan.options)
        lost = np.maximum(itineraries.stage_min - held, 0) * itineraries.stage_missing
        points = lost.sum(axis=1)
        order = np.argsort(-points, kind="stable")
        return np.asarray(order[points[order] > 0], dtype=np.int64)
