"""The solvers by name; each is imported when it is used."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from talentopt.solve.control import Solver

SOLVERS = {
    "auto": "talentopt.solve.auto:solve",
    "exact": "talentopt.solve.exact:solve",
    "lagrangian": "talentopt.solve.lagrangian.solver:solve",
    "columns": "talentopt.solve.columns.solver:solve",
    "milp": "talentopt.solve.milp:solve",
    "greedy": "talentopt.solve.greedy.solver:solve",
}
"""Where each solver's function is: ``module:function``."""


def find_solver(name: str) -> Solver:
    """Import a solver.

    Parameters
    ----------
    name : str
        A key of `SOLVERS`, or ``milp:NAME`` with the name of a solver that
        PuLP knows.

    Raises
    ------
    KeyError
        If there is no solver of that name.
    """
    name, _, inner = name.partition(":")
    if inner and name != "milp":
        raise KeyError(name)
    module, _, function = SOLVERS[name].partition(":")
    solver = getattr(import_module(module), function)
    return cast("Solver", partial(solver, solver=inner) if inner else solver)
