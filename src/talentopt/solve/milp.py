"""The whole model as a mixed-integer program, for HiGHS or any solver that PuLP knows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.encode import encode

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.control import Control

HIGHS = "HiGHS"
POLL_SECONDS = 0.1
GRACE_SECONDS = 5.0
"""How far beyond its limit an external solver may run before it is stopped: some
count processor time instead of the clock, and need a moment to write their answer."""


def solve(problem: Problem, control: Control, *, solver: str = HIGHS) -> None:
    """Search for the best assignment.

    HiGHS gets the arrays directly and reports bounds. Every other solver runs
    through PuLP in a process of its own, and only its assignment is believed.

    Parameters
    ----------
    problem : Problem
    control : Control
    solver : str
        Name of a PuLP solver, e.g. ``PULP_CBC_CMD``.

    Raises
    ------
    ValueError
        If PuLP does not know the solver, or it is not installed.
    """
    if solver != HIGHS:
        _require(solver)
    control.enter(f"milp ({solver}): building the model")
    model = encode(problem)
    if control.finished():
        return
    control.enter(f"milp ({solver}): searching")
    if solver == HIGHS:
        from talentopt.solve.highs import search

        search(model, control)
    else:
        _search_apart(model, control, solver)


def export(problem: Problem, path: Path) -> None:
    """Write the model for another program: ``.lp`` or ``.mps`` by the file's ending.

    An MPS file minimises points lost, since many programs read no other sense.

    Raises
    ------
    ValueError
        If the ending is neither.
    """
    import pulp

    from talentopt.solve.pulp_model import to_pulp

    if path.suffix not in (".lp", ".mps"):
        raise ValueError(f"{path}: the file name must end in .lp or .mps")
    program, _ = to_pulp(encode(problem))
    if path.suffix == ".lp":
        program.writeLP(str(path))
    else:
        program.writeMPS(str(path), mpsSense=pulp.LpMinimize)


def _require(solver: str) -> None:
    import pulp

    if solver not in pulp.listSolvers():
        raise ValueError(f"PuLP knows no solver {solver!r}; it knows {pulp.listSolvers()}")
    if solver not in pulp.listSolvers(onlyAvailable=True):
        raise ValueError(f"the solver {solver!r} is not installed on this machine")


def _search_apart(model: LinearModel, control: Control, solver: str) -> None:
    """Run a PuLP solver in a process group that can be stopped at any moment."""
    with TemporaryDirectory(prefix="talentopt-milp-") as name:
        folder = Path(name)
        from talentopt.solve.pulp_worker import ANSWER, write_task

        limits = control.limits
        write_task(model, folder)
        command = [sys.executable, "-m", "talentopt.solve.pulp_worker", name, solver]
        command += [str(control.seconds_left), str(max(1, limits.workers)), str(limits.gap)]
        process = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, cwd=name
        )
        try:
            _wait(process, control)
        finally:
            _stop(process)
        if (folder / ANSWER).exists():
            control.offer(model.decode(np.load(folder / ANSWER)))


def _wait(process: subprocess.Popen[bytes], control: Control) -> None:
    deadline = control.limits.seconds + GRACE_SECONDS
    while not control.interrupted and control.seconds < deadline:
        try:
            process.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
