"""Names of solvers on the command line: ``auto``, ``exact``, …, ``milp:NAME``."""

from __future__ import annotations

import click

from talentopt.solve.registry import SOLVERS

METAVAR = f"[{'|'.join(SOLVERS)}|milp:NAME]"
"""What may be written."""


def check_solver(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Check a name: one of the registry, or ``milp:NAME`` with a solver that PuLP finds.

    Raises
    ------
    click.BadParameter
        If there is no such solver here.
    """
    base, colon, inner = value.partition(":")
    if base not in SOLVERS or (colon and base != "milp"):
        raise click.BadParameter(f"{value!r} is not one of {METAVAR}")
    if colon:
        import pulp

        known = pulp.listSolvers(onlyAvailable=True)
        if inner not in known:
            raise click.BadParameter(f"PuLP finds no {inner!r}; it finds {', '.join(known)}")
    return value
