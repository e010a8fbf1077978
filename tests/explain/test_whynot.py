"""Why-not answers, recomputed by solving the whole scenario with the option insisted on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from talentopt.explain.asking import take_plan
from talentopt.explain.facts import facts_against
from talentopt.explain.moves import moves
from talentopt.explain.price import Near, Nearby, Price, _Search, find_price
from talentopt.explain.require import require
from talentopt.explain.wanted import Unknown, find_person, find_wanted
from talentopt.explain.whynot import why_not
from talentopt.generate import generate
from talentopt.insight.standing import Standing
from talentopt.pipeline import prepare, solve
from talentopt.plan.warm import warm_start
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read
from talentopt.solve.control import Control, Limits
from talentopt.solve.exact import solve as solve_exact
from talentopt.solve.greedy.solver import solve as solve_greedily
from talentopt.solve.lagrangian.solver import solve as solve_with_prices

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.explain.wanted import Wanted
    from talentopt.problem import Assignment, Problem


def standing_of(folder: Path) -> Standing:
    scenario = read(folder)
    compiled = prepare(scenario)
    return take_plan(scenario, solve(folder, solver="exact", workers=1), compiled)


def test_prices_are_those_of_the_whole_scenario(folder: Path) -> None:
    standing = standing_of(folder)
    asked = 0
    for person, person_id in enumerate(standing.index.people):
        for option in ("m", "n", "R1", "R2", "R3", "R1@2026-02"):
            (wanted,) = find_wanted(standing, person, option)
            if wanted.number < 0:
                assert facts_against(standing.scenario, wanted)
                continue
            control = Control(require(standing.problem, wanted), Limits(seconds=20, workers=1))
            solve_exact(control.problem, control)
            price = find_price(standing, wanted, 10.0, 1)
            assert price.proven
            assert control.value is not None
            assert price.assignment is not None
            assert price.change == pytest.approx(control.value - standing.evaluation.value)
            has = evaluate(require(standing.problem, wanted), price.assignment)
            assert not has.violations
            asked += 1
            difference = moves(
                standing.problem, standing.names, standing.assignment, price.assignment
            )
            assert (price.change == pytest.approx(0)) or len(difference), person_id
    assert asked > 10


def test_what_is_known_of_all_plans_bounds_the_price(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("talentopt.explain.price.WHOLE_ARCS", -1)
    standing = standing_of(folder)
    (section,) = why_not(standing, "b", "m", 10.0, 1)
    assert not section.facts["proven"]
    assert section.facts["price_at_least"] == -float("inf")
    assert "among plans in which" in section.lines[1]
    bound = standing.evaluation.value + 1.0
    (section,) = why_not(standing, "b", "m", 10.0, 1, bound=bound)
    assert section.facts["price_at_least"] == pytest.approx(-1.0)
    assert "none with it gains more than 1.00" in section.lines[1]


def test_others_give_way_in_turn(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("chains") / "s"
    generate(folder, participants=8, model="one-five-n", seed=2)
    scenario = read(folder)
    compiled = prepare(scenario)
    problem = compiled.problem
    control = Control(problem, Limits(seconds=2.0, workers=1))
    solve_with_prices(problem, control)
    assert control.best is not None
    standing = Standing.holding(scenario, compiled, control.best)
    monkeypatch.setattr("talentopt.explain.price.WHOLE_STARTS", 0)
    monkeypatch.setattr("talentopt.explain.searching.MONOLITH_STARTS", 0)
    free = np.setdiff1d(np.arange(problem.itineraries.n_options), control.best.options)
    option = int(free[0])
    name = standing.index.placements[problem.itineraries.option_placement[option]]
    (wanted,) = find_wanted(standing, 0, name)
    alone = _Search(standing, wanted, None, 1, 2.0, float("inf"))
    alone.alone()
    price = find_price(standing, wanted, 2.0, 1, float("inf"), control.prices)
    assert price.assignment is not None
    value = evaluate(require(problem, wanted), price.assignment)
    assert not value.violations
    assert value.value - standing.evaluation.value == pytest.approx(price.change)
    # Whoever gives way is asked after the one alone, so that the price is no higher.
    assert price.change >= alone.result().change - 1e-6
    assert alone.result().most == float("inf") > price.most >= price.change - 1e-6


def test_plans_of_everybody_anew_have_what_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(tmp_path / "s", participants=20, model="one-five-n", seed=5)
    scenario = read(tmp_path / "s")
    compiled = prepare(scenario)
    control = Control(compiled.problem, Limits(seconds=3.0, workers=1))
    solve_with_prices(compiled.problem, control)
    assert control.best is not None
    standing = Standing.holding(scenario, compiled, control.best)
    monkeypatch.setattr("talentopt.explain.price.WHOLE_STARTS", 0)
    for option in not_held(standing)[:60:20]:
        wanted = wanted_of(standing, option)
        price = find_price(standing, wanted, 2.0, 1, control.bound, control.prices)
        plans = [(price.assignment, price.change)]
        if price.nearby is not None:
            plans.append((price.nearby.assignment, price.nearby.change))
            assert price.nearby.change < price.change
        for plan, change in plans:
            assert plan is not None
            value = evaluate(require(compiled.problem, wanted), plan)
            assert not value.violations
            assert value.value - standing.evaluation.value == pytest.approx(change)
            assert price.most >= change - 1e-6


def test_a_dearer_plan_is_told_where_far_fewer_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(tmp_path / "s", participants=20, model="one-five-n", seed=5)
    scenario = read(tmp_path / "s")
    compiled = prepare(scenario)
    standing = Standing.holding(scenario, compiled, climb(compiled.problem, seed=1))
    # What one person can have alone depends on the plan, and how good that is on the machine.
    for option in not_held(standing)[::7]:
        wanted = wanted_of(standing, option)
        alone = _Search(standing, wanted, None, 1, 2.0, float("inf"))
        alone.alone()
        few = alone.result()
        if few.assignment is not None:
            break
    assert few.assignment is not None
    anew = climb(require(compiled.problem, wanted), seed=2)
    change = evaluate(compiled.problem, anew).value - standing.evaluation.value
    nearby = Nearby(few.assignment, few.change)
    found = Price(anew, change, Near(float("inf"), (), only_pairs=False), float("inf"), nearby)
    monkeypatch.setattr("talentopt.explain.whynot.find_price", lambda *_, **__: found)
    person = standing.index.people[wanted.person]
    sections = why_not(standing, person, wanted.name, 1.0, 1)
    assert [section.name for section in sections] == ["why_not", "why_not_with_fewer_moves"]
    assert [section.facts["price"] for section in sections] == [-change, -few.change]
    moving = [section.facts["others_moving"] for section in sections]
    assert moving == [section.table["person"].nunique() - 1 for section in sections]
    assert moving[1] == 0 < moving[0]

    found = replace(found, nearby=Nearby(anew, change))
    (only,) = why_not(standing, person, wanted.name, 1.0, 1)
    assert only.name == "why_not"


def not_held(standing: Standing) -> list[int]:
    options = np.arange(standing.problem.itineraries.n_options)
    return np.flatnonzero(~np.isin(options, standing.assignment.options)).tolist()


def wanted_of(standing: Standing, option: int) -> Wanted:
    itineraries = standing.problem.itineraries
    person = int(itineraries.option_person()[option])
    placement = standing.index.placements[itineraries.option_placement[option]]
    (wanted,) = find_wanted(standing, person, placement)
    return wanted


def climb(problem: Problem, seed: int) -> Assignment:
    control = Control(problem, Limits(seconds=0.5, workers=1, seed=seed))
    solve_greedily(problem, control)
    assert control.best is not None
    return control.best


def test_ineligible_names_the_fact(folder: Path) -> None:
    (section,) = why_not(standing_of(folder), "c", "guide/m", 5.0, 1)
    assert section.facts["answer"] == "ineligible"
    assert "grade" in section.lines[0]


def test_impossible_names_the_fixed_entries(folder: Path) -> None:
    (folder / "pairs.csv").write_text("matching,seeker,provider,status\nguide,a,m,fixed\n")
    (folder / "bookings.csv").write_text("participant,placement,status\nc,R3,fixed\na,R1,fixed\n")
    (section,) = why_not(standing_of(folder), "b", "m", 10.0, 1)
    assert section.facts["answer"] == "impossible"
    sources = set(section.table["source"])
    assert any("pairs.csv, line 2" in source for source in sources)
    (section,) = why_not(standing_of(folder), "b", "R3", 10.0, 1)
    assert section.facts["answer"] == "impossible"
    assert any("bookings.csv, line 2" in source for source in section.table["source"])


def test_a_holder_whose_other_bookings_need_the_seat_is_asked_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("talentopt.explain.price.WHOLE_ARCS", -1)
    monkeypatch.setattr("talentopt.explain.price.ANEW_STARTS", 0)
    (folder / "prerequisites.csv").write_text("placement,requires\nR2,R1\n")
    (folder / "bookings.csv").write_text("participant,placement,status\nb,R2,forbidden\n")
    scenario = read(folder)
    compiled = prepare(scenario)
    pairs = pd.DataFrame({"matching": [], "seeker": [], "provider": []})
    held = pd.DataFrame(
        {"participant": "a", "placement": ["R1", "R2"], "start": ["2026-01", "2026-04"]}
    )
    plan = warm_start(compiled, scenario, pairs, held)
    standing = Standing.holding(scenario, compiled, plan)
    (section,) = why_not(standing, "b", "R1@2026-01", 10.0, 1)
    assert section.facts["answer"] == "possible at a price"
    assert set(section.table["person"]) == {"a", "b"}


def test_private_answers_name_nobody_else(folder: Path) -> None:
    standing = standing_of(folder)
    (section,) = why_not(standing, "b", "m", 10.0, 1, private=True)
    assert section.facts["answer"] == "possible at a price"
    assert set(section.table["person"]) <= {"b"}
    assert section.facts["others_moving"] == 1


def test_unknown_names_get_the_nearest(folder: Path) -> None:
    standing = standing_of(folder)
    with pytest.raises(Unknown, match="no participant"):
        find_person(standing, "zz")
    with pytest.raises(Unknown, match="did you mean"):
        find_wanted(standing, 0, "R11")


def test_a_prerequisite_fixed_too_late_is_named(folder: Path) -> None:
    (folder / "prerequisites.csv").write_text("placement,requires\nR2,R1\n")
    (folder / "bookings.csv").write_text(
        "participant,placement,start,status\na,R1,2026-04,fixed\n"
    )
    (section,) = why_not(standing_of(folder), "a", "R2", 10.0, 1)
    assert section.facts["answer"] == "impossible"
    assert section.table["source"].tolist() == ["bookings.csv, line 2"]
