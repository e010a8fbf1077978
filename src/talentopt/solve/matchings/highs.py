"""HiGHS on a `Program`: prices of its relaxation, and the best whole choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import highspy

    from talentopt.problem import Problem
    from talentopt.solve.matchings.program import Program


@dataclass(frozen=True, slots=True)
class Prices:
    """Multipliers of everything that joins the demands.

    Attributes
    ----------
    role : (n_matchings, n_providers) float64
        At least 0.
    total : (n_providers,) float64
        At least 0.
    row : (n_rows,) float64
        What one more unit of a row's activity takes away; negative where a
        minimum pays for it.
    person : (n_people,) float64
        Share of the worst-off weight on each person's total; sums to it.
    """

    role: np.ndarray
    total: np.ndarray
    row: np.ndarray
    person: np.ndarray

    @classmethod
    def zero(cls, problem: Problem) -> Prices:
        """Start without prices, and the worst-off weight shared evenly."""
        matchings = problem.matchings
        n_people = problem.itineraries.n_people
        return cls(
            np.zeros((matchings.n_matchings, matchings.n_providers)),
            np.zeros(matchings.n_providers),
            np.zeros(len(problem.rows)),
            np.full(n_people, problem.worst_off / max(1, n_people)),
        )


@dataclass(frozen=True, slots=True)
class LinearOptimum:
    """Optimum of the linear relaxation over a program's arcs.

    Attributes
    ----------
    value : float
        -inf when nothing is allowed.
    chosen : (n_arcs_of_the_program,) float64
        How much of each arc is used.
    prices : Prices
    """

    value: float
    chosen: np.ndarray
    prices: Prices


@dataclass(frozen=True, slots=True)
class Choice:
    """Outcome of the integer program over a program's arcs.

    Attributes
    ----------
    arcs : (n,) int64, optional
        The best arcs found, ascending; None when none were found.
    bound : float
        No choice of the program's arcs is worth more; -inf when none is allowed.
    """

    arcs: np.ndarray | None
    bound: float


def linear(problem: Problem, program: Program, seconds: float) -> LinearOptimum | None:
    """Solve the linear relaxation.

    Returns
    -------
    LinearOptimum or None
        None when it was not finished in time.
    """
    import highspy

    model = _model(program, integer=False)
    model.setOptionValue("time_limit", max(0.01, seconds))
    model.run()
    status = model.getModelStatus()
    zero = Prices.zero(problem)
    if status == highspy.HighsModelStatus.kInfeasible:
        return LinearOptimum(-np.inf, np.zeros(len(program.arcs)), zero)
    if status != highspy.HighsModelStatus.kOptimal:
        return None
    solution = model.getSolution()
    dual = np.asarray(solution.row_dual)
    first = program.first
    zero.role.ravel()[program.role_cells] = np.maximum(
        dual[first["role"] : first["role"] + len(program.role_cells)], 0.0
    )
    zero.total[program.total_cells] = np.maximum(
        dual[first["total"] : first["total"] + len(program.total_cells)], 0.0
    )
    zero.row[:] = dual[first["rows"] : first["rows"] + len(problem.rows)]
    if "lowest" in first:
        share = np.abs(dual[first["lowest"] :])
        zero.person[:] = share * (problem.worst_off / max(share.sum(), 1e-12))
    chosen = np.asarray(solution.col_value)[: len(program.arcs)]
    return LinearOptimum(model.getInfo().objective_function_value, chosen, zero)


def integer(
    program: Program,
    *,
    seconds: float,
    seed: int,
    start: np.ndarray | None = None,
    improved: Callable[[np.ndarray], object] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Choice:
    """Choose whole arcs by branch and cut.

    Parameters
    ----------
    program : Program
    seconds : float
    seed : int
    start : (n,) int64, optional
        Arcs of an allowed choice to start from; those outside the program
        are left out.
    improved : callable, optional
        Told the arcs of every better choice, from the solver's thread.
    stop : callable, optional
        Asked now and then whether to stop.

    Returns
    -------
    Choice
    """
    import highspy

    model = _model(program, integer=True)
    model.setOptionValue("time_limit", max(0.01, seconds))
    model.setOptionValue("random_seed", seed % 2**31)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 1e-7)
    if start is not None:
        where = np.flatnonzero(np.isin(program.arcs, start)).astype(np.int32)
        every = np.arange(len(program.arcs), dtype=np.int32)
        used = np.zeros(len(program.arcs))
        used[where] = 1.0
        model.setSolution(len(every), every, used)
    if improved is not None:
        model.cbMipImprovingSolution.subscribe(
            lambda event: improved(_whole(program, np.asarray(event.data_out.mip_solution)))
        )
    if stop is not None:
        model.cbMipInterrupt.subscribe(lambda event: event.interrupt() if stop() else None)
    model.run()
    status, known = model.getModelStatus(), highspy.HighsModelStatus
    if status == known.kInfeasible:
        return Choice(None, -np.inf)
    info = model.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    arcs = _whole(program, np.asarray(model.getSolution().col_value)) if found else None
    # Before the first node is done the bound that HiGHS reports means nothing.
    stopped = status in (known.kTimeLimit, known.kInterrupt) and info.mip_node_count > 0
    proven = status == known.kOptimal or stopped
    return Choice(arcs, float(info.mip_dual_bound) if proven else np.inf)


def _whole(program: Program, x: np.ndarray) -> np.ndarray:
    return program.arcs[x[: len(program.arcs)] > 0.5]


def _model(program: Program, *, integer: bool) -> highspy.Highs:
    import highspy

    from talentopt.solve.highs import quiet_highs

    model = quiet_highs()
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = program.matrix.shape
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.points, program.least, program.most
    lp.row_lower_, lp.row_upper_ = program.lower, program.upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = program.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = program.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = program.matrix.data
    if integer:
        whole = np.zeros(lp.num_col_, dtype=np.int64)
        whole[: len(program.arcs)] = 1
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[k] for k in whole]
    model.passModel(lp)
    return model
