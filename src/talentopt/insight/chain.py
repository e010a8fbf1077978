"""The talent chain along the industrial chain: people developed per link, by a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.compile.side import Side

if TYPE_CHECKING:
    from talentopt.plan.plan import Plan
    from talentopt.read.scenario import Scenario

COLUMNS = (
    "quota",
    "on",
    "who",
    "where",
    "by",
    "min",
    "max",
    "counted",
    "missing",
    "above",
    "points",
    "reached",
)


def coverage(scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """Hold every quota against a plan.

    Parameters
    ----------
    scenario : Scenario
    plan : Plan

    Returns
    -------
    DataFrame
        One row per quota: `who` and `where` (the columns it selects by), `by`
        (blank = the whole calendar), `min`, `max` (NaN = none), `counted`
        (different people of a stage who have finished in time, history
        included; pairs of a matching), how many are `missing` or `above`, the
        `points` lost (NaN for a hard quota), and the period by whose end the
        minimum was `reached` (stages only; blank = not at all, or no minimum).
    """
    rows = [_held(scenario, plan, quota) for _, quota in scenario.tables["quotas"].iterrows()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _held(scenario: Scenario, plan: Plan, quota: pd.Series) -> tuple[object, ...]:
    calendar, matching = scenario.calendar, scenario.model.matchings.get(quota["on"])
    by = calendar.n_periods if pd.isna(quota["by"]) else int(quota["by"])
    reached = ""
    if matching is not None:
        seekers = _selected(scenario, matching.seekers, quota, "seeker")
        providers = _selected(scenario, matching.providers, quota, "provider")
        pairs = plan.pairs[plan.pairs["matching"] == quota["on"]]
        counted = int((pairs["seeker"].isin(seekers) & pairs["provider"].isin(providers)).sum())
    else:
        ends = np.sort(_ends(scenario, plan, quota))
        counted = int((ends <= by).sum())
        if not pd.isna(quota["min"]) and 0 < quota["min"] <= counted:
            end = ends[int(quota["min"]) - 1]
            reached = calendar.label(int(end)) if end >= 0 else "before"
    missing = 0.0 if pd.isna(quota["min"]) else max(0.0, quota["min"] - counted)
    above = 0.0 if pd.isna(quota["max"]) else max(0.0, counted - quota["max"])
    return (
        quota["quota"],
        quota["on"],
        _written(quota, "seeker"),
        _written(quota, "provider"),
        "" if pd.isna(quota["by"]) else calendar.label(by),
        quota["min"],
        quota["max"],
        counted,
        missing,
        above,
        (missing + above) * quota["points"],
        reached,
    )


def _written(quota: pd.Series, side: str) -> str:
    column = quota[f"{side}_column"]
    return f"{column} = {quota[f'{side}_value']}" if column else ""


def _selected(scenario: Scenario, table: str, quota: pd.Series, side: str) -> set[str]:
    """Find the ids that a side of a quota counts."""
    rows = Side(table, scenario.tables[table], scenario.calendar)
    column = quota[f"{side}_column"]
    if not column:
        return set(rows.ids)
    return set(rows.ids[rows.texts(column) == quota[f"{side}_value"]])


def _ends(scenario: Scenario, plan: Plan, quota: pd.Series) -> np.ndarray:
    """(n_people,) int64: first time that each person counts; -1 for undated history."""
    places = scenario.tables["placements"]
    people = _selected(scenario, "participants", quota, "seeker")
    counted = _selected(scenario, "placements", quota, "provider")
    counted &= set(places["id"][places["stage"] == quota["on"]])
    duration = dict(zip(places["id"], places["duration"].astype(int), strict=True))
    done = scenario.tables["bookings"]
    done = done[done["status"] == "done"]
    history = zip(done["participant"], done["placement"], done["start"], strict=True)
    booked = zip(
        plan.placements["participant"],
        plan.placements["placement"],
        plan.placements["start"].map(scenario.calendar.index),
        strict=True,
    )
    first: dict[str, int] = {}
    for person, placement, start in (*history, *booked):
        if person in people and placement in counted:
            end = -1 if pd.isna(start) else int(start) + duration[placement] - 1
            first[person] = min(end, first.get(person, end))
    return np.array(list(first.values()), dtype=np.int64)
