"""CP-SAT, so that Ctrl-C still reaches whoever waits for it."""

from __future__ import annotations

from ortools.sat.python import cp_model


def cp_sat(workers: int) -> cp_model.CpSolver:
    """Make a solver with some threads.

    By default CP-SAT takes SIGINT over while it solves, and afterwards does not give it back: the
    next Ctrl-C would end the process and lose the plan.
    """
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False
    solver.parameters.num_workers = workers
    return solver
