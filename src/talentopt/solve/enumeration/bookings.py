"""Plans by branching on single bookings, the clearest first, with few steps back.

Deciding one booking at a time costs far less than settling a whole itinerary, whose
other bookings may still move. When nothing is left to step back to, it is a proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.enumeration.branching import Branching, Decision
from talentopt.solve.enumeration.proof import search

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.enumeration.branching import Node
    from talentopt.solve.enumeration.generation import Generation

CLEAR, TOGETHER = 0.9, 6
"""Share from which bookings are decided together, and at most how many."""

CANDIDATES = 3
"""Bookings tried before the best of them is decided."""

CHEAP = 0.02
"""Points that a decision may cost without others being tried."""

TOLERANCE, EXACT = 0.02, 1e-7
"""Points to which relaxations are solved, and those without fractions."""

CLOSED = 5e-7
"""Points above the best plan below which nothing is looked for."""

NEARLY = 0.01
"""Points between bound and best plan that are left to a proof by enumeration."""

PAIR_NODES = 500
"""Nodes of the search for the best pairs once all itineraries are decided."""


def branch(
    generation: Generation,
    best: Callable[[], float],
    until: Callable[[], bool],
    tell: Callable[[np.ndarray], object],
    steps_back: int,
) -> bool:
    """Look for plans above the best, depth first.

    Parameters
    ----------
    generation : Generation
        With prices.
    best : callable
        What the best plan known is worth; -inf without one.
    until : callable
        Whether to give up.
    tell : callable
        Hears every plan, as values of the model's columns.
    steps_back : int
        Decisions that may be taken back.

    Returns
    -------
    bool
        Whether no plan is worth more than the best known by more than `CLOSED` points.
    """
    return _Search(generation, best, until, tell).run(steps_back)


class _Search:
    """A depth-first search; see `branch`."""

    def __init__(
        self,
        generation: Generation,
        best: Callable[[], float],
        until: Callable[[], bool],
        tell: Callable[[np.ndarray], object],
    ) -> None:
        self.generation, self.best, self.until, self.tell = generation, best, until, tell
        self.branching = Branching(generation)
        self.decisions: list[Decision] = []
        self.complete = True
        columns = [part.columns for part in generation.structure.parts]
        self.part = np.full(generation.model.n_columns, -1)
        self.choice = np.full(generation.model.n_columns, -1)
        for number, mine in enumerate(columns):
            self.part[mine], self.choice[mine] = number, np.arange(len(mine))

    @property
    def bar(self) -> float:
        """What a plan must be worth more than."""
        return self.best() + CLOSED

    def run(self, steps_back: int) -> bool:
        """Search; returns whether everything was."""
        node = self._solve(self.decisions)
        while not self.until() and self.generation.bound - self.best() > NEARLY:
            if node.booked is not None and node.bound > self.bar:
                node = self._descend(node, node.booked)
                continue
            self.complete &= node.bound <= self.bar
            while self.decisions and not self.decisions[-1].taken:
                self.decisions.pop()
            if not self.decisions:
                return self.complete
            if steps_back == 0:
                return False
            steps_back -= 1
            self.decisions.append(self.decisions.pop()._replace(taken=False))
            node = self._solve(self.decisions)
        return False

    def _solve(self, decisions: list[Decision], tolerance: float = TOLERANCE) -> Node:
        return self.branching.solve(decisions, self.bar, tolerance, self.until)

    def _descend(self, node: Node, booked: np.ndarray) -> Node:
        """Decide more bookings, or finish a plan in which all are."""
        open_ = np.flatnonzero((self.part >= 0) & (booked > 1e-6) & (booked < 1 - 1e-6))
        if len(open_) == 0:
            return self._finish(node)
        order = open_[np.argsort(-booked[open_], kind="stable")]
        clear = order[booked[order] >= CLEAR][:TOGETHER]
        if len(clear) > 1:
            more = [*self.decisions, *(self._taken(column) for column in clear.tolist())]
            after = self._solve(more)
            if after.booked is not None and after.bound >= node.bound - CHEAP:
                self.decisions = more
                return after
        return self._try(node, order[:CANDIDATES].tolist())

    def _try(self, node: Node, candidates: list[int]) -> Node:
        """Decide the candidate that costs least, and refuse those that no better plan holds."""
        kept, costs, best = None, np.inf, node._replace(booked=None)
        before = len(self.decisions)
        for column in candidates:
            decision = self._taken(column)
            after = self._solve([*self.decisions, decision])
            if after.bound <= self.bar:
                self.decisions.append(decision._replace(taken=False))
            elif after.booked is not None and node.bound - after.bound < costs:
                kept, costs, best = decision, node.bound - after.bound, after
                if costs < CHEAP:
                    break
        if kept is not None:
            self.decisions.append(kept)
        refused = len(self.decisions) > before
        return best if kept is not None or not refused else self._solve(self.decisions)

    def _taken(self, column: int) -> Decision:
        return Decision(int(self.part[column]), int(self.choice[column]), taken=True)

    def _finish(self, node: Node) -> Node:
        """Find the best pairs beside itineraries that are all decided."""
        found = search(
            self.generation,
            node.chosen,
            None,
            {"mip_max_nodes": PAIR_NODES},
            self.until,
            lambda _: None,
        )
        if found.values is not None:
            self.tell(found.values)
        if node.bound <= self.bar:
            return node._replace(booked=None)
        exact = self._solve(self.decisions, EXACT)
        if exact.booked is None or not np.array_equal(exact.booked > 0.5, node.booked > 0.5):
            return exact
        return exact._replace(booked=None)
