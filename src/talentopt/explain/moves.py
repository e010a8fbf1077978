"""What differs between two plans of one scenario: who leaves what, who comes where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.problem import measure

if TYPE_CHECKING:
    from talentopt.plan.names import Names
    from talentopt.problem import Assignment, Problem

COLUMNS = ("change", "kind", "person", "what", "before", "after", "points")
"""`change` is ``gone``, ``moved`` or ``new``; `kind` a matching or a stage; `before` and
`after` are a provider or a start; `points` what the pair or booking itself gives or took."""


def moves(problem: Problem, names: Names, before: Assignment, after: Assignment) -> pd.DataFrame:
    """List the pairs and bookings in which two plans differ.

    Parameters
    ----------
    problem : Problem
    names : Names
    before, after : Assignment

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, sorted by person; empty when the plans are the same.
    """
    rows = [*_pairs(problem, names, before, after), *_bookings(problem, names, before, after)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["points"] = table["points"].astype(np.float64)
    return table.sort_values(["person", "kind", "what"], kind="stable", ignore_index=True)


def movers(problem: Problem, names: Names, before: Assignment, after: Assignment) -> set[str]:
    """Name everybody whose pairs or bookings differ."""
    matchings = problem.matchings
    demand = measure.demand_of(matchings, np.setxor1d(before.arcs, after.arcs, assume_unique=True))
    seekers = names.seekers[matchings.demand_seeker[demand]]
    people = names.people[rebooked(problem, before, after)]
    return {*seekers.tolist(), *people.tolist()}


def rebooked(problem: Problem, before: Assignment, after: Assignment) -> np.ndarray:
    """(n,) int64: people whose bookings differ, ascending."""
    width = problem.itineraries.n_periods + 1
    keys = [plan.options * width + plan.starts for plan in (before, after)]
    options = np.setxor1d(keys[0], keys[1], assume_unique=True) // width
    return np.unique(measure.person_of(problem.itineraries, options))


def _pairs(
    problem: Problem, names: Names, before: Assignment, after: Assignment
) -> list[tuple[object, ...]]:
    matchings = problem.matchings
    rows: list[tuple[object, ...]] = []
    for change, arcs, sign in (
        ("gone", np.setdiff1d(before.arcs, after.arcs), -1.0),
        ("new", np.setdiff1d(after.arcs, before.arcs), 1.0),
    ):
        demand = measure.demand_of(matchings, arcs)
        for at, arc in zip(demand.tolist(), arcs.tolist(), strict=True):
            kind = names.matchings[matchings.demand_matching[at]]
            who = names.seekers[matchings.demand_seeker[at]]
            whom = names.providers[matchings.arc_provider[arc]]
            ends = (whom, "") if change == "gone" else ("", whom)
            rows.append(
                (change, kind, who, whom, *ends, sign * float(matchings.arc_points[arc]) + 0.0)
            )
    return rows


def _bookings(
    problem: Problem, names: Names, before: Assignment, after: Assignment
) -> list[tuple[object, ...]]:
    itineraries = problem.itineraries
    was = dict(zip(before.options.tolist(), before.starts.tolist(), strict=True))
    now = dict(zip(after.options.tolist(), after.starts.tolist(), strict=True))
    different = [
        option for option in sorted(was.keys() | now.keys()) if was.get(option) != now.get(option)
    ]
    people = measure.person_of(itineraries, np.array(different, dtype=np.int64))
    rows: list[tuple[object, ...]] = []
    for option, person in zip(different, people.tolist(), strict=True):
        placement = itineraries.option_placement[option]
        stage = names.stages[itineraries.placement_stage[placement]]
        old = names.periods[was[option]] if option in was else ""
        new = names.periods[now[option]] if option in now else ""
        change = "moved" if old and new else "new" if new else "gone"
        worth = (
            float(itineraries.option_points[option]) * ((option in now) - (option in was)) + 0.0
        )
        place = names.placements[placement]
        rows.append((change, stage, names.people[person], place, old, new, worth))
    return rows
