"""The placements of the model's stages: durations, windows and seats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.side import LARGEST_COUNT, Side, shared_codes

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.previous import PreviousBookings
    from talentopt.read.model import Itineraries, Understaffed
    from talentopt.read.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Venues:
    """Placements that the stages of the model use.

    Attributes
    ----------
    side : Side
        Their rows of the placements table.
    stage : (n_placements,) int32
    exclusive : (n_placements,) bool
    duration : (n_placements,) int32
    load : (n_placements,) float64
    opens, closes : (n_placements,) int64
        First and last period of the window, within the calendar where it overlaps it.
    seats, min_seats : (n_placements, n_periods) int32
    """

    side: Side
    stage: np.ndarray
    exclusive: np.ndarray
    duration: np.ndarray
    load: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    seats: np.ndarray
    min_seats: np.ndarray

    @classmethod
    def of(cls, scenario: Scenario, model: Itineraries) -> Venues:
        """Read the placements and their seats."""
        calendar = scenario.calendar
        stages = {stage.stage: number for number, stage in enumerate(model.stages)}
        frame = scenario.tables["placements"]
        side = Side("placements", frame[frame["stage"].isin(list(stages))], calendar)
        frame = side.frame
        stage = np.array([stages[name] for name in frame["stage"]], dtype=np.int32)
        concurrent = np.array([block.concurrent for block in model.stages], dtype=bool)
        exclusive = ~concurrent[stage]
        opens = np.maximum(frame["opens"].to_numpy(dtype=np.int64), 0)
        closes = np.minimum(frame["closes"].to_numpy(dtype=np.int64), calendar.n_periods - 1)
        periods = np.arange(calendar.n_periods)
        inside = (periods >= opens[:, None]) & (periods <= closes[:, None])
        seats = _per_period(side, scenario.tables["seats"], "seats", inside)
        min_seats = _per_period(side, scenario.tables["seats"], "min_seats", inside)
        return cls(
            side=side,
            stage=stage,
            exclusive=exclusive,
            duration=np.minimum(side.numbers("duration"), LARGEST_COUNT).astype(np.int32),
            load=np.where(exclusive, 1.0, side.numbers("load")),
            opens=opens,
            closes=closes,
            seats=seats,
            min_seats=np.minimum(min_seats, seats),
        )

    def __len__(self) -> int:
        """Count the placements."""
        return len(self.side)

    def seats_beside(self, kept: PreviousBookings) -> np.ndarray:
        """(n_placements, n_periods) int32: seats, and enough for what is kept."""
        periods = np.arange(self.seats.shape[1])
        end = kept.start + self.duration[kept.placement]
        taken = np.zeros_like(self.seats)
        occupied = (periods >= kept.start[:, None]) & (periods < end[:, None])
        np.add.at(taken, kept.placement, occupied.astype(np.int32))
        return np.asarray(np.maximum(self.seats, taken))

    def distinct_codes(self, model: Itineraries) -> np.ndarray:
        """(n_placements,) int32: values that may occur once per person; -1 = not distinct."""
        codes = np.full(len(self), -1, dtype=np.int32)
        used = 0
        for number, block in enumerate(model.stages):
            if block.distinct is None:
                continue
            mine = np.flatnonzero(self.stage == number)
            (values,) = shared_codes(self.side.texts(block.distinct)[mine])
            codes[mine] = np.where(values >= 0, values + used, -1)
            used += int(values.max(initial=-1)) + 1
        return codes


def understaffing_price(understaffed: Understaffed | None) -> float:
    """Points per seat or person short: 0 without the block, inf when it is hard."""
    if understaffed is None:
        return 0.0
    return np.inf if understaffed.hard else understaffed.points


def _per_period(
    side: Side, overrides: pd.DataFrame, column: str, inside: np.ndarray
) -> np.ndarray:
    """(n_placements, n_periods) int32: a count, replaced where the seats table says so."""
    own = np.nan_to_num(side.numbers(column))
    counts = np.repeat(own[:, None], inside.shape[1], axis=1)
    placement = side.find(overrides["placement"])
    period = overrides["period"].to_numpy(dtype=np.int64)
    count = overrides[column].to_numpy(dtype=np.float64, na_value=np.nan)
    known = (placement >= 0) & (period >= 0) & (period < inside.shape[1]) & ~np.isnan(count)
    counts[placement[known], period[known]] = count[known]
    return np.where(inside, np.minimum(counts, LARGEST_COUNT), 0).astype(np.int32)
