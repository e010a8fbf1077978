"""Figures of the report that are computed apart: wishes, budgets, quotas, full units, changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from talentopt.cycle.changes import COLUMNS
from talentopt.insight.chain import coverage
from talentopt.insight.fairness import ranks, totals
from talentopt.insight.standing import BrokenPlan, Standing
from talentopt.read.csvfile import decode, read_csv
from talentopt.read.errors import Findings
from talentopt.report.hindsight import Hindsight, SkillGoals, goals_by_skill, look_back
from talentopt.report.texts.reasons import in_language

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.plan.plan import Plan
    from talentopt.read.scenario import Scenario
    from talentopt.report.view import View


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit's seats over the calendar.

    Attributes
    ----------
    name : str
    used, seats : int
        Person-periods and seat-periods.
    full : list of str
        Spans of periods in which every seat is taken.
    placements : list of (str, list of str)
        Placements that are full at some time, and when.
    """

    name: str
    used: int
    seats: int
    full: list[str]
    placements: list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything of the report besides the view.

    Attributes
    ----------
    units : list of Unit
    budgets, quotas : list of dict
    ranks, totals : list of dict or None
        None for a plan that breaks hard rules.
    changes : DataFrame
        As in ``changes.csv``, but for the window; empty without one.
    hindsight : Hindsight or None
        Who is next and who would rather swap; None for a plan that breaks hard rules.
    goals : list of SkillGoals
    """

    units: list[Unit]
    budgets: list[dict[str, Any]]
    quotas: list[dict[str, Any]]
    ranks: list[dict[str, Any]] | None
    totals: list[dict[str, Any]] | None
    changes: pd.DataFrame
    hindsight: Hindsight | None
    goals: list[SkillGoals]


def figures(
    plan: Plan, scenario: Scenario, view: View, folder: Path, language: str = "en"
) -> Figures:
    """Compute the figures of a plan.

    Parameters
    ----------
    plan : Plan
    scenario : Scenario
    view : View
    folder : Path
        The plan's folder, which may hold ``changes.csv``.
    language : str
        Of the reasons of changes.

    Raises
    ------
    InputErrors
        If ``changes.csv`` is damaged.
    """
    wishes, spread, hindsight = None, None, None
    try:
        standing = Standing.of(scenario, plan)
    except BrokenPlan:
        pass
    else:
        wishes, spread = _records(ranks(standing)), _records(totals(standing))
        hindsight = look_back(standing)
    quotas = _records(coverage(scenario, plan))
    return Figures(
        _units(view),
        _budgets(plan, scenario),
        quotas,
        wishes,
        spread,
        changes(folder, language),
        hindsight,
        goals_by_skill(view.people),
    )


def changes(folder: Path, language: str) -> pd.DataFrame:
    """Read ``changes.csv`` of a plan folder, windows left out; empty where there is none."""
    columns = [column for column in COLUMNS if column != "window"]
    path, findings = folder / "changes.csv", Findings()
    if not path.is_file():
        return pd.DataFrame(columns=columns)
    text = decode(str(path), path.read_bytes(), findings)
    raw = None if text is None else read_csv(str(path), text, findings)
    if raw is not None:
        for column in set(COLUMNS) - set(raw.cells):
            findings.add(str(path), None, column, "the column is missing", "restore the file")
    findings.stop_if_any()
    if raw is None:
        return pd.DataFrame(columns=columns)
    told = raw.cells[columns].astype(object)
    return told.assign(why=[in_language(why, language) for why in told["why"]])


def spans(periods: list[str], chosen: np.ndarray) -> list[str]:
    """Write the chosen periods as spans, such as ``2027-03 – 2027-05``.

    Parameters
    ----------
    periods : list of str
    chosen : (n_periods,) bool
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], chosen.astype(np.int8), [0]])))
    found = zip(edges[::2], edges[1::2], strict=True)
    return [periods[a] if b - a == 1 else f"{periods[a]} – {periods[b - 1]}" for a, b in found]


def _units(view: View) -> list[Unit]:
    units = []
    for name, placements in view.units.items():
        cells = [[(cell.used, cell.seats) for cell in place.cells] for place in placements]
        counts = np.array(cells, dtype=np.int64).reshape(len(placements), -1, 2)
        total = counts.sum(axis=0)
        full = (total[:, 1] > 0) & (counts[:, :, 0] >= counts[:, :, 1]).all(axis=0)
        each = [
            (place.name, spans(view.periods, (count[:, 1] > 0) & (count[:, 0] >= count[:, 1])))
            for place, count in zip(placements, counts, strict=True)
        ]
        used, seats = (int(number) for number in total.sum(axis=0))
        when = spans(view.periods, full)
        units.append(Unit(name, used, seats, when, [row for row in each if row[1]]))
    return units


def _budgets(plan: Plan, scenario: Scenario) -> list[dict[str, Any]]:
    """Add up what bookings and pairs draw."""
    spent = dict.fromkeys(scenario.tables["budgets"]["budget"], 0.0)
    drawn = [("placements", plan.placements["placement"])]
    for name, matching in scenario.model.matchings.items():
        chosen = plan.pairs[plan.pairs["matching"] == name]
        drawn.append((matching.providers, chosen["provider"]))
    for table, ids in drawn:
        rows = scenario.tables[table]
        draw = dict(zip(rows["id"], zip(rows["budget"], rows["cost"], strict=True), strict=True))
        for identity in ids:
            budget, cost = draw.get(identity, ("", 0.0))
            if budget in spent:
                spent[budget] += cost
    amounts = scenario.tables["budgets"]["amount"]
    return [
        {"budget": budget, "spent": value, "amount": amount, "left": amount - value}
        for (budget, value), amount in zip(spent.items(), amounts, strict=True)
    ]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """One dictionary per row; what is not known is None."""
    values = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in values.to_dict("records")]
