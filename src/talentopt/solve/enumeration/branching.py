"""Branching: the restricted master once some things are decided.

What a person holds or not is a bonus or a penalty of choices in the pricing, so that
itineraries are priced as before (Barnhart et al., "Branch-and-price: column generation
for solving huge integer programs", 1998). How much everybody holds together is a row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array, vstack

from talentopt.problem.encode.linear import ABSENT
from talentopt.solve.enumeration.bound import Valuation
from talentopt.solve.enumeration.columns import collect
from talentopt.solve.enumeration.restricted import Restricted
from talentopt.solve.enumeration.structure import FIXED_BONUS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import highspy

    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.bound import Prices
    from talentopt.solve.enumeration.columns import Columns
    from talentopt.solve.enumeration.generation import Generation
    from talentopt.solve.enumeration.paths import Worth
    from talentopt.solve.enumeration.restricted import Stand
    from talentopt.solve.enumeration.structure import Part, Structure

NEAR = 3.0
"""Points below the best itinerary within which those known already are taken over."""

REFUSED = 1e8
"""Points taken off a booking that is refused."""

MOST_ROUNDS = 60

PIVOTS = 100
"""Pivots of an estimate."""

MISSED = 1e-7
"""Units by which rows may be missed in a solution."""


class Decision(NamedTuple):
    """Whether a part holds one of some choices, of which no itinerary contains two."""

    part: int
    choices: tuple[int, ...]
    taken: bool


class Count(NamedTuple):
    """How much of a total is held: at least, and at most."""

    total: int
    least: float
    most: float


class Missing(NamedTuple):
    """How many placements are missing altogether: at least, and at most."""

    least: float
    most: float


class Limit(NamedTuple):
    """What a column beside the itineraries is: at least, and at most."""

    column: int
    least: float
    most: float


Condition = Decision | Count | Missing | Limit


class Node(NamedTuple):
    """The relaxation under some decisions.

    Attributes
    ----------
    bound : float
        No plan that follows the decisions is worth more.
    booked : (n_columns,) float64 or None
        The share of each of the parts' columns in a solution; None where there is none,
        for the bound was low enough or time was over.
    shared : (n_shared_columns,) float64
        The columns beside the itineraries in it.
    missing : (n_parts,) float64
        Placements that each part lacks in it.
    chosen : Columns
        The itineraries of which the solution is made.
    worth : tuple of Worth
        Of each part's choices at the prices of the bound.
    tops : (n_parts,) float64
        Most that an itinerary of each part is worth at these.
    stand : Stand or None
        Where the solution stands.
    """

    bound: float
    booked: np.ndarray | None
    shared: np.ndarray
    missing: np.ndarray
    chosen: Columns
    worth: tuple[Worth, ...]
    tops: np.ndarray
    stand: Stand | None = None


class Branching:
    """A restricted master and its pricing under decisions.

    Parameters
    ----------
    generation : Generation
        With prices; it stays as it is, the widths of its pricing aside.
    totals : sequence of (n,) int64
        Columns of the model that a `Count` is about.
    highest : float
        Most that the lowest total is when some placement is missing.
    """

    def __init__(
        self,
        generation: Generation,
        totals: Sequence[np.ndarray] = (),
        highest: float = np.inf,
    ) -> None:
        """Take over the itineraries that are worth nearly most."""
        self.generation, self._highest = generation, highest
        self.model, self.structure = _with_totals(generation, totals)
        known = generation.restricted.columns
        self.restricted = Restricted(
            self.model, self.structure, generation.bounds, generation.work
        )
        rows = np.zeros(self.model.n_rows)
        rows[: generation.model.n_rows] = generation.prices.rows
        self._prices = generation.prices._replace(rows=rows)
        self._totals = np.arange(generation.model.n_rows, self.model.n_rows)
        self._missing = Missing(-np.inf, np.inf)
        worth = generation.restricted.worth(generation.prices) - generation.tops[known.part]
        self.restricted.add(known.subset(np.flatnonzero(worth > -NEAR)))
        self._against = np.zeros(len(self.restricted.columns), dtype=bool)

    def solve(
        self,
        decisions: Sequence[Condition],
        value: float,
        tolerance: float,
        until: Callable[[], bool],
        basis: highspy.HighsBasis | None = None,
    ) -> Node:
        """Solve the relaxation under decisions.

        Parameters
        ----------
        decisions : sequence of Condition
        value : float
            A bound no higher than this ends the search.
        tolerance : float
            Points between bound and solution that don't matter.
        until : callable
            Whether to give up.
        basis : HighsBasis, optional
            Where to start.
        """
        restricted = self.restricted
        valuation = self._decide(decisions)
        if basis is not None:
            restricted.restart(basis)
        decided = [one for one in decisions if isinstance(one, Decision)]
        nothing = np.zeros(0)
        node = Node(np.inf, None, nothing, nothing, restricted.columns, (), nothing)
        for turn in range(MOST_ROUNDS):
            solution = None if until() else restricted.solve(dual=turn == 0)
            if solution is None and (turn or until()):
                break
            # Somebody may have no itinerary left; then they are priced as before.
            prices = self._prices if solution is None else solution.prices
            found, new = self._price(valuation, prices, decided)
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
                chosen, share = restricted.columns.subset(used), solution.itineraries[used]
                lacking = share * chosen.missing
                return node._replace(
                    booked=np.asarray(chosen.chosen.T @ share),
                    shared=solution.shared,
                    missing=np.bincount(chosen.part, lacking, len(self.structure.parts)),
                    chosen=chosen,
                    stand=restricted.stand(),
                )
        return node

    def _price(
        self, valuation: Valuation, prices: Prices, decisions: Sequence[Decision]
    ) -> tuple[Node, int]:
        """Add itineraries that follow the decisions; returns the bound and how many are new."""
        restricted, generation = self.restricted, self.generation
        valued = valuation.at(prices, self._missing.most, self._missing.least)
        worth = np.where(self._against, -np.inf, restricted.worth(valued.prices))
        known = np.full(len(generation.structure.parts), -np.inf)
        np.maximum.at(known, restricted.columns.part, worth)
        priced = generation.pricing.best(generation.everybody, valued.worth, known)
        found = collect(generation.structure, generation.model.n_columns, priced.found)
        fresh = self._add(found, decisions)
        bound = valued.rest + float(priced.top.sum())
        nothing = np.zeros(0)
        node = Node(bound, None, nothing, nothing, restricted.columns, valued.worth, priced.top)
        return node, fresh

    def _add(self, columns: Columns, decisions: Sequence[Decision]) -> int:
        """Add the itineraries that are new, exclude what contradicts decisions; count them."""
        restricted = self.restricted
        before = len(restricted.columns)
        restricted.add(columns)
        fresh = np.arange(before, len(restricted.columns))
        against = self._contradict(restricted.columns.subset(fresh), decisions)
        self._against = np.append(self._against, against)
        restricted.bound_itineraries(fresh[against], 0.0, 0.0)
        return len(fresh)

    def start(self, decisions: Sequence[Condition], stand: Stand | None) -> highspy.HighsBasis:
        """Find a basis from which relaxations under some more decisions are solved quickly.

        Parameters
        ----------
        decisions : sequence of Condition
        stand : Stand or None
            Of a solution under the same decisions, perhaps of another restricted master.
        """
        self._decide(decisions)
        if stand is not None:
            self._add(stand.basic, [one for one in decisions if isinstance(one, Decision)])
            self.restricted.return_to(stand)
        self.restricted.solve(dual=stand is None)
        return self.restricted.basis()

    def estimate(self, decisions: Sequence[Condition], basis: highspy.HighsBasis) -> float:
        """Value the relaxation under decisions roughly, by the itineraries known."""
        self._decide(decisions)
        self.restricted.restart(basis)
        return self.restricted.estimate(PIVOTS)

    def _decide(self, decisions: Sequence[Condition]) -> Valuation:
        """Exclude what contradicts decisions, and value choices by them."""
        decided = [one for one in decisions if isinstance(one, Decision)]
        against = self._contradict(self.restricted.columns, decided)
        self.restricted.bound_itineraries(np.flatnonzero(against & ~self._against), 0.0, 0.0)
        self.restricted.bound_itineraries(np.flatnonzero(self._against & ~against), 0.0, np.inf)
        self._against = against
        parts = list(self.structure.parts)
        for decision in decided:
            parts[decision.part] = _decided(parts[decision.part], decision)
        lower, upper = self.model.row_lower.copy(), self.model.row_upper.copy()
        for count in decisions:
            if isinstance(count, Count):
                row = self._totals[count.total]
                lower[row] = max(lower[row], count.least)
                upper[row] = min(upper[row], count.most)
        self.restricted.bound_rows(self._totals, lower[self._totals], upper[self._totals])
        limits = [one for one in decisions if isinstance(one, Missing)]
        self._missing = Missing(
            max((one.least for one in limits), default=-np.inf),
            min((one.most for one in limits), default=np.inf),
        )
        self.restricted.limit_missing(*self._missing)
        bounds = self._limit(decisions)
        model = replace(self.model, row_lower=lower, row_upper=upper)
        structure = replace(self.structure, parts=tuple(parts))
        return Valuation(model, structure, bounds)

    def _limit(self, decisions: Sequence[Condition]) -> tuple[np.ndarray, np.ndarray]:
        """Bound the columns beside the itineraries."""
        low, high = self.generation.bounds[0].copy(), self.generation.bounds[1].copy()
        for limit in decisions:
            if isinstance(limit, Limit):
                low[limit.column] = max(low[limit.column], limit.least)
                high[limit.column] = min(high[limit.column], limit.most)
        worst = self.model.worst
        if worst >= 0 and self._missing.least >= 1:
            high[worst] = max(low[worst], min(high[worst], self._highest))
        self.restricted.bound_shared(low, high)
        return low, high

    def _contradict(self, columns: Columns, decisions: Sequence[Decision]) -> np.ndarray:
        """(n,) bool: itineraries that contradict a decision."""
        if not decisions:
            return np.zeros(len(columns), dtype=bool)
        parts = self.structure.parts
        booking = [parts[one.part].columns[list(one.choices)] for one in decisions]
        owner = np.repeat(np.arange(len(decisions)), [len(some) for some in booking])
        shape = (columns.chosen.shape[1], len(decisions))
        pick = csr_array((np.ones(len(owner)), (np.concatenate(booking), owner)), shape=shape)
        holds = (columns.chosen @ pick).toarray() > 0.5
        concerned = columns.part[:, None] == np.array([one.part for one in decisions])
        taken = np.array([one.taken for one in decisions])
        return np.asarray((concerned & (holds != taken)).any(axis=1))


def _decided(part: Part, decision: Decision) -> Part:
    """Give choices their bonus or their penalty."""
    bonus, choices = part.bonus.copy(), list(decision.choices)
    if not decision.taken:
        bonus[choices] -= REFUSED
        return replace(part, bonus=bonus)
    bonus[choices] += FIXED_BONUS
    return replace(part, bonus=bonus, promised=part.promised + FIXED_BONUS)


def _with_totals(
    generation: Generation, totals: Sequence[np.ndarray]
) -> tuple[LinearModel, Structure]:
    """Add a row without effect for each total."""
    model, structure = generation.model, generation.structure
    if not len(totals):
        return model, structure
    sizes = np.array([len(total) for total in totals])
    columns, row = np.concatenate(totals), np.repeat(np.arange(len(totals)), sizes)
    shape = (len(totals), model.n_columns)
    rows = csr_array((np.ones(len(columns)), (row, columns)), shape=shape)
    larger = replace(
        model,
        matrix=csr_array(vstack([model.matrix, rows])),
        row_lower=np.append(model.row_lower, np.zeros(len(totals))),
        row_upper=np.append(model.row_upper, sizes.astype(np.float64)),
        row_kind=np.append(model.row_kind, np.full(len(totals), len(model.kinds))),
        row_ids=np.append(model.row_ids, np.full((len(totals), 2), ABSENT), axis=0),
        kinds=(*model.kinds, "total/total"),
    )
    added = np.arange(model.n_rows, larger.n_rows)
    return larger, replace(structure, shared_rows=np.append(structure.shared_rows, added))
