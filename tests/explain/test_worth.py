"""What one more place, coin or seat is worth, held against the best plan with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.explain.cases import CALENDAR, MODEL, PLACEMENTS, TABLES, WISHES, wishes
from tests.scenarios import write_scenario

from talentopt.explain.worth import explain_worth, find_offers
from talentopt.insight.standing import Standing
from talentopt.pipeline import prepare
from talentopt.problem import Assignment, Prices
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read
from talentopt.solve.control import Control, Limits
from talentopt.solve.exact import solve

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.problem import Problem

POSTS = [
    {"id": "HEAD", "capacity": 1},
    {"id": "LEAD", "capacity": 2, "budget": "titles", "cost": 5},
]
LONG = {"id": "R4", "stage": "rotation", "duration": 6, "seats": 1, "area": "z"}
POST = {
    "seekers": "participants",
    "providers": "posts",
    "points": [{"preference": {"weight": 1}}],
}
MORE_WISHES = wishes(
    ("a", "HEAD", 50),
    ("b", "HEAD", 45),
    ("b", "LEAD", 40),
    ("c", "LEAD", 33),
    ("a", "R4", 60),
    ("b", "R4", 58),
)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    """One post that two want, and money for one of two who want the other."""
    tables = {
        **TABLES,
        "posts": POSTS,
        "placements": [*PLACEMENTS, LONG],
        "preferences": WISHES + MORE_WISHES,
        "budgets": [{"budget": "titles", "amount": 5}],
    }
    model = {**MODEL, "matchings": {**MODEL["matchings"], "post": POST}}
    folder = tmp_path_factory.mktemp("worth") / "s"
    scenario = read(write_scenario(folder, tables, model, calendar=CALENDAR))
    compiled = prepare(scenario)
    best = solved(compiled.problem)
    assert best.best is not None
    return Standing.holding(scenario, compiled, best.best)


def solved(problem: Problem) -> Control:
    control = Control(problem, Limits(seconds=20.0, workers=1))
    solve(problem, control)
    assert control.optimal
    return control


def test_offers_are_what_the_best_plan_with_them_gains(standing: Standing) -> None:
    offers = find_offers(standing, 20.0)
    assert {offer.kind for offer in offers} == {"seat", "place", "coin"}
    for offer in offers:
        value = evaluate(offer.problem, offer.assignment)
        assert not value.violations
        assert value.value - standing.evaluation.value == pytest.approx(offer.worth)
        assert evaluate(standing.problem, offer.assignment).violations
        assert solved(offer.problem).value >= value.value - 1e-6


def test_a_place_lets_one_come_whose_place_lets_another_come(standing: Standing) -> None:
    worth = {offer.edit: offer for offer in find_offers(standing, 20.0)}
    post = worth["1 more capacity of HEAD"]
    # b leaves LEAD for HEAD (5 points), and c takes the place and the money (33).
    assert post.worth == pytest.approx(38)
    assert post.helped == ("b", "c")
    assert worth["1 more capacity of m"].worth == pytest.approx(20)
    assert worth["5 more in budget titles"].worth == pytest.approx(33)


def test_the_table_is_ranked(standing: Standing) -> None:
    (section,) = explain_worth(standing, 20.0)
    assert section.facts["coin"] == 1
    first = section.table[section.table["kind"] != "coin"]["per_unit"]
    assert first.is_monotonic_decreasing


def test_prices_estimate_what_seats_are_worth(tmp_path: Path) -> None:
    path = write_scenario(
        tmp_path / "s",
        {
            "participants": [{"id": "P1"}, {"id": "P2"}],
            "placements": [{"id": "R", "stage": "rotation", "duration": 4, "seats": 1}],
        },
        {
            "name": "one seat",
            "itineraries": {"stages": [{"stage": "rotation", "min": 1, "missing": 100}]},
        },
        calendar=CALENDAR,
    )
    scenario = read(path)
    compiled = prepare(scenario)
    one = Assignment.of(np.zeros(0, np.int64), np.array([0]), np.array([0], dtype=np.int32))
    standing = Standing.holding(scenario, compiled, one)
    seats = np.full(compiled.problem.itineraries.seats.shape, 7.0)
    none = np.zeros((0, 0))
    prices = Prices(seats, none, none[0:0], none[0:0], none)
    told = [find_offers(standing, 20.0, known)[0].estimate for known in (prices, None)]
    assert told[0] in (7.0, 14.0, 21.0, 28.0)
    assert np.isnan(told[1])
