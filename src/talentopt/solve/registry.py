"""The solvers by name; each is imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from talentopt.solve.control import Solver

SOLVERS = {
    "auto": "talentopt.solve.auto:solve",
    "exact": "talentopt.solve.exact:solve",
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
        A key of `SOLVERS`.

    Raises
    ------
    KeyError
        If there is no solver of that name.
    """
    module, _, function = SOLVERS[name].partition(":")
    return cast("Solver", getattr(import_module(module), function))
