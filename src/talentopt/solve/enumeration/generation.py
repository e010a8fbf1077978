"""Column generation: the best prices, itinerary by itinerary, kept near the best known.

The restricted master is the model with only some itineraries. Its prices swing
wildly while these are few, so they are held in a box around the prices of the best
bound so far (Marsten, Hogan and Blankenship, "The boxstep method for large-scale
optimization", 1975): each row may be missed at the box's price. Pricing is exact, so
that every round proves a bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from talentopt.solve.enumeration.bound import price
from talentopt.solve.enumeration.master import Pool, pool
from talentopt.solve.enumeration.paths import itineraries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.bound import Priced
    from talentopt.solve.enumeration.structure import Part, Structure

NEW = 20
"""Most itineraries added per person and round."""

EXPLORED = 20_000
"""Most itineraries looked at per person and round while a bound is wanted."""

BOX = 5.0
"""Half the width of the first box, in points."""

SMALLEST_BOX = 0.01
CLOSED = 1e-4
"""Points between master and bound at which prices count as best."""


@dataclass(slots=True)
class Column:
    """Where an itinerary stands in the master."""

    part: int
    choices: tuple[int, ...]


class Generation:
    """A restricted master and its growing pools of itineraries.

    Parameters
    ----------
    problem, model, structure
        The problem, its linear model and how that is divided.
    bounds : pair of (n_columns,) float64
        Finite bounds of the model's columns.
    prices : (n_rows,) float64
        Prices of the relaxation, to begin with.
    """

    def __init__(
        self,
        problem: Problem,
        model: LinearModel,
        structure: Structure,
        bounds: tuple[np.ndarray, np.ndarray],
        prices: np.ndarray,
    ) -> None:
        self.problem, self.model, self.structure = problem, model, structure
        self.bounds = bounds
        self.prices = prices.copy()
        self.best_prices = prices.copy()
        self.bound = np.inf
        self.box = BOX
        self.explored = EXPLORED
        self.value = -np.inf
        self.missed = np.inf
        self.columns: list[Column] = []
        self.pools: list[Pool | None] = [None] * len(structure.parts)
        self.points: list[np.ndarray] = [np.zeros(0)] * len(structure.parts)
        self.uses: list[csc_array | None] = [None] * len(structure.parts)
        self._seen: list[set[tuple[int, ...]]] = [set() for _ in structure.parts]
        self._position: dict[tuple[int, tuple[int, ...]], int] = {}
        self._rows = structure.shared_rows
        self._matrix = csc_array(model.matrix[self._rows])
        self._row_at = {row: at for at, row in enumerate(self._rows.tolist())}
        self._highs = self._master()
        for part in range(len(structure.parts)):
            self.add(part, np.array([0, 0]), np.zeros(0, np.int64))

    @property
    def first_itinerary(self) -> int:
        """The master's column of the first itinerary."""
        return len(self.structure.shared_columns) + 2 * len(self._rows)

    def _master(self) -> highspy.Highs:
        model, shared = self.model, self.structure.shared_columns
        n_rows, n_parts = len(self._rows), len(self.structure.parts)
        unit = eye_array(n_rows)
        above = hstack([self._matrix[:, shared], -unit, unit])
        matrix = csc_array(vstack([above, csr_array((n_parts, above.shape[1]))]))
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = matrix.shape[1], matrix.shape[0]
        program.sense_ = highspy.ObjSense.kMaximize
        program.offset_ = model.constant
        program.col_cost_ = np.concatenate([model.objective[shared], *self._box_costs()])
        nothing, endless = np.zeros(2 * n_rows), np.full(2 * n_rows, highspy.kHighsInf)
        program.col_lower_ = np.concatenate([self.bounds[0][shared], nothing])
        program.col_upper_ = np.concatenate([self.bounds[1][shared], endless])
        program.row_lower_ = np.concatenate([model.row_lower[self._rows], np.ones(n_parts)])
        program.row_upper_ = np.concatenate([model.row_upper[self._rows], np.ones(n_parts)])
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = matrix.indptr
        program.a_matrix_.index_ = matrix.indices
        program.a_matrix_.value_ = matrix.data
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("presolve", "off")
        highs.setOptionValue("threads", 1)
        highs.passModel(program)
        return highs

    def _box_costs(self) -> tuple[np.ndarray, np.ndarray]:
        centre = self.best_prices[self._rows]
        return -(centre + self.box), centre - self.box

    def move_box(self) -> None:
        """Put the box around the best prices."""
        first = len(self.structure.shared_columns)
        cells = np.arange(first, self.first_itinerary, dtype=np.int32)
        self._highs.changeColsCost(len(cells), cells, np.concatenate(self._box_costs()))

    def fix(self, itinerary: int) -> None:
        """Give a part this itinerary."""
        self._highs.changeColBounds(self.first_itinerary + itinerary, 1.0, 1.0)

    def release(self, itinerary: int) -> None:
        """Take a fixed itinerary back."""
        self._highs.changeColBounds(self.first_itinerary + itinerary, 0.0, highspy.kHighsInf)

    def add(self, part: int, ptr: np.ndarray, members: np.ndarray) -> int:
        """Add enumerated itineraries that the master lacks; returns how many."""
        itinerary = [tuple(members[a:b].tolist()) for a, b in pairwise(ptr)]
        new = [one for one in itinerary if one not in self._seen[part]]
        self._seen[part].update(new)
        found = pool(self.problem, self.structure.parts[part], *_flat(new))
        if len(found.loss) == 0:
            return 0
        uses, points = self.priced(part, found)
        n_new, n_parts = len(found.loss), len(self.structure.parts)
        one_each = csr_array(
            (np.ones(n_new), (np.full(n_new, part), np.arange(n_new))), shape=(n_parts, n_new)
        )
        block = csc_array(vstack([uses, one_each]))
        self._highs.addCols(
            n_new,
            points,
            np.zeros(n_new),
            np.full(n_new, highspy.kHighsInf),
            block.nnz,
            block.indptr.astype(np.int32),
            block.indices.astype(np.int32),
            block.data,
        )
        for row in range(n_new):
            inside = slice(found.chosen.indptr[row], found.chosen.indptr[row + 1])
            choices = tuple(found.chosen.indices[inside].tolist())
            self._position[part, choices] = len(self.columns)
            self.columns.append(Column(part, choices))
        self._join(part, found, uses, points)
        return n_new

    def _join(self, part: int, found: Pool, uses: csc_array, points: np.ndarray) -> None:
        before = self.pools[part]
        if before is not None:
            found = before.joined(found)
            uses = csc_array(hstack([self.uses[part], uses]))
        self.pools[part], self.uses[part] = found, uses
        self.points[part] = np.append(self.points[part], points)

    def priced(self, part: int, found: Pool) -> tuple[csc_array, np.ndarray]:
        """Use of the shared rows, and points, of itineraries."""
        mine = self.structure.parts[part]
        uses = csc_array(self._matrix[:, mine.columns] @ found.chosen.T)
        if len(self.structure.worst_row):
            at = self._row_at[int(self.structure.worst_row[mine.person])]
            every = np.arange(len(found.loss))
            lost = csr_array((found.loss, (np.full(len(every), at), every)), shape=uses.shape)
            uses = csc_array(uses + lost)
        points = found.chosen @ self.model.objective[mine.columns] - found.loss
        return uses, points

    def reduced(self, part: int, prices: np.ndarray) -> np.ndarray:
        """(n_itineraries,) float64: points less use at prices; nothing when there are none."""
        uses = self.uses[part]
        if uses is None:
            return np.zeros(0)
        return np.asarray(self.points[part] - uses.T @ prices[self._rows])

    def price_rows(self, prices: np.ndarray, parts: Sequence[int] | None = None) -> Priced:
        """Value everything at prices, all itineraries or only those of some parts."""
        wanted = range(len(self.structure.parts)) if parts is None else parts
        return price(self.problem, self.model, self.structure, prices, self.bounds, wanted)

    def solve_master(self) -> np.ndarray:
        """Solve the restricted master and take its prices; returns the columns' values."""
        self._highs.run()
        solution = self._highs.getSolution()
        values = np.asarray(solution.col_value)
        first = len(self.structure.shared_columns)
        self.missed = float(values[first : self.first_itinerary].sum())
        self.value = self._highs.getInfo().objective_function_value
        self.prices[self._rows] = np.asarray(solution.row_dual)[: len(self._rows)]
        return values

    def round(self, free: Callable[[int], bool] = lambda _: True) -> int:
        """Price every free part, add its best itineraries, tighten the bound.

        Returns
        -------
        int
            Itineraries added.
        """
        parts = [part for part in range(len(self.structure.parts)) if free(part)]
        priced = self.price_rows(self.prices, parts)
        self.prices = priced.prices
        added, bound = 0, priced.bound
        for part in parts:
            new, top, relaxed = self._price_part(part, priced)
            added += new
            bound += min(top - relaxed, 0.0)
        if bound < self.bound:
            self.bound = bound
            self.best_prices = self.prices.copy()
        return added

    def find(self, part: int, choices: tuple[int, ...]) -> int:
        """Position of an itinerary in the master, added if it is new."""
        at = self._position.get((part, choices))
        if at is None:
            self.add(part, np.array([0, len(choices)]), np.array(choices, dtype=np.int64))
            at = self._position[part, choices]
        return at

    def within(self, part: int, priced: Priced, gap: float, most: int) -> Pool | None:
        """Enumerate all itineraries worth the best one less a gap; None if more than `most`."""
        mine = self.structure.parts[part]
        top = float(self.reduced(part, priced.prices).max(initial=-np.inf))
        least = top - gap - 1e-6
        paid = _paid(self.model, mine, priced)
        complete, ptr, members = itineraries(
            mine.choices, priced.worth[part], priced.best[part], least - paid, most
        )
        if not complete:
            return None
        found = pool(self.problem, mine, ptr, members)
        uses, points = self.priced(part, found)
        return found.subset(np.flatnonzero(points - uses.T @ priced.prices[self._rows] >= least))

    def _price_part(self, part: int, priced: Priced) -> tuple[int, float, float]:
        """Add a part's best itineraries.

        Returns
        -------
        added : int
        top : float
            What its best itinerary is worth, or a bound on it.
        relaxed : float
            The bound that pricing began with.
        """
        mine = self.structure.parts[part]
        paid = _paid(self.model, mine, priced)
        relaxed = priced.start(part, mine) + paid
        have = float(self.reduced(part, self.prices).max(initial=-np.inf))
        width = 1.0
        while True:
            least = max(relaxed - width, have + 1e-7)
            complete, ptr, members = itineraries(
                mine.choices, priced.worth[part], priced.best[part], least - paid, self.explored
            )
            found = pool(self.problem, mine, ptr, members)
            uses, points = self.priced(part, found)
            worth = points - uses.T @ self.prices[self._rows]
            good = np.flatnonzero(worth >= least)
            if len(good):
                chosen = good[np.argsort(-worth[good], kind="stable")[:NEW]]
                picked = found.chosen[chosen]
                top = float(worth[chosen[0]]) if complete else relaxed
                return self.add(part, picked.indptr, picked.indices), top, relaxed
            if not complete:
                return 0, relaxed, relaxed
            if least <= have + 1e-7:
                return 0, have, relaxed
            width *= 3.0


def _paid(model: LinearModel, part: Part, priced: Priced) -> float:
    """Add up what the part's own rows pay back at their prices."""
    prices = priced.prices[part.rows]
    limit = np.where(prices > 0, model.row_upper[part.rows], model.row_lower[part.rows])
    return float(prices[prices != 0] @ limit[prices != 0])


def _flat(choices: list[tuple[int, ...]]) -> tuple[np.ndarray, np.ndarray]:
    ptr = np.concatenate([[0], np.cumsum([len(one) for one in choices])]).astype(np.int64)
    members = [choice for one in choices for choice in one]
    return ptr, np.array(members, dtype=np.int64)


def converge(
    generation: Generation, until: Callable[[], bool], tell: Callable[[float], object]
) -> None:
    """Generate itineraries until the bound meets the master, or time is over."""
    while not until():
        before = generation.bound
        added = generation.round()
        tell(generation.bound)
        if generation.bound >= before:
            generation.box = max(0.7 * generation.box, SMALLEST_BOX)
        generation.move_box()
        generation.solve_master()
        if generation.bound - generation.value < CLOSED:
            if generation.missed < 1e-6:
                return
            generation.box *= 4.0
        elif added == 0 and generation.bound >= before:
            generation.best_prices = generation.prices.copy()
