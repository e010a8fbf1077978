"""The proof: every itinerary that a better plan could contain, in one last search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, vstack

from talentopt.solve.enumeration.columns import collect
from talentopt.solve.highs import BOUND_TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talentopt.solve.enumeration.columns import Columns
    from talentopt.solve.enumeration.generation import Generation
    from talentopt.solve.enumeration.paths import Worth

MOST_PER_PERSON = 20_000


class Proof(NamedTuple):
    """What a search found.

    Attributes
    ----------
    bound : float
        No plan made of the itineraries is worth more; -inf when there is none.
    values : (n_columns,) float64 or None
        The best plan, if there is one.
    """

    bound: float
    values: np.ndarray | None


def within(generation: Generation, value: float, most: int) -> Columns | None:
    """Enumerate the itineraries that a plan above a value could contain.

    Returns
    -------
    Columns or None
        None when they are more than `most`.
    """
    worth = generation.value(generation.prices).worth
    return near(generation, worth, generation.tops, generation.bound - value, most)


def near(
    generation: Generation, worth: Sequence[Worth], tops: np.ndarray, gap: float, most: int
) -> Columns | None:
    """Enumerate the itineraries that a plan could contain which is worth a bound less a gap.

    An itinerary that is worth less than its person's best by more than the gap, at
    the prices of the bound, is in no such plan (Baldacci, Christofides and Mingozzi,
    "An exact algorithm for the vehicle routing problem", 2008).

    Parameters
    ----------
    generation : Generation
    worth : sequence of Worth
        Of each part's choices at the prices of the bound.
    tops : (n_parts,) float64
        Most that an itinerary of each part is worth at these.
    gap : float
    most : int

    Returns
    -------
    Columns or None
        None when they are more than `most`.
    """
    found = generation.pricing.within(
        generation.everybody, worth, tops - gap - 1e-6, min(most, MOST_PER_PERSON)
    )
    if found is None or sum(len(one.facts) for one in found) > most:
        return None
    return collect(generation.structure, generation.model.n_columns, found)


def search(
    generation: Generation,
    columns: Columns,
    start: np.ndarray | None,
    settings: dict[str, Any],
    until: Callable[[], bool],
    tell: Callable[[np.ndarray], object],
) -> Proof:
    """Find the best plan that is made of some itineraries.

    Parameters
    ----------
    generation : Generation
    columns : Columns
    start : (n_columns,) float64, optional
        A plan made of them, as values of the model's columns.
    settings : dict
        Options of HiGHS.
    until : callable
        Whether to give up.
    tell : callable
        Hears every better plan, as values of the model's columns.
    """
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(_program(generation, columns))
    entries = highs.getNumNz()
    generation.work.began(entries)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", BOUND_TOLERANCE)
    highs.setOptionValue("threads", 1)
    for name, setting in settings.items():
        highs.setOptionValue(name, setting)

    known = None if start is None else _contract(generation, columns, start)
    if known is not None:
        first = highspy.HighsSolution()
        first.col_value = known
        highs.setSolution(first)

    def improved(event: Any) -> None:
        tell(_expand(generation, columns, np.asarray(event.data_out.mip_solution)))

    def asked(event: Any) -> None:
        generation.work.searched(entries)
        event.data_in.user_interrupt = until()

    highs.cbMipImprovingSolution.subscribe(improved)
    highs.cbMipInterrupt.subscribe(asked)
    highs.run()
    status, information = highs.getModelStatus(), highs.getInfo()
    solution = highs.getSolution()
    values = None
    if solution.value_valid:
        values = _expand(generation, columns, np.asarray(solution.col_value))
    if status == highspy.HighsModelStatus.kInfeasible:
        return Proof(-np.inf, values)
    started = status == highspy.HighsModelStatus.kOptimal or information.mip_node_count > 0
    bound = information.mip_dual_bound + BOUND_TOLERANCE if started else np.inf
    return Proof(bound, values)


def _program(generation: Generation, columns: Columns) -> highspy.HighsLp:
    model, structure = generation.model, generation.structure
    coefficients = generation.restricted.coefficients
    shared, rows, n_parts = structure.shared_columns, coefficients.rows, len(structure.parts)
    n_new = len(columns)
    one_each = csr_array(
        (np.ones(n_new), (columns.part, np.arange(n_new))), shape=(n_parts, n_new)
    )
    left = vstack([csc_array(coefficients.matrix)[:, shared], csr_array((n_parts, len(shared)))])
    right = vstack([coefficients.uses(columns), one_each])
    matrix = csc_array(hstack([left, right]))
    low, high = generation.bounds
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = matrix.shape[1], matrix.shape[0]
    program.sense_ = highspy.ObjSense.kMaximize
    program.offset_ = model.constant
    program.col_cost_ = np.append(model.objective[shared], coefficients.points(columns))
    program.col_lower_ = np.append(low[shared], np.zeros(n_new))
    program.col_upper_ = np.append(high[shared], np.ones(n_new))
    program.row_lower_ = np.append(model.row_lower[rows], np.ones(n_parts))
    program.row_upper_ = np.append(model.row_upper[rows], np.ones(n_parts))
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = matrix.indptr
    program.a_matrix_.index_ = matrix.indices
    program.a_matrix_.value_ = matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    integral = np.append(model.integral[shared], np.ones(n_new, dtype=bool))
    program.integrality_ = [kinds[int(one)] for one in integral]
    return program


def _expand(generation: Generation, columns: Columns, values: np.ndarray) -> np.ndarray:
    """(n_columns,) float64: values of the model's columns, those of paths aside."""
    shared = generation.structure.shared_columns
    everything = np.zeros(generation.model.n_columns)
    everything[shared] = values[: len(shared)]
    return np.asarray(everything + columns.chosen.T @ np.rint(values[len(shared) :]))


def _contract(generation: Generation, columns: Columns, values: np.ndarray) -> np.ndarray | None:
    """(n,) float64: a plan as values of shared columns and itineraries; None if one is absent."""
    structure = generation.structure
    held = columns.chosen @ values
    size = np.diff(columns.chosen.indptr)
    total = np.array(
        [
            (values[part.columns] > 0.5).sum() + values[part.events].sum()
            for part in structure.parts
        ]
    )
    same = np.flatnonzero((held > size - 0.5) & (size == total[columns.part]))
    parts, first = np.unique(columns.part[same], return_index=True)
    if len(parts) < len(structure.parts):
        return None
    share = np.zeros(len(columns))
    share[same[first]] = 1.0
    return np.concatenate([values[structure.shared_columns], share])
