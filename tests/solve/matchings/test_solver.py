from __future__ import annotations

import pytest

from solve.matchings.small_matchings import best_by_enumeration, random_problem
from talentopt.solve.control import Control, Limits
from talentopt.solve.matchings.solver import solve


@pytest.mark.parametrize("seed", range(15))
def test_optimum_and_bound_are_those_of_enumeration(seed: int) -> None:
    problem = random_problem(seed)
    control = Control(problem, Limits(seconds=20.0))
    solve(problem, control)
    best = best_by_enumeration(problem)
    if best is None:
        assert control.infeasible
        assert control.value is None
    else:
        assert control.value == pytest.approx(best, abs=1e-6)
        assert control.bound == pytest.approx(best, abs=1e-5)
