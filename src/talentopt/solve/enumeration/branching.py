"""Branching on single bookings: the restricted master once some of them are decided.

A booking that is decided is a bonus or a penalty of its choice in the pricing, so that
itineraries are priced as before (Barnhart et al., "Branch-and-price: column generation
for solving huge integer programs", 1998).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from talentopt.solve.enumeration.bound import Valuation
from talentopt.solve.enumeration.columns import collect
from talentopt.solve.enumeration.restricted import Restricted
from talentopt.solve.enumeration.structure import FIXED_BONUS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talentopt.solve.enumeration.bound import Prices
    from talentopt.solve.enumeration.columns import Columns
    from talentopt.solve.enumeration.generation import Generation
    from talentopt.solve.enumeration.paths import Worth
    from talentopt.solve.enumeration.structure import Part

NEAR = 3.0
"""Points below the best itinerary within which those known already are taken over."""

REFUSED = 1e8
"""Points taken off a booking that is refused."""

MOST_ROUNDS = 60
MISSED = 1e-7
"""Units by which rows may be missed in a solution."""


class Decision(NamedTuple):
    """One booking decided: a choice of a part, taken or refused."""

    part: int
    choice: int
    taken: bool


class Node(NamedTuple):
    """The relaxation under some decisions.

    Attributes
    ----------
    bound : float
        No plan that follows the decisions is worth more.
    booked : (n_columns,) float64 or None
        The share of each of the model's columns in a solution; None where there is none,
        for the bound was low enough or time was over.
    chosen : Columns
        The itineraries of which the solution is made.
    worth : tuple of Worth
        Of each part's choices at the prices of the bound.
    tops : (n_parts,) float64
        Most that an itinerary of each part is worth at these.
    """

    bound: float
    booked: np.ndarray | None
    chosen: Columns
    worth: tuple[Worth, ...]
    tops: np.ndarray


class Branching:
    """A restricted master and its pricing under decisions.

    Parameters
    ----------
    generation : Generation
        With prices; it stays as it is, the widths of its pricing aside.
    """

    def __init__(self, generation: Generation) -> None:
        """Take over the itineraries that are worth nearly most."""
        self.generation = generation
        model, known = generation.model, generation.restricted.columns
        self.restricted = Restricted(
            model, generation.structure, generation.bounds, generation.work
        )
        worth = generation.restricted.worth(generation.prices) - generation.tops[known.part]
        self.restricted.add(known.subset(np.flatnonzero(worth > -NEAR)))
        self._against = np.zeros(len(self.restricted.columns), dtype=bool)

    def solve(
        self,
        decisions: Sequence[Decision],
        value: float,
        tolerance: float,
        until: Callable[[], bool],
    ) -> Node:
        """Solve the relaxation under decisions.

        Parameters
        ----------
        decisions : sequence of Decision
        value : float
            A bound no higher than this ends the search.
        tolerance : float
            Points between bound and solution that don't matter.
        until : callable
            Whether to give up.
        """
        restricted = self.restricted
        valuation = self._decide(decisions)
        node = Node(np.inf, None, restricted.columns, (), np.zeros(0))
        for turn in range(MOST_ROUNDS):
            solution = None if until() else restricted.solve(dual=turn == 0)
            if solution is None and (turn or until()):
                break
            # Somebody may have no itinerary left; then they are priced as before.
            prices = self.generation.prices if solution is None else solution.prices
            found, new = self._price(valuation, prices, decisions)
            if found.bound < node.bound:
                node = found
            if node.bound <= value:
                break
            if solution is None or solution.missed > MISSED:
                if new:
                    continue
                break
            if not new or node.bound - solution.value < tolerance:
                used = np.flatnonzero(solution.itineraries > 1e-9)
                chosen = restricted.columns.subset(used)
                booked = np.asarray(chosen.chosen.T @ solution.itineraries[used])
                return node._replace(booked=booked, chosen=chosen)
        return node

    def _price(
        self, valuation: Valuation, prices: Prices, decisions: Sequence[Decision]
    ) -> tuple[Node, int]:
        """Add itineraries that follow the decisions; returns the bound and how many are new."""
        restricted, generation = self.restricted, self.generation
        valued = valuation.at(prices, np.inf, -np.inf)
        worth = np.where(self._against, -np.inf, restricted.worth(valued.prices))
        known = np.full(len(generation.structure.parts), -np.inf)
        np.maximum.at(known, restricted.columns.part, worth)
        priced = generation.pricing.best(generation.everybody, valued.worth, known)
        before = len(restricted.columns)
        restricted.add(collect(generation.structure, generation.model.n_columns, priced.found))
        fresh = np.arange(before, len(restricted.columns))
        against = self._contradict(restricted.columns.subset(fresh), decisions)
        self._against = np.append(self._against, against)
        restricted.bound_itineraries(fresh[against], 0.0, 0.0)
        bound = valued.rest + float(priced.top.sum())
        return Node(bound, None, restricted.columns, valued.worth, priced.top), len(fresh)

    def _decide(self, decisions: Sequence[Decision]) -> Valuation:
        """Exclude what contradicts decisions, and value choices by them."""
        against = self._contradict(self.restricted.columns, decisions)
        self.restricted.bound_itineraries(np.flatnonzero(against & ~self._against), 0.0, 0.0)
        self.restricted.bound_itineraries(np.flatnonzero(self._against & ~against), 0.0, np.inf)
        self._against = against
        generation = self.generation
        parts = list(generation.structure.parts)
        for decision in decisions:
            parts[decision.part] = _decided(parts[decision.part], decision)
        structure = replace(generation.structure, parts=tuple(parts))
        return Valuation(generation.model, structure, generation.bounds)

    def _contradict(self, columns: Columns, decisions: Sequence[Decision]) -> np.ndarray:
        """(n,) bool: itineraries that contradict a decision."""
        if not decisions:
            return np.zeros(len(columns), dtype=bool)
        parts = self.generation.structure.parts
        booking = [parts[one.part].columns[one.choice] for one in decisions]
        shape = (columns.chosen.shape[1], len(decisions))
        every = np.arange(len(decisions))
        pick = csr_array((np.ones(len(decisions)), (booking, every)), shape=shape)
        holds = (columns.chosen @ pick).toarray() > 0.5
        concerned = columns.part[:, None] == np.array([one.part for one in decisions])
        taken = np.array([one.taken for one in decisions])
        return np.asarray((concerned & (holds != taken)).any(axis=1))


def _decided(part: Part, decision: Decision) -> Part:
    """Give a choice its bonus or its penalty."""
    bonus = part.bonus.copy()
    if not decision.taken:
        bonus[decision.choice] -= REFUSED
        return replace(part, bonus=bonus)
    bonus[decision.choice] += FIXED_BONUS
    return replace(part, bonus=bonus, promised=part.promised + FIXED_BONUS)
