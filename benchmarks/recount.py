"""Counts a re-planned cycle again, from the files alone and sharing no code with talentopt.

For calendars of months.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

PAIR, BOOKING = ["matching", "seeker", "provider"], ["participant", "placement", "start"]

Key = tuple[str, ...]


class Prices(NamedTuple):
    """What a change costs, and the largest shares that may change (1 = no cap)."""

    pair: float
    placement: float
    pair_cap: float = 1.0
    placement_cap: float = 1.0


class Recount(NamedTuple):
    """What was counted, and where it does not agree with the plan or breaks a rule."""

    begun: int
    kept_placements: float
    kept_pairs: float
    moved_placements: int
    moved_pairs: int
    price: float
    faults: list[str]


def recount(scenario: Path, before: Path, after: Path, at: str, prices: Prices) -> Recount:
    """Count what became of a plan, and check what must hold.

    Parameters
    ----------
    scenario : Path
        The folder that was re-planned.
    before, after : Path
        Plan folders.
    at : str
        The first month that could change.
    prices : Prices
    """
    was, now = _keys(before / "placements.csv", BOOKING), _keys(after / "placements.csv", BOOKING)
    was_pairs, now_pairs = _keys(before / "pairs.csv", PAIR), _keys(after / "pairs.csv", PAIR)
    people, placements = _ids(scenario, "participants"), _ids(scenario, "placements")
    known = {name for path in scenario.glob("*.csv") for name in _ids(scenario, path.stem)}
    there = {key for key in was if key[0] in people and key[1] in placements}
    begun = {key for key in there if key[2] < at}
    open_bookings = there - begun - _done(scenario, there)
    open_pairs = {key for key in was_pairs if key[1] in known and key[2] in known}
    moved, moved_pairs = open_bookings - now, open_pairs - now_pairs
    price = prices.placement * len(moved) + prices.pair * len(moved_pairs)
    told = json.loads((after / "plan.json").read_text(encoding="utf-8"))["kept"]
    kept, kept_pairs = len(was & now) / len(was), len(was_pairs & now_pairs) / len(was_pairs)
    checks = {
        "what has begun is kept, and nothing else starts before": begun
        == {key for key in now if key[2] < at},
        "kept shares are as told": abs(told["placements"] - kept) < 1e-9
        and abs(told["pairs"] - kept_pairs) < 1e-9,
        "changes.csv has these prices": abs(_priced(after) - price) < 1e-6,
        "scores.csv has these prices": abs(_scored(after) + price) < 1e-6,
        "the cap on placements holds": len(moved)
        <= prices.placement_cap * len(open_bookings) + 1e-9,
        "the cap on pairs holds": len(moved_pairs) <= prices.pair_cap * len(open_pairs) + 1e-9,
        "nobody is booked while absent": not _absent(scenario, now, at),
        "nobody new sits where there is no seat": not _crowded(scenario, now, at),
    }
    faults = [name for name, holds in checks.items() if not holds]
    return Recount(len(begun), kept, kept_pairs, len(moved), len(moved_pairs), price, faults)


def _table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _keys(path: Path, columns: list[str]) -> set[Key]:
    return set(_table(path)[columns].itertuples(index=False, name=None))


def _ids(scenario: Path, name: str) -> set[str]:
    table = _table(scenario / f"{name}.csv")
    return set(table["id"]) if "id" in table else set()


def _done(scenario: Path, bookings: set[Key]) -> set[Key]:
    """Bookings of people who have done the placement already."""
    table = _table(scenario / "bookings.csv")
    mine = table[table["status"] == "done"][["participant", "placement"]]
    done = set(mine.itertuples(index=False, name=None))
    return {key for key in bookings if key[:2] in done}


def _priced(plan: Path) -> float:
    return float(_table(plan / "changes.csv")["price"].astype(float).sum())


def _scored(plan: Path) -> float:
    table = _table(plan / "scores.csv")
    mine = table["rule"].isin(["pair_change", "placement_change"])
    return float(table.loc[mine, "points"].astype(float).sum())


def _placements(scenario: Path) -> pd.DataFrame:
    """Placements by id, with a column `load`."""
    table = _table(scenario / "placements.csv").set_index("id")
    return table if "load" in table else table.assign(load="")


def _month(label: str) -> int:
    year, month = label.split("-")
    return 12 * int(year) + int(month)


def _months(placements: pd.DataFrame, booking: Key) -> range:
    first = _month(booking[2])
    return range(first, first + int(placements.at[booking[1], "duration"]))


def _absent(scenario: Path, bookings: set[Key], at: str) -> list[Key]:
    """Exclusive bookings that start from `at` on while the person is away."""
    placements = _placements(scenario)
    away: dict[str, set[int]] = {}
    for row in _table(scenario / "absences.csv").to_dict("records"):
        span = range(_month(row["from"]), _month(row["to"]) + 1)
        away.setdefault(row["person"], set()).update(span)
    return [
        key
        for key in bookings
        if key[2] >= at
        and placements.at[key[1], "load"] in ("", "1")
        and away.get(key[0], set()) & set(_months(placements, key))
    ]


def _crowded(scenario: Path, bookings: set[Key], at: str) -> list[tuple[str, int]]:
    """Placements and months with more people than seats, of whom somebody started from `at` on."""
    placements = _placements(scenario)
    special = {
        (row["placement"], _month(row["period"])): int(row["seats"])
        for row in _table(scenario / "seats.csv").to_dict("records")
        if row["seats"]
    }
    used: Counter[tuple[str, int]] = Counter()
    new = set()
    for key in bookings:
        cells = [(key[1], month) for month in _months(placements, key)]
        used.update(cells)
        new |= set(cells) if key[2] >= at else set()
    return [
        cell
        for cell in new
        if used[cell] > special.get(cell, int(placements.at[cell[0], "seats"]))
    ]
