"""The exclusive options of several people side by side, as padded arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.encode.columns import expand

if TYPE_CHECKING:
    from talentopt.solve.greedy.person import People


@dataclass(frozen=True, slots=True)
class Crowd:
    """The exclusive options of some people: row = person, column = one of their options.

    Attributes
    ----------
    people : (n_people,) int64
    option : (n_people, n) int64
        Indices into the problem's options; -1 where a person has fewer.
    placement, stage, duration, distinct : (n_people, n) int64
    allowed : (n_people, n, n_periods) bool
        Starts that the option allows, whatever the seats.
    fixed : (n_people, n) bool
    waits : tuple of (rows, columns, clauses)
        Unmet prerequisite clauses; none names an option twice.
    """

    people: np.ndarray
    option: np.ndarray
    placement: np.ndarray
    stage: np.ndarray
    duration: np.ndarray
    distinct: np.ndarray
    allowed: np.ndarray
    fixed: np.ndarray
    waits: tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]

    @classmethod
    def of(cls, shared: People, people: np.ndarray) -> Crowd:
        """Gather the options of these people."""
        itineraries = shared.itineraries
        row, mine = expand(itineraries.option_ptr[people], itineraries.option_ptr[people + 1])
        exclusive = shared.exclusive[itineraries.option_placement[mine]]
        row, mine = row[exclusive], mine[exclusive]
        counts = np.bincount(row, minlength=len(people))
        _, column = expand(np.zeros_like(counts), counts)
        option = np.full((len(people), counts.max(initial=0)), -1, dtype=np.int64)
        option[row, column] = mine
        there = option >= 0
        placement = np.where(there, itineraries.option_placement[option], 0).astype(np.int64)
        allowed = np.zeros((*option.shape, itineraries.n_periods), dtype=bool)
        allowed[there] = shared.allowed(option[there])
        return cls(
            people,
            option,
            placement,
            itineraries.placement_stage[placement].astype(np.int64),
            itineraries.placement_duration[placement].astype(np.int64),
            np.where(there, itineraries.placement_distinct[placement], -1).astype(np.int64),
            allowed,
            there & shared.fixed[option],
            tuple(shared.waits(people, np.where(there, placement, -1))),
        )
