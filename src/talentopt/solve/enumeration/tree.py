"""The proof by branching: the best bound first, on what moves it most.

Candidates are compared by the itineraries known, then the best of them by their bounds
("strong branching"; Pecin, Pessoa, Poggi and Uchoa, "Improved branch-cut-and-price for
capacitated vehicle routing", 2017), until it is known what they gain (`gains`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from talentopt.solve.enumeration.bookings import CLOSED
from talentopt.solve.enumeration.branching import Branching
from talentopt.solve.enumeration.candidates import Candidates
from talentopt.solve.enumeration.gains import Gains
from talentopt.solve.enumeration.proof import near, search
from talentopt.solve.enumeration.reduced import itineraries_of
from talentopt.solve.enumeration.worst import highest_when_lacking
from talentopt.solve.integers import step

if TYPE_CHECKING:
    from collections.abc import Callable

    import highspy

    from talentopt.problem import Problem
    from talentopt.solve.control import Control
    from talentopt.solve.enumeration.branching import Condition, Node
    from talentopt.solve.enumeration.candidates import Candidate
    from talentopt.solve.enumeration.columns import Columns
    from talentopt.solve.enumeration.generation import Generation

SMALLEST_STEP, ROUNDING = 1e-3, 1e-4
"""Least unit of the points that is used, and the points left for rounding."""

TOLERANCE = 0.02
"""Points to which relaxations are solved."""

TRIED = 3
"""Candidates that are bounded, the most promising first."""

LEAST_GAIN = 0.01
"""Points that each side of a candidate gains at least, so that its sides can be multiplied."""

FEW = 25
"""Itineraries more than people in a solution up to which it is searched for a plan."""

MOST, FEWER = 1_500, 0.7
"""Itineraries up to which the rest below a node is searched at once, and the share of those of a
search in vain from which on it is tried again."""

SECONDS, NODES = 1.0, 50
"""Limits of these searches, by the clock and in reproducible runs; a node takes less."""

LAST = 10
"""Times these limits that a search of a node may take that can't be divided."""


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """A node that is not settled.

    Attributes
    ----------
    decisions : tuple of Condition
    node : Node
        Without a solution it can't be divided.
    bound : float
        No plan that follows the decisions is worth more.
    turn : int
        In which it was made.
    most : int
        Itineraries up to which all plans below it are searched at once.
    """

    decisions: tuple[Condition, ...]
    node: Node
    bound: float
    turn: int
    most: int = MOST


class Tree:
    """A search of all plans above the best, which may be continued.

    Parameters
    ----------
    problem : Problem
    generation : Generation
        With prices.
    control : Control
        With a plan.
    """

    def __init__(self, problem: Problem, generation: Generation, control: Control) -> None:
        """Begin with nothing decided."""
        self.generation, self.control = generation, control
        chosen = None if control.best is None else itineraries_of(generation, control.best)
        lacking = chosen is None or bool(chosen.missing.any())
        model, structure, bounds = generation.model, generation.structure, generation.bounds
        self._highest = highest_when_lacking(model, structure, bounds)
        self.candidates = Candidates(problem, generation, lacking=lacking, highest=self._highest)
        self._workers = 1 if control.limits.reproducible else max(1, control.limits.workers)
        self._branchings: list[Branching] = []
        self._gains = Gains()
        unit = step(generation.model)
        self._reach = unit - ROUNDING if unit >= SMALLEST_STEP else CLOSED
        self._open: list[Open] = []
        self._left, self._turn, self._begun = -np.inf, 0, False

    @property
    def bar(self) -> float:
        """Better plans than the best are worth more than this."""
        value = self.control.value
        return -np.inf if value is None else value + self._reach

    def run(self, until: Callable[[], bool]) -> None:
        """Search until nothing is open, and tell the control of plans and of the bound."""
        if until():
            return
        if not self._branchings:
            totals = self.candidates.totals
            self._branchings = [
                Branching(self.generation, totals, self._highest) for _ in range(self._workers)
            ]
        if not self._begun:
            node = self._branchings[0].solve((), self.bar, TOLERANCE, until)
            if until():
                return
            bound = min(self.generation.bound, node.bound)
            self._begun, self._open = True, [Open((), node, bound, self._turn)]
        with ThreadPoolExecutor(len(self._branchings)) as threads:
            settle = partial(self._settle, until=until)
            self._tell()
            while self._open and not until():
                turn = self._take()
                below = list(threads.map(settle, self._branchings, turn))
                self._open += [one for some in below for one in some]
                self._tell()

    def _take(self) -> list[Open]:
        """Take a node for each worker: the best, or the best of the newest, to find plans."""
        self._turn += 1
        turn: list[Open] = []
        for worker in range(len(self._branchings)):
            if self._open:
                newest = (self._turn + worker) % 2
                one = max(self._open, key=lambda one: (newest * one.turn, one.bound))
                self._open.remove(one)
                turn.append(one)
        return turn

    def _tell(self) -> None:
        """Drop what is no better than the best plan or can't be divided, and tell of the bound."""
        above = [one for one in self._open if one.bound > self.bar]
        stuck = [one.bound for one in above if one.node.booked is None]
        self._left = max([self._left, *stuck])
        self._open = [one for one in above if one.node.booked is not None]
        if self.control.value is not None:
            bounds = [one.bound for one in self._open]
            self.control.tighten(max([self.control.value + CLOSED, self._left, *bounds]))

    def _solve(
        self,
        branching: Branching,
        above: Open,
        decision: Condition,
        until: Callable[[], bool],
        basis: highspy.HighsBasis,
    ) -> Open:
        decisions = (*above.decisions, decision)
        node = branching.solve(decisions, self.bar, TOLERANCE, until, basis)
        return Open(decisions, node, min(above.bound, node.bound), self._turn, above.most)

    def _settle(self, branching: Branching, one: Open, until: Callable[[], bool]) -> list[Open]:
        """Find the best plan below a node, or what is open below it."""
        candidates = self.candidates.of(one.node)
        if len(one.node.chosen) <= len(self.generation.structure.parts) + FEW:
            self._search(one.node.chosen, until)
        gap = one.node.bound - self.bar
        most, times = (one.most, 1) if candidates else (MOST, LAST)
        columns = near(self.generation, one.node.worth, one.node.tops, gap, most)
        if columns is not None:
            bound = min(one.bound, self._search(columns, until, times))
            one = replace(one, bound=bound, most=int(FEWER * len(columns)))
        if one.bound <= self.bar:
            return []
        if candidates:
            return self._branch(branching, one, candidates, until)
        return [replace(one, node=one.node._replace(booked=None))]

    def _branch(
        self,
        branching: Branching,
        one: Open,
        candidates: list[Candidate],
        until: Callable[[], bool],
    ) -> list[Open]:
        """Divide a node by the candidate that moves the bounds of both sides most."""
        basis = branching.start(one.decisions, one.node.stand)
        expected = [self._gains.expected(candidate) for candidate in candidates]
        promise = np.full(len(candidates), -np.inf)
        for at, candidate in enumerate(candidates):
            gains = expected[at]
            if gains is None and not until():
                gains = self._promised(branching, one, candidate, basis)
            if gains is not None:
                promise[at] = self._worth(one, gains)
        chosen, best, most = -1, [one], -np.inf
        for at in np.argsort(-promise, kind="stable")[:TRIED].tolist():
            if expected[at] is not None:
                if promise[at] > most:
                    chosen, best, most = at, [], float(promise[at])
                continue
            sides, gains = self._divide(branching, one, candidates[at], until, basis)
            if until():
                return [one]
            if self._worth(one, gains) > most:
                chosen, best, most = at, sides, self._worth(one, gains)
        if not best:
            best, _ = self._divide(branching, one, candidates[chosen], until, basis)
        return [one] if until() else best

    def _promised(
        self, branching: Branching, one: Open, candidate: Candidate, basis: highspy.HighsBasis
    ) -> np.ndarray:
        """(2,) float64: what the sides of a candidate gain by the itineraries known."""
        values = [branching.estimate((*one.decisions, decision), basis) for decision in candidate]
        return one.bound - np.array(values)

    def _divide(
        self,
        branching: Branching,
        one: Open,
        candidate: Candidate,
        until: Callable[[], bool],
        basis: highspy.HighsBasis,
    ) -> tuple[list[Open], np.ndarray]:
        """Bound both sides of a candidate; returns what they gain as well, (2,) float64."""
        sides = [self._solve(branching, one, decision, until, basis) for decision in candidate]
        gains = one.bound - np.array([side.bound for side in sides])
        if not until():
            for decision, gain in zip(candidate, gains.tolist(), strict=True):
                self._gains.note(decision, min(gain, one.bound - self.bar))
        return sides, gains

    def _worth(self, one: Open, gains: np.ndarray) -> float:
        """Multiply what both sides gain; no more counts than closes them."""
        return float(np.maximum(np.minimum(gains, one.bound - self.bar), LEAST_GAIN).prod())

    def _search(self, columns: Columns, until: Callable[[], bool], times: int = 1) -> float:
        """Offer the best plan made of some itineraries, and bound what they are worth."""
        reproducible = self.control.limits.reproducible
        limit: dict[str, Any] = (
            {"mip_max_nodes": times * NODES} if reproducible else {"time_limit": times * SECONDS}
        )
        found = search(self.generation, columns, None, limit, until, lambda _: None)
        if found.values is not None:
            self.control.offer(self.generation.model.decode(found.values))
        return found.bound
