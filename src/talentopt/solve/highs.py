"""HiGHS on a linear model: its relaxation, and the search for the best whole solution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from talentopt.problem.encode import LinearModel
    from talentopt.solve.control import Control

BOUND_TOLERANCE = 5e-7
"""Added to reported bounds: HiGHS satisfies rows to 1e-6 and reports with rounding."""

NODES_PER_SECOND = 50
"""Nodes of the search tree per second of the limit when reproducible."""


def quiet_highs() -> highspy.Highs:
    """Make a HiGHS that says nothing and works on one thread.

    All of one process share a scheduler: once that has begun with one number of threads, a
    model that asks for another is refused (`kError`). Nothing here gains by more than one.
    """
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    return highs


def to_highs(model: LinearModel, *, whole: bool) -> highspy.Highs:
    """Hand a model's arrays to a silent HiGHS.

    Parameters
    ----------
    model : LinearModel
    whole : bool
        Whether columns that must be whole are; otherwise the relaxation.
    """
    highs = quiet_program(
        model.objective,
        (model.column_lower, model.column_upper),
        model.matrix,
        (model.row_lower, model.row_upper),
    )
    highs.changeObjectiveOffset(model.constant)
    if whole:
        cells = np.arange(model.n_columns, dtype=np.int32)
        # HiGHS' numbers of kinds: 0 is continuous, 1 is integer.
        highs.changeColsIntegrality(model.n_columns, cells, model.integral.astype(np.uint8))
    return highs


def quiet_program(
    objective: np.ndarray,
    columns: tuple[np.ndarray, np.ndarray],
    matrix: csr_array,
    rows: tuple[np.ndarray, np.ndarray],
) -> highspy.Highs:
    """Hand a linear program that maximises to a silent HiGHS.

    Parameters
    ----------
    objective : (n_columns,) float64
    columns, rows : pair of float64 arrays
        Lower and upper bounds.
    matrix : (n_rows, n_columns) csr_array
    """
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = matrix.shape
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = objective
    program.col_lower_, program.col_upper_ = columns
    program.row_lower_, program.row_upper_ = rows
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = matrix.indptr
    program.a_matrix_.index_ = matrix.indices
    program.a_matrix_.value_ = matrix.data
    highs = quiet_highs()
    highs.passModel(program)
    return highs


def search(model: LinearModel, control: Control) -> None:
    """Run branch and cut within the control's limits, telling it of everything found."""
    limits = control.limits
    if model.matrix.shape[1] == 0:
        _conclude_empty(model, control)
        return
    highs = to_highs(model, whole=True)
    highs.setOptionValue("mip_rel_gap", limits.gap)
    highs.setOptionValue("mip_abs_gap", BOUND_TOLERANCE)
    highs.setOptionValue("random_seed", limits.seed % (2**31))
    if limits.reproducible:
        highs.setOptionValue("mip_max_nodes", max(1, int(limits.seconds * NODES_PER_SECOND)))
    else:
        highs.setOptionValue("time_limit", max(control.seconds_left, 0.01))
    if control.best is not None:
        start = highspy.HighsSolution()
        start.col_value = model.vector(control.best)
        highs.setSolution(start)

    def improved(event: Any) -> None:
        control.offer(model.decode(np.asarray(event.data_out.mip_solution)))

    def asked(event: Any) -> None:
        _tighten(control, event.data_out.mip_dual_bound, event.data_out.mip_node_count)
        timely = not limits.reproducible and control.finished()
        event.data_in.user_interrupt = control.interrupted or timely

    highs.cbMipImprovingSolution.subscribe(improved)
    highs.cbMipInterrupt.subscribe(asked)
    highs.run()
    _conclude(highs, model, control)


def _conclude(highs: highspy.Highs, model: LinearModel, control: Control) -> None:
    if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        control.prove_infeasible()
        return
    solution = highs.getSolution()
    if solution.value_valid:
        control.offer(model.decode(np.asarray(solution.col_value)))
    information = highs.getInfo()
    if model.integral.any():
        optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        _tighten(control, information.mip_dual_bound, int(optimal) or information.mip_node_count)
    elif highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        control.tighten(information.objective_function_value + BOUND_TOLERANCE)


def _tighten(control: Control, bound: float, nodes: int) -> None:
    """Take a bound, unless it is the 0 that HiGHS reports before it has any."""
    if nodes > 0 or bound != 0.0:
        control.tighten(bound + BOUND_TOLERANCE)


def _conclude_empty(model: LinearModel, control: Control) -> None:
    """Answer without HiGHS, which calls a model without columns neither optimal nor infeasible."""
    if (model.row_lower > BOUND_TOLERANCE).any() or (model.row_upper < -BOUND_TOLERANCE).any():
        control.prove_infeasible()
        return
    control.offer(model.decode(np.zeros(0)))
    control.tighten(model.constant)
