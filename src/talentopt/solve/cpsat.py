"""CP-SAT, so that Ctrl-C still reaches whoever waits for it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talentopt.solve.integers import IntegerModel

POLL_SECONDS = 0.1

DETERMINISTIC_PER_SECOND = 0.5
"""Units of CP-SAT's deterministic time per second of the limit when reproducible.

A unit takes about a second of one worker on a usual core; the limit is kept
loosely and the clock decides nothing.
"""


def cp_sat(workers: int) -> cp_model.CpSolver:
    """Make a solver with some threads.

    By default CP-SAT takes SIGINT over while it solves, and afterwards does not give it back: the
    next Ctrl-C would end the process and lose the plan.
    """
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False
    solver.parameters.num_workers = workers
    return solver


def build(integers: IntegerModel) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """Turn an integer model into CP-SAT's."""
    program = cp_model.CpModel()
    columns = [
        program.new_int_var(low, high, "")
        for low, high in zip(integers.lower.tolist(), integers.upper.tolist(), strict=True)
    ]
    matrix = integers.matrix
    for row in range(matrix.shape[0]):
        inside = slice(matrix.indptr[row], matrix.indptr[row + 1])
        expression = cp_model.LinearExpr.weighted_sum(
            [columns[column] for column in matrix.indices[inside]], matrix.data[inside].tolist()
        )
        program.add_linear_constraint(
            expression, int(integers.row_lower[row]), int(integers.row_upper[row])
        )
    paying = np.flatnonzero(integers.objective)
    program.maximize(
        cp_model.LinearExpr.weighted_sum(
            [columns[column] for column in paying], integers.objective[paying].tolist()
        )
    )
    return program, columns


@contextmanager
def stopping(solver: cp_model.CpSolver, wanted: Callable[[], bool]) -> Iterator[None]:
    """Stop the search of a solver within the block as soon as that is wanted."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(POLL_SECONDS):
            if wanted():
                solver.stop_search()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


class News(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
    """Tells of every solution that CP-SAT finds.

    Parameters
    ----------
    tell : callable
        Hears a function that gives the value of each variable.
    """

    def __init__(self, tell: Callable[[Callable[[cp_model.IntVar], int]], object]) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        """Tell of the solution just found."""
        self._tell(self.value)
