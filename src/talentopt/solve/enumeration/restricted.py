"""The restricted master: the linear model with the itineraries known so far, in HiGHS.

Its prices swing wildly while the itineraries are few, so they are held in a box around
a centre (Marsten, Hogan and Blankenship, "The boxstep method for large-scale
optimization", 1975): each row may be missed at the box's price.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from talentopt.solve.enumeration.bound import Prices
from talentopt.solve.enumeration.columns import Coefficients, Columns
from talentopt.solve.highs import quiet_highs

if TYPE_CHECKING:
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.structure import Structure
    from talentopt.solve.enumeration.work import Work

DUAL, PRIMAL = 1, 4
"""HiGHS' simplex methods: the primal one continues when columns or costs change, the dual
one when bounds do."""

FAR = 1e5
"""Half the width of the box of a row whose price is not known yet."""


@dataclass(frozen=True, slots=True)
class Solution:
    """An optimal solution of the restricted master.

    Attributes
    ----------
    value : float
    missed : float
        Units by which rows are missed.
    off : (n_rows,) bool
        Rows that are missed: their prices are at the edge of the box.
    shared : (n_shared_columns,) float64
    itineraries : (n_itineraries,) float64
    prices : Prices
    """

    value: float
    missed: float
    off: np.ndarray
    shared: np.ndarray
    itineraries: np.ndarray
    prices: Prices


class Stand(NamedTuple):
    """Where a solution stands, for any restricted master of the same model.

    Attributes
    ----------
    others, rows : list of HighsBasisStatus
        Of the columns that are no itineraries, and of the rows.
    basic : Columns
        The itineraries in the basis.
    """

    others: list[highspy.HighsBasisStatus]
    rows: list[highspy.HighsBasisStatus]
    basic: Columns


class Restricted:
    """A restricted master.

    Parameters
    ----------
    model : LinearModel
    structure : Structure
    bounds : pair of (n_columns,) float64
        Finite bounds of the model's columns.
    work : Work
        Where its work is counted.
    """

    def __init__(
        self,
        model: LinearModel,
        structure: Structure,
        bounds: tuple[np.ndarray, np.ndarray],
        work: Work,
    ) -> None:
        """Begin without itineraries."""
        self.model, self.structure, self._work = model, structure, work
        self.coefficients = Coefficients(model, structure)
        self.columns = Columns(
            np.zeros(0, np.int64),
            csr_array((0, model.n_columns)),
            np.zeros(0),
            np.zeros(0),
        )
        self.points = np.zeros(0)
        self.uses = csc_array((len(structure.shared_rows), 0))
        self._position: dict[tuple[int, bytes], int] = {}
        self._rows = structure.shared_rows
        self._highs = self._begin(bounds)

    @property
    def first(self) -> int:
        """HiGHS' column of the first itinerary."""
        return len(self.structure.shared_columns) + 2 * len(self._rows)

    def _begin(self, bounds: tuple[np.ndarray, np.ndarray]) -> highspy.Highs:
        model, shared = self.model, self.structure.shared_columns
        n_rows, n_parts = len(self._rows), len(self.structure.parts)
        unit = eye_array(n_rows)
        above = hstack([csc_array(self.coefficients.matrix)[:, shared], -unit, unit])
        matrix = csc_array(vstack([above, csr_array((n_parts + 1, above.shape[1]))]))
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = matrix.shape[1], matrix.shape[0]
        program.sense_ = highspy.ObjSense.kMaximize
        program.offset_ = model.constant
        endless = np.full(2 * n_rows, highspy.kHighsInf)
        one, free = np.ones(n_parts), [highspy.kHighsInf]
        program.col_cost_ = np.concatenate([model.objective[shared], np.full(2 * n_rows, -FAR)])
        program.col_lower_ = np.concatenate([bounds[0][shared], np.zeros(2 * n_rows)])
        program.col_upper_ = np.concatenate([bounds[1][shared], endless])
        program.row_lower_ = np.concatenate([model.row_lower[self._rows], one, np.negative(free)])
        program.row_upper_ = np.concatenate([model.row_upper[self._rows], one, free])
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = matrix.indptr
        program.a_matrix_.index_ = matrix.indices
        program.a_matrix_.value_ = matrix.data
        highs = quiet_highs()
        highs.setOptionValue("presolve", "off")
        # Changed costs cost more pivots than they save from a basis that is nearly optimal.
        highs.setOptionValue("dual_simplex_cost_perturbation_multiplier", 0.0)
        highs.passModel(program)
        return highs

    def move_box(self, centre: np.ndarray, half: np.ndarray) -> None:
        """Put the box around prices.

        Parameters
        ----------
        centre : (n_rows,) float64
        half : (n_rows,) float64
            Half its width.
        """
        at, wide = centre[self._rows], half[self._rows]
        first = len(self.structure.shared_columns)
        cells = np.arange(first, self.first, dtype=np.int32)
        costs = np.concatenate([-(at + wide), at - wide])
        self._highs.changeColsCost(len(cells), cells, costs)

    def limit_missing(self, least: float, most: float) -> None:
        """Limit the placements missing altogether."""
        self._highs.changeRowBounds(len(self._rows) + len(self.structure.parts), least, most)

    def bound_itineraries(self, which: np.ndarray, lower: float, upper: float) -> None:
        """Set the bounds of some itineraries."""
        cells = (self.first + which).astype(np.int32)
        size = len(cells)
        self._highs.changeColsBounds(size, cells, np.full(size, lower), np.full(size, upper))

    def bound_shared(self, lower: np.ndarray, upper: np.ndarray) -> None:
        """Set the bounds of the shared columns among the model's columns."""
        shared = self.structure.shared_columns
        cells = np.arange(len(shared), dtype=np.int32)
        self._highs.changeColsBounds(len(shared), cells, lower[shared], upper[shared])

    def bound_rows(self, rows: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Set the bounds of some shared rows."""
        places = np.searchsorted(self._rows, rows).tolist()
        for place, low, high in zip(places, lower.tolist(), upper.tolist(), strict=True):
            self._highs.changeRowBounds(place, low, high)

    def add(self, columns: Columns) -> np.ndarray:
        """Add the itineraries that are new; returns where each one stands, (n,) int64."""
        keys = columns.keys()
        fresh: list[int] = []
        for row, key in enumerate(keys):
            if key not in self._position:
                self._position[key] = len(self.columns) + len(fresh)
                fresh.append(row)
        if fresh:
            new = columns if len(fresh) == len(keys) else columns.subset(np.array(fresh))
            self._append(new)
        return np.array([self._position[key] for key in keys], dtype=np.int64)

    def _append(self, new: Columns) -> None:
        uses, points = self.coefficients.uses(new), self.coefficients.points(new)
        n_new, n_parts = len(new), len(self.structure.parts)
        every = np.arange(n_new)
        one_each = csr_array((np.ones(n_new), (new.part, every)), shape=(n_parts, n_new))
        block = csc_array(vstack([uses, one_each, csr_array(new.missing[None, :])]))
        endless = np.full(n_new, highspy.kHighsInf)
        self._highs.addCols(
            n_new,
            points,
            np.zeros(n_new),
            endless,
            block.nnz,
            block.indptr.astype(np.int32),
            block.indices.astype(np.int32),
            block.data,
        )
        self.columns = self.columns.joined(new)
        self.points = np.append(self.points, points)
        self.uses = csc_array(hstack([self.uses, uses]))

    def worth(self, prices: Prices) -> np.ndarray:
        """(n_itineraries,) float64: points less use at prices."""
        used = self.uses.T @ prices.rows[self._rows]
        return np.asarray(self.points - used - prices.missing * self.columns.missing)

    def best_known(self, prices: Prices) -> np.ndarray:
        """(n_parts,) float64: worth of each part's best itinerary; -inf where there is none."""
        best = np.full(len(self.structure.parts), -np.inf)
        np.maximum.at(best, self.columns.part, self.worth(prices))
        return best

    def basis(self) -> highspy.HighsBasis:
        """Keep where the last solution stands, for `restart`."""
        return self._highs.getBasis()

    def restart(self, basis: highspy.HighsBasis) -> None:
        """Go back to a basis; the itineraries added since stay out of it."""
        added = self._highs.getNumCol() - len(basis.col_status)
        if added:
            out = [highspy.HighsBasisStatus.kLower] * added
            basis.col_status = [*basis.col_status, *out]
        self._highs.setBasis(basis)

    def stand(self) -> Stand:
        """Describe where the last solution stands; see `return_to`."""
        basis = self._highs.getBasis()
        itineraries = basis.col_status[self.first :]
        basic = [
            at for at, one in enumerate(itineraries) if one == highspy.HighsBasisStatus.kBasic
        ]
        kept = self.columns.subset(np.array(basic, dtype=np.int64))
        return Stand(basis.col_status[: self.first], basis.row_status, kept)

    def return_to(self, stand: Stand) -> None:
        """Go back to where a solution stood; its itineraries must be known."""
        itineraries = [highspy.HighsBasisStatus.kLower] * len(self.columns)
        keys = stand.basic.keys()
        for key in keys:
            itineraries[self._position[key]] = highspy.HighsBasisStatus.kBasic
        basis = highspy.HighsBasis()
        basis.valid = True
        basis.col_status = [*stand.others, *itineraries]
        basis.row_status = stand.rows
        self._highs.setBasis(basis)

    def estimate(self, pivots: int) -> float:
        """Bound the value from above by some dual pivots; -inf when it has no solution."""
        self._highs.setOptionValue("simplex_strategy", DUAL)
        self._highs.setOptionValue("simplex_iteration_limit", pivots)
        self._highs.run()
        self._highs.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
        information, status = self._highs.getInfo(), self._highs.getModelStatus()
        self._work.solved(information.simplex_iteration_count, self._highs.getNumNz())
        if status == highspy.HighsModelStatus.kInfeasible:
            return -np.inf
        return float(information.objective_function_value)

    def solve(self, *, dual: bool = False) -> Solution | None:
        """Solve it; None when it has no solution.

        Parameters
        ----------
        dual : bool
            Whether bounds have changed since the last time.
        """
        self._highs.setOptionValue("simplex_strategy", DUAL if dual else PRIMAL)
        self._highs.run()
        pivots = self._highs.getInfo().simplex_iteration_count
        self._work.solved(pivots, self._highs.getNumNz())
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._highs.getSolution()
        values, duals = np.asarray(solution.col_value), np.asarray(solution.row_dual)
        n_shared, n_rows = len(self.structure.shared_columns), len(self._rows)
        rows = np.zeros(self.model.n_rows)
        rows[self._rows] = duals[:n_rows]
        slack = values[n_shared : self.first]
        off = np.zeros(self.model.n_rows, dtype=bool)
        off[self._rows] = slack[:n_rows] + slack[n_rows:] > 1e-7
        return Solution(
            self._highs.getInfo().objective_function_value,
            float(slack.sum()),
            off,
            values[:n_shared],
            values[self.first :],
            Prices(rows, float(duals[-1])),
        )
