"""The ids behind a problem's numbers, as arrays that can be indexed at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talentopt.compile.index import Index
    from talentopt.read.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Names:
    """Ids and labels as object arrays of `str`, in the problem's numbering.

    Attributes
    ----------
    people, placements, stages, matchings : (n,) object
    seekers, providers : (n,) object
        Ids only; their tables are in `Index`.
    periods : (n_periods,) object
        As the calendar writes them.
    """

    people: np.ndarray
    placements: np.ndarray
    stages: np.ndarray
    matchings: np.ndarray
    seekers: np.ndarray
    providers: np.ndarray
    periods: np.ndarray

    @classmethod
    def of(cls, index: Index, calendar: Calendar) -> Names:
        """Collect the names of a problem."""
        return cls(
            people=objects(index.people),
            placements=objects(index.placements),
            stages=objects(index.stages),
            matchings=objects(index.matchings),
            seekers=objects(identity for _, identity in index.seekers),
            providers=objects(identity for _, identity in index.providers),
            periods=objects(calendar.label(period) for period in range(calendar.n_periods)),
        )


def objects(values: Iterable[str]) -> np.ndarray:
    """(n,) object: texts as an array, also when there are none."""
    texts = list(values)
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array
