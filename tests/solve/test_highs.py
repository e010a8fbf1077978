"""HiGHS several times in one process."""

from __future__ import annotations

import highspy
import pytest

from solve.movers import movers
from talentopt.problem.encode import encode
from talentopt.solve.control import Control, Limits
from talentopt.solve.highs import quiet_highs, search


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_search_on_any_number_of_cores_lets_later_models_run(tmp_path, workers):
    problem = movers(
        tmp_path, [10, 11], booked=1, start="2026-01", periods=1, stability={"caps": {}}
    )
    control = Control(problem, Limits(seconds=10.0, workers=workers))
    search(encode(problem), control)
    assert control.optimal
    later = quiet_highs()
    later.addVar(0.0, 1.0)
    later.changeColCost(0, -1.0)
    assert later.run() == highspy.HighsStatus.kOk
    assert later.getModelStatus() == highspy.HighsModelStatus.kOptimal
    assert later.getSolution().col_value == [1.0]
