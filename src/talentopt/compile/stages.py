"""How many placements and hours everybody still needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.side import LARGEST_COUNT

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.history import History
    from talentopt.compile.previous import PreviousBookings
    from talentopt.compile.side import Side
    from talentopt.compile.venues import Venues
    from talentopt.read.model import Itineraries


@dataclass(frozen=True, slots=True)
class StageCounts:
    """Counts of each person in each stage, after what is done.

    Attributes
    ----------
    least, most : (n_people, n_stages) int32
    missing : (n_people, n_stages) float64
    """

    least: np.ndarray
    most: np.ndarray
    missing: np.ndarray


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that each person still needs, one column per stage and layer.

    Attributes
    ----------
    names : tuple of (str, str)
        (stage, layer).
    stage : (n_hours,) int32
    least, missing : (n_people, n_hours) float64
    placement_of : (n_placements,) int32
        The column that a placement counts for; -1 = none.
    placement_hours : (n_placements,) float64
    """

    names: tuple[tuple[str, str], ...]
    stage: np.ndarray
    least: np.ndarray
    missing: np.ndarray
    placement_of: np.ndarray
    placement_hours: np.ndarray


def count_stages(
    model: Itineraries,
    people: Side,
    venues: Venues,
    history: History,
    kept: PreviousBookings,
    requirements: pd.DataFrame,
) -> StageCounts:
    """Take the model's counts, replace them where one person's row says so, subtract history.

    Too much that is done or kept is no violation: nothing may be added, that is all.
    """
    shape = (len(people), len(model.stages))
    least, most = np.zeros(shape, np.int64), np.full(shape, LARGEST_COUNT, np.int64)
    missing = np.zeros(shape)
    for number, block in enumerate(model.stages):
        least[:, number] = people.counts(block.min)
        if block.max is not None:
            most[:, number] = people.counts(block.max)
        missing[:, number] = people.amounts(block.missing)
    stages = {block.stage: number for number, block in enumerate(model.stages)}
    person = people.find(requirements["participant"])
    stage = np.array([stages.get(name, -1) for name in requirements["stage"]], dtype=np.int64)
    for counts, column in ((least, "min"), (most, "max")):
        own = requirements[column].to_numpy(dtype=np.float64, na_value=np.nan)
        filled = ~np.isnan(own) & (person >= 0) & (stage >= 0)
        counts[person[filled], stage[filled]] = own[filled].astype(np.int64)
    done = np.zeros(shape, dtype=np.int64)
    np.add.at(done, (history.person, venues.stage[history.placement]), 1)
    held = np.zeros(shape, dtype=np.int64)
    np.add.at(held, (kept.person, venues.stage[kept.placement]), 1)
    unlimited = most >= LARGEST_COUNT
    most = np.where(unlimited, LARGEST_COUNT, np.maximum(most - done, held))
    return StageCounts(
        np.maximum(least - done, 0).astype(np.int32), most.astype(np.int32), missing
    )


def count_hours(model: Itineraries, people: Side, venues: Venues, history: History) -> Hours:
    """Take the model's hours of every stage and layer, and subtract history."""
    wanted = [
        (number, block, layer, hours)
        for number, block in enumerate(model.stages)
        for layer, hours in block.hours.items()
    ]
    placement_of = np.full(len(venues), -1, dtype=np.int32)
    placement_hours = np.nan_to_num(venues.side.numbers("hours"))
    layers = venues.side.texts("layer")
    least, missing = np.zeros((len(people), len(wanted))), np.zeros((len(people), len(wanted)))
    for column, (number, block, layer, hours) in enumerate(wanted):
        placement_of[(venues.stage == number) & (layers == layer)] = column
        least[:, column] = people.amounts(hours)
        missing[:, column] = people.amounts(block.missing)
    counted = placement_of[history.placement]
    mine = counted >= 0
    np.subtract.at(
        least, (history.person[mine], counted[mine]), placement_hours[history.placement[mine]]
    )
    return Hours(
        tuple((block.stage, layer) for _, block, layer, _ in wanted),
        np.array([number for number, *_ in wanted], dtype=np.int32),
        np.maximum(least, 0.0),
        missing,
        placement_of,
        placement_hours,
    )
