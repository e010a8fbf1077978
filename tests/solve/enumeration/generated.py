"""Small problems whose itineraries have been generated, to branch on."""

from __future__ import annotations

import numpy as np

from random_problems import SOFT_RULES
from talentopt.problem.encode import encode
from talentopt.solve.enumeration.bound import Prices
from talentopt.solve.enumeration.generation import Generation, converge
from talentopt.solve.enumeration.structure import divide
from talentopt.solve.enumeration.work import Work
from talentopt.solve.integers import finite_bounds

LARGEST = 2000
ORDERED = tuple(rule for rule in SOFT_RULES if rule not in ("concurrent", "hours"))


def never() -> bool:
    return False


def generate(problem) -> Generation | None:
    """Generate itineraries until the bound meets the master; None where nobody has any."""
    model = encode(problem)
    structure = divide(problem, model)
    if not structure.parts:
        return None
    generation = Generation(model, structure, finite_bounds(model), 1, Work())
    generation.begin(Prices(np.zeros(model.n_rows), 0.0))
    known = np.zeros(model.n_rows, dtype=bool)
    rounds = iter(range(100))
    # Where nothing is allowed the bound falls without end.
    solved = converge(generation, known, lambda: next(rounds, None) is None, lambda _: None)
    return None if solved is None else generation
