"""Seats used and offered, per placement and period, from the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.read.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Occupancy:
    """People and seats at every placement of a scenario, in every period.

    Attributes
    ----------
    used, seats, least : (n_placements, n_periods) int64
        People there, most and fewest people; 0 outside the placement's window.
    """

    used: np.ndarray
    seats: np.ndarray
    least: np.ndarray


def occupancy(scenario: Scenario, bookings: pd.DataFrame) -> Occupancy:
    """Count people and seats.

    Parameters
    ----------
    scenario : Scenario
    bookings : DataFrame
        `Plan.placements`.
    """
    table, n_periods = scenario.tables["placements"], scenario.calendar.n_periods
    row = {identity: number for number, identity in enumerate(table["id"])}
    duration = table["duration"].to_numpy(dtype=np.int64)
    seats, least = (_offered(scenario, column, row) for column in ("seats", "min_seats"))
    used = np.zeros((len(table), n_periods), dtype=np.int64)
    for placement, start in zip(bookings["placement"], bookings["start"], strict=True):
        if placement in row:
            first = scenario.calendar.index(start)
            used[row[placement], max(0, first) : max(0, first + duration[row[placement]])] += 1
    return Occupancy(used, seats, np.minimum(least, seats))


def _offered(scenario: Scenario, column: str, row: dict[str, int]) -> np.ndarray:
    """Spread a placement's number over its periods, with the overrides of `seats`."""
    table, n_periods = scenario.tables["placements"], scenario.calendar.n_periods
    given = np.nan_to_num(table[column].to_numpy(dtype=np.float64)).astype(np.int64)
    offered = np.repeat(given[:, None], n_periods, axis=1)
    overrides = scenario.tables["seats"]
    overrides = overrides[overrides[column].notna()]
    for placement, period, number in zip(
        overrides["placement"], overrides["period"], overrides[column], strict=True
    ):
        if 0 <= period < n_periods:
            offered[row[placement], period] = int(number)
    periods = np.arange(n_periods)
    opens = table["opens"].to_numpy(dtype=np.int64)[:, None]
    closes = table["closes"].to_numpy(dtype=np.int64)[:, None]
    return np.where((periods >= opens) & (periods <= closes), offered, 0)
