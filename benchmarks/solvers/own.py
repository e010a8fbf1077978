"""What the adapters of the project's own solvers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Problem
    from talentopt.solve.control import Control


def own(name: str) -> Callable[[Problem, Control], None]:
    """Make a solver that imports the one of the registry when it is used."""

    def solve(problem: Problem, control: Control) -> None:
        from talentopt.solve.registry import find_solver

        find_solver(name)(problem, control)

    return solve


def imports(name: str) -> Callable[[], None]:
    """Make what imports a solver of the registry before its clock starts."""

    def prepare() -> None:
        from talentopt.solve.registry import find_solver

        find_solver(name)

    return prepare


def needs_bookings(problem: Problem) -> str:
    """Say that a problem without itineraries is not what a method is for."""
    return "" if problem.itineraries.n_options else "there are no itineraries"
