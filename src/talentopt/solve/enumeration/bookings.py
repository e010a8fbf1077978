"""Plans by branching on single bookings, the clearest first, with few steps back.

Deciding one booking at a time costs far less than settling a whole itinerary, whose
other bookings may still move. When nothing is left to step back to, it is a proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.solve.enumeration.branching import Branching, Decision
from talentopt.solve.enumeration.proof import near, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.enumeration.branching import Node
    from talentopt.solve.enumeration.columns import Columns
    from talentopt.solve.enumeration.generation import Generation

CLEAR, TOGETHER = 0.9, 6
"""Share from which bookings are decided together, and at most how many."""

CANDIDATES = 3
"""Bookings tried before the best of them is decided."""

CHEAPEST, DEAREST, CHEAP_SHARE = 0.02, 2.0, 0.05
"""Points that a decision may cost without others being tried: least, most, and as a share
of the points between the bound and the best plan."""

TOLERANCE, EXACT = 0.02, 1e-7
"""Points to which relaxations are solved, and those without fractions."""

CLOSED = 9e-7
"""Points above the best plan below which nothing is looked for."""

MOST, MOST_OPEN = 1_500, 400
"""Itineraries up to which the rest below a node is searched at once, and bookings open in its
solution up to which that is tried."""

LEAF_SECONDS, LEAF_NODES = 3.0, 300
"""Limits of such a search, by the clock and in reproducible runs."""

NEARLY = 0.01
"""Points between bound and best plan that are left to a proof by enumeration."""

PAIR_NODES = 500
"""Nodes of the search for the best pairs once all itineraries are decided."""


class Manner(NamedTuple):
    """How to search.

    Attributes
    ----------
    steps_back : int
        Decisions that may be taken back.
    reproducible : bool
        Whether the clock must not count.
    """

    steps_back: int
    reproducible: bool


def branch(
    generation: Generation,
    best: Callable[[], float],
    until: Callable[[], bool],
    tell: Callable[[np.ndarray], object],
    manner: Manner,
) -> bool:
    """Look for plans above the best, depth first.

    Parameters
    ----------
    generation : Generation
        With prices.
    best : callable
        What the best plan known is worth, or what a plan should be worth; -inf without one.
    until : callable
        Whether to give up.
    tell : callable
        Hears every plan, as values of the model's columns.
    manner : Manner

    Returns
    -------
    bool
        Whether no plan is worth more than the best known by more than `CLOSED` points.
    """
    return _Search(generation, best, until, tell, manner).run()


class _Search:
    """A depth-first search; see `branch`."""

    def __init__(
        self,
        generation: Generation,
        best: Callable[[], float],
        until: Callable[[], bool],
        tell: Callable[[np.ndarray], object],
        manner: Manner,
    ) -> None:
        self.generation, self.best, self.until, self.tell = generation, best, until, tell
        self.manner = manner
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

    def run(self) -> bool:
        """Search; returns whether everything was."""
        node, steps_back = self._solve(self.decisions), self.manner.steps_back
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
        open_ = self._open(booked)
        if len(open_) == 0:
            return self._finish(node)
        if len(open_) <= MOST_OPEN:
            gap = node.bound - self.bar
            columns = near(self.generation, node.worth, node.tops, gap, MOST)
            if columns is not None:
                return self._leaf(node, columns)
        order = open_[np.argsort(-booked[open_], kind="stable")]
        clear = order[booked[order] >= CLEAR][:TOGETHER]
        if len(clear) > 1:
            more = [*self.decisions, *(self._taken(column) for column in clear.tolist())]
            after = self._solve(more)
            if after.booked is not None and node.bound - after.bound <= self._cheap(node):
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
                if costs <= self._cheap(node):
                    break
        if kept is not None:
            self.decisions.append(kept)
        refused = len(self.decisions) > before
        return best if kept is not None or not refused else self._solve(self.decisions)

    def _cheap(self, node: Node) -> float:
        return min(DEAREST, max(CHEAPEST, CHEAP_SHARE * (node.bound - self.bar)))

    def _taken(self, column: int) -> Decision:
        return Decision(int(self.part[column]), (int(self.choice[column]),), taken=True)

    def _leaf(self, node: Node, columns: Columns) -> Node:
        """Find the best plan below a node."""
        limit = (
            {"mip_max_nodes": LEAF_NODES}
            if self.manner.reproducible
            else {"time_limit": LEAF_SECONDS}
        )
        found = search(self.generation, columns, None, limit, self.until, lambda _: None)
        if found.values is not None:
            self.tell(found.values)
        return node._replace(bound=min(node.bound, max(found.bound, self.bar)), booked=None)

    def _finish(self, node: Node) -> Node:
        """Find the best pairs beside itineraries that are all decided."""
        self._pair(node)
        if node.bound <= self.bar:
            return node._replace(booked=None)
        exact = self._solve(self.decisions, EXACT)
        if exact.booked is None or len(self._open(exact.booked)):
            return exact
        # Equally good ones may take turns without end.
        self._pair(exact)
        return exact._replace(booked=None)

    def _pair(self, node: Node) -> None:
        limit = {"mip_max_nodes": PAIR_NODES}
        found = search(self.generation, node.chosen, None, limit, self.until, lambda _: None)
        if found.values is not None:
            self.tell(found.values)

    def _open(self, booked: np.ndarray) -> np.ndarray:
        return np.flatnonzero((self.part >= 0) & (booked > 1e-6) & (booked < 1 - 1e-6))
