"""Shortages cured in groups: every value that is told is that of a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from talentopt.explain.arranging import with_bookings
from talentopt.explain.cures_at_once import StageCures
from talentopt.explain.cures_of_hours import HoursCures
from talentopt.explain.groups import Grouped, tell_groups
from talentopt.explain.missing import missing
from talentopt.explain.rebooking import each_alone
from talentopt.generate import generate
from talentopt.insight.standing import Standing
from talentopt.pipeline import prepare
from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read
from talentopt.solve.control import Control, Limits
from talentopt.solve.greedy.solver import solve

if TYPE_CHECKING:
    from talentopt.problem import Problem

SECONDS = 60.0


@pytest.fixture(scope="module", params=["one-five-n", "ten-point-programme"])
def standing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Standing:
    """A plan of twelve people where seats are few."""
    folder = tmp_path_factory.mktemp("groups") / "scenario"
    generate(folder, participants=12, model=request.param, tightness=1.6, seed=3)
    scenario = read(folder)
    compiled = prepare(scenario)
    control = Control(compiled.problem, Limits(seconds=0.5, workers=1))
    solve(compiled.problem, control)
    assert control.best is not None
    return Standing.holding(scenario, compiled, control.best)


def roomy(problem: Problem, plan: Assignment) -> Problem:
    """Add the seats that a plan lacks."""
    itineraries = problem.itineraries
    used = measure.seats_used(itineraries, plan.options, plan.starts)
    seats = np.maximum(itineraries.seats, used)
    return replace(problem, itineraries=replace(itineraries, seats=seats))


def test_people_arranged_at_once_are_valued_as_one_by_one(standing: Standing) -> None:
    problem, plan = standing.problem, standing.assignment
    short = [one for one in missing(standing) if one.kind == "placement"]
    stage = short[0].number
    people = [one.person for one in short if one.number == stage]
    cures = StageCures(standing, stage, people)
    cures.find(np.inf)
    cures.do_without(np.inf)
    found = cures.bookings
    together = with_bookings(problem.itineraries, plan, found)
    numbers = np.array(sorted(found))
    alone = each_alone(problem, plan, standing.evaluation, together, numbers)
    for number, person in enumerate(numbers.tolist()):
        after = with_bookings(problem.itineraries, plan, {person: found[person]})
        value = evaluate(roomy(problem, after), after)
        assert alone.broken[number] == bool(value.violations)
        assert alone.change[number] == pytest.approx(value.value - standing.evaluation.value)
        used = measure.seats_used(problem.itineraries, after.options, after.starts)
        lacking = np.argwhere(used > problem.itineraries.seats)
        assert lacking.tolist() == np.stack(alone.lacking[number], axis=1).tolist()
    assert set(cures.remedies()) <= set(people)


def test_groups_are_cured_by_plans(standing: Standing) -> None:
    waiting = sorted(missing(standing), key=lambda one: -one.points)
    grouped = Grouped(standing, waiting, SECONDS)
    assert sum(group.people for group in grouped.groups) == len(waiting)
    cured = [group for group in grouped.groups if group.cure is not None]
    assert cured
    for group in cured:
        cure = group.cure
        assert cure is not None
        value = evaluate(cure.problem, cure.assignment)
        assert not value.violations
        assert value.value - standing.evaluation.value == pytest.approx(cure.gain)
        assert 0 < cure.cured <= group.missing
    assert grouped.remedies()
    told = tell_groups(grouped.groups)
    assert len(told.lines) == 1 + len(grouped.groups)


def test_without_time_nothing_is_told(standing: Standing) -> None:
    waiting = [one for one in missing(standing) if one.kind != "pair"]
    grouped = Grouped(standing, waiting, 0.0)
    assert not grouped.remedies()
    assert all(group.cure is None for group in grouped.groups)


def test_hours_are_filled_by_as_many_bookings_as_needed(standing: Standing) -> None:
    problem, plan = standing.problem, standing.assignment
    itineraries = problem.itineraries
    exclusive = itineraries.placement_exclusive[itineraries.option_placement[plan.options]]
    without = Assignment.of(plan.arcs, plan.options[exclusive], plan.starts[exclusive])
    bare = replace(standing, assignment=without, evaluation=evaluate(problem, without))
    short = [one for one in missing(bare) if one.kind == "hours"]
    assert bool(short) == bool(len(itineraries.hours_stage))
    for one in short[:5]:
        cures = HoursCures(bare, one.number, [one.person])
        cures.find(np.inf)
        after = cures.together(np.inf)
        assert after is not None
        before, now = (
            measure.hours_missing(itineraries, each.options)[one.person, one.number]
            for each in (without, after)
        )
        remedy = cures.remedies()[one.person]
        assert remedy.cured == pytest.approx(before - now)
        value = evaluate(roomy(problem, after), after)
        assert remedy.gain == pytest.approx(value.value - bare.evaluation.value)
