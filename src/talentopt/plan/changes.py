"""What became of the previous plan: pairs and bookings that are gone or moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.compile.side import Sides
from talentopt.problem import measure

if TYPE_CHECKING:
    from talentopt.plan.names import Names
    from talentopt.problem import Assignment, Problem
    from talentopt.read.scenario import Scenario

COLUMNS = ["subject", "object", "period", "points"]


def changes(
    scenario: Scenario, names: Names, problem: Problem, assignment: Assignment
) -> dict[str, pd.DataFrame]:
    """List what is gone or moved, with its price.

    Only what was published and is still possible by id counts: all ids still
    exist, the start is neither before the calendar nor a draft's, the placement is not done.

    Returns
    -------
    dict of str to DataFrame
        ``pair_change`` and ``placement_change``: subject, object, period and
        points (negative).
    """
    if scenario.previous is None:
        return {}
    sides = Sides(scenario)
    return {
        "pair_change": _pairs(scenario, sides, names, problem, assignment),
        "placement_change": _bookings(scenario, sides, names, problem, assignment),
    }


def _pairs(
    scenario: Scenario, sides: Sides, names: Names, problem: Problem, assignment: Assignment
) -> pd.DataFrame:
    assert scenario.previous is not None
    price = scenario.model.stability.pair_change
    matchings = problem.matchings
    demand = measure.demand_of(matchings, assignment.arcs)
    planned = set(
        zip(
            names.matchings[matchings.demand_matching[demand]],
            names.seekers[matchings.demand_seeker[demand]],
            names.providers[matchings.arc_provider[assignment.arcs]],
            strict=True,
        )
    )
    gone = []
    for name, matching in scenario.model.matchings.items():
        seekers, providers = sides[matching.seekers], sides[matching.providers]
        before = scenario.previous.pairs
        before = before[before["matching"] == name]
        seeker = seekers.find(before["seeker"])
        exists = (seeker >= 0) & (providers.find(before["provider"]) >= 0)
        points = -seekers.amounts(price)[seeker]
        gone += [
            (pair[0], f"{name}/{pair[1]}", "", points[row])
            for row, pair in enumerate(zip(before["seeker"], before["provider"], strict=True))
            if exists[row] and (name, *pair) not in planned
        ]
    return pd.DataFrame(gone, columns=COLUMNS)


def _bookings(
    scenario: Scenario, sides: Sides, names: Names, problem: Problem, assignment: Assignment
) -> pd.DataFrame:
    assert scenario.previous is not None
    people, before = sides["participants"], scenario.previous.placements
    person = people.find(before["participant"])
    start = before["start"].to_numpy(dtype=np.int64)
    exists = (person >= 0) & (sides["placements"].find(before["placement"]) >= 0)
    exists &= (start >= 0) & (start < scenario.published_before)
    itineraries, options = problem.itineraries, assignment.options
    kept = set(
        zip(
            names.people[measure.person_of(itineraries, options)],
            names.placements[itineraries.option_placement[options]],
            assignment.starts.tolist(),
            strict=True,
        )
    )
    history = scenario.tables["bookings"]
    history = history[history["status"] == "done"]
    done = set(zip(history["participant"], history["placement"], strict=True))
    points = -people.amounts(scenario.model.stability.placement_change)[person]
    booked = zip(before["participant"], before["placement"], start.tolist(), strict=True)
    gone = [
        (booking[0], booking[1], scenario.calendar.label(booking[2]), points[row])
        for row, booking in enumerate(booked)
        if exists[row] and booking[:2] not in done and booking not in kept
    ]
    return pd.DataFrame(gone, columns=COLUMNS)
