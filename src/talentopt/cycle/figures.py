"""What one cycle of a simulation came to, in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.insight.development import Goals
from talentopt.insight.standing import Standing
from talentopt.insight.wishes import obtained

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.compiler import Compiled
    from talentopt.cycle.events import Event
    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment
    from talentopt.read.scenario import Scenario


class Figures(NamedTuple):
    """One row of ``simulation.csv``.

    Attributes
    ----------
    policy : str
    cycle : int
        From 0, the first plan.
    at : str
        Its first period.
    people, joined, left : int
    value : float
    gap : float or None
        None while no bound is known.
    kept_placements, kept_pairs, kept_published : float or None
        Share of the previous plan; published are bookings that start from `at` on, before
        the drafts. None without a previous plan.
    changes : int
        Promises broken.
    change_points : float
        What they cost.
    shortages : int
    shortage_points : float
    gaps_closed : float
        Share of all skill gaps closed by placements that end before the next cycle.
    waiting : float
        Mean periods from somebody's start to their first exclusive placement; to the end of
        the calendar for those who have none.
    rank : float or None
        Mean rank obtained among possible wishes; 1 = everybody's first choice.
    seconds : float
        Solving; 0 in reproducible runs.
    """

    policy: str
    cycle: int
    at: str
    people: int
    joined: int
    left: int
    value: float
    gap: float | None
    kept_placements: float | None
    kept_pairs: float | None
    kept_published: float | None
    changes: int
    change_points: float
    shortages: int
    shortage_points: float
    gaps_closed: float
    waiting: float
    rank: float | None
    seconds: float


def figures(
    policy: str,
    cycle: int,
    every: int,
    scenario: Scenario,
    compiled: Compiled,
    best: Assignment,
    plan: Plan,
    changes: pd.DataFrame | None,
    events: list[Event],
) -> Figures:
    """Measure one plan of a simulation.

    Parameters
    ----------
    policy : str
    cycle, every : int
        Which cycle, and how many periods each has.
    scenario, compiled, best, plan
        The scenario, and the plan made of it in every form.
    changes : DataFrame or None
        See `talentopt.cycle.changes.list_changes`; None for the first plan.
    events : list of Event
        Since the cycle before.
    """
    summary, windows = plan.summary, plan.summary.get("windows", {})
    kept = summary.get("kept", {})
    published = windows.get("published", {"bookings": 0, "kept": 0})
    broken = None if changes is None else changes[changes["change"] != "new"]
    return Figures(
        policy=policy,
        cycle=cycle,
        at=scenario.calendar.label(cycle * every),
        people=len(scenario.tables["participants"]),
        joined=sum(event.what == "joins" for event in events),
        left=sum(event.what == "leaves" for event in events),
        value=round(float(summary["objective"]), 6),
        gap=summary["gap"],
        kept_placements=kept.get("placements"),
        kept_pairs=kept.get("pairs"),
        kept_published=published["kept"] / published["bookings"]
        if published["bookings"]
        else None,
        changes=0 if broken is None else len(broken),
        change_points=0.0 if broken is None else round(float(broken["price"].sum()), 6),
        shortages=len(plan.shortages),
        shortage_points=round(float(plan.shortages["points"].sum()), 6),
        gaps_closed=_gaps_closed(scenario, plan, (cycle + 1) * every),
        waiting=_waiting(scenario, plan),
        rank=_rank(scenario, compiled, best),
        seconds=float(summary["seconds"]),
    )


def _gaps_closed(scenario: Scenario, plan: Plan, until: int) -> float:
    """Share of all gaps that placements close which end before a period; 1 without gaps."""
    goals, index = Goals(scenario), scenario.calendar.index
    finished: dict[str, list[str]] = {}
    for person, placement, end in zip(
        plan.placements["participant"],
        plan.placements["placement"],
        plan.placements["end"],
        strict=True,
    ):
        if index(end) < until:
            finished.setdefault(person, []).append(placement)
    wanted = closed = 0.0
    for person in scenario.tables["participants"]["id"]:
        for goal in goals.of(person, finished.get(person, ()), ()):
            wanted += goal.target - goal.level
            closed += goal.target - goal.level - goal.open
    return closed / wanted if wanted else 1.0


def _waiting(scenario: Scenario, plan: Plan) -> float:
    itineraries, calendar = scenario.model.itineraries, scenario.calendar
    exclusive = {s.stage for s in itineraries.stages if not s.concurrent} if itineraries else set()
    first: dict[str, int] = {}
    mine = plan.placements[plan.placements["stage"].isin(exclusive)]
    for person, start in zip(mine["participant"], mine["start"].map(calendar.index), strict=True):
        first[person] = min(start, first.get(person, start))
    people = scenario.tables["participants"]
    waited = [
        first.get(person, calendar.n_periods) - max(0, int(start))
        for person, start in zip(people["id"], people["start"], strict=True)
    ]
    return float(np.mean(waited)) if waited else 0.0


def _rank(scenario: Scenario, compiled: Compiled, best: Assignment) -> float | None:
    ranks = obtained(Standing.holding(scenario, compiled, best))["rank"].dropna()
    return None if ranks.empty else float(ranks.mean())
