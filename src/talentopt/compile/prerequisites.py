"""What must be finished before a placement starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.history import History
    from talentopt.compile.previous import PreviousBookings
    from talentopt.compile.venues import Venues


@dataclass(frozen=True, slots=True)
class Clauses:
    """Clause c: a placement starts only after one of some placements has ended.

    Attributes
    ----------
    placement : (n_clauses,) int32
    ptr : (n_clauses + 1,) int64
    met_by : (ptr[-1],) int32
    done : (n_people, n_clauses) bool
    """

    placement: np.ndarray
    ptr: np.ndarray
    met_by: np.ndarray
    done: np.ndarray


def compile_prerequisites(
    prerequisites: pd.DataFrame,
    n_people: int,
    venues: Venues,
    history: History,
    kept: PreviousBookings,
) -> Clauses:
    """Make one clause for every row and placement that it holds back.

    A placement's id beats an area of the same name. A placement never meets
    its own clause, as nobody finishes it before starting it. What is kept has
    started already, so its clauses count as met.
    """
    areas = venues.side.texts("area")
    targets: list[int] = []
    met_by: list[np.ndarray] = []
    done: list[np.ndarray] = []
    for area, placement, requires in zip(
        prerequisites["area"],
        prerequisites["placement"],
        prerequisites["requires"],
        strict=True,
    ):
        held_back = np.asarray(venues.side.ids == placement) if placement else areas == area
        enough = _named(venues, areas, requires)
        met = history.holds(n_people, enough)
        for target in np.flatnonzero(held_back):
            targets.append(int(target))
            met_by.append(np.setdiff1d(np.flatnonzero(enough), target))
            done.append(met | kept.holds(n_people, int(target)))
    return Clauses(
        np.array(targets, dtype=np.int32),
        np.concatenate([[0], np.cumsum([len(part) for part in met_by])]).astype(np.int64),
        np.concatenate([np.zeros(0, np.int32), *met_by]).astype(np.int32),
        np.stack(done, axis=1) if done else np.zeros((n_people, 0), dtype=bool),
    )


def _named(venues: Venues, areas: np.ndarray, name: str) -> np.ndarray:
    """(n_placements,) bool: the placement of this id, or else all of this area."""
    same = np.asarray(venues.side.ids == name)
    return same if same.any() else np.asarray(areas == name)
