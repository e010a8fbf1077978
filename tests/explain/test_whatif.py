"""What a change makes of a plan in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.explain.cases import PLACEMENTS

from talentopt.audit.check import audit
from talentopt.explain import searching
from talentopt.explain.searching import Searching
from talentopt.explain.whatif import Change, what_if
from talentopt.pipeline import prepare, solve
from talentopt.plan.files import write_plan
from talentopt.plan.warm import warm_start
from talentopt.problem import Prices
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read
from talentopt.solve.control import Limits

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("change", "sign"), [("0", -1), ("1", 0), ("4", 1)])
def test_more_seats_never_make_a_difference_below_zero_nor_fewer_one_above(
    folder: Path, tmp_path: Path, change: str, sign: int
) -> None:
    write_plan(solve(folder, solver="greedy", time_limit=1, workers=1), tmp_path / "plan")
    place = PLACEMENTS[0]["id"]
    values, *_ = what_if(
        folder,
        tmp_path / "plan",
        Change({f"placements.{place}.seats": change}),
        Limits(seconds=1, workers=1),
        tmp_path / "new",
    )
    difference = values.facts["difference"]
    assert difference * sign >= 0
    edited = read(folder, overrides={f"placements.{place}.seats": change})
    verdict = audit(edited, tmp_path / "new")
    assert verdict.ok
    assert verdict.objective == pytest.approx(values.facts["value_changed"])


def test_many_people_are_searched_on_by_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MONOLITH_STARTS", 0)
    scenario = read("scenarios/northern")
    compiled = prepare(scenario)
    problem = compiled.problem
    plan = solve(scenario, solver="greedy", time_limit=1, workers=1)
    start = warm_start(compiled, scenario, plan.pairs, plan.placements)
    known = Prices(
        np.zeros(problem.itineraries.seats.shape),
        np.zeros(problem.matchings.role_capacity.shape),
        np.zeros(problem.matchings.n_providers),
        np.zeros(len(problem.rows)),
        np.zeros(problem.links.points.shape),
    )
    control = Searching(problem, known, 1).on(start, Limits(seconds=1, workers=1))
    assert control.phase == "warm start"
    assert control.best is not None
    assert control.value is not None
    before = evaluate(problem, start).value
    assert before < control.value <= control.bound
    assert not evaluate(problem, control.best).violations
