"""Where the facts of a contradiction stand in the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.explain.naming import Item
    from talentopt.read.scenario import Scenario


def source_of(scenario: Scenario, item: Item) -> str:
    """Name the file and row of a fact.

    Parameters
    ----------
    scenario : Scenario
    item : Item
    """
    if item.kind == "pair":
        matching, seeker, provider = item.ids
        rows = scenario.tables["pairs"]
        mine = (rows["seeker"] == seeker) & (rows["provider"] == provider)
        mine &= rows["matching"].isin([matching, ""]) & (rows["status"] == "fixed")
        return _place(scenario, "pairs", rows[mine])
    if item.kind == "booking":
        return _booking(scenario, *item.ids[:2])
    if item.kind in ("seats", "min_seats"):
        return _seats(scenario, item)
    if item.kind in ("capacity", "role_capacity"):
        for model in scenario.model.matchings.values():
            rows = scenario.tables[model.providers]
            if (rows["id"] == item.ids[-1]).any():
                return _place(scenario, model.providers, rows[rows["id"] == item.ids[-1]])
    tables = {
        "budget": ("budgets", "budget"),
        "quota": ("quotas", "quota"),
        "team": ("placement_skills", "placement"),
    }
    if item.kind == "cap":
        return f"stability.caps.{item.ids[0]}"
    if item.kind not in tables:
        return scenario.name
    table, column = tables[item.kind]
    rows = scenario.tables[table]
    rows = rows[rows[column] == item.ids[0]]
    if item.kind == "team" and len(item.ids) > 1:
        rows = rows[rows["skill"] == item.ids[1]]
    return _place(scenario, table, rows)


def _booking(scenario: Scenario, participant: str, placement: str) -> str:
    rows = scenario.tables["bookings"]
    mine = (rows["participant"] == participant) & (rows["placement"] == placement)
    mine &= rows["status"] == "fixed"
    if mine.any() or scenario.previous is None:
        return _place(scenario, "bookings", rows[mine])
    return str(scenario.previous.path / "placements.csv")


def _seats(scenario: Scenario, item: Item) -> str:
    placement, period = item.ids[:2]
    overrides = scenario.tables["seats"]
    labels = overrides["period"].map(scenario.calendar.label)
    mine = (overrides["placement"] == placement) & (labels == period)
    mine &= overrides[item.kind].notna()
    if mine.any():
        return _place(scenario, "seats", overrides[mine])
    rows = scenario.tables["placements"]
    return _place(scenario, "placements", rows[rows["id"] == placement])


def _place(scenario: Scenario, table: str, rows: pd.DataFrame) -> str:
    file = scenario.files.get(table, table)
    return f"{file}, line {rows.index[0]}" if len(rows) else file
