"""One person's options as small dense arrays, for building an itinerary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Itineraries


@dataclass(frozen=True, slots=True)
class PersonOptions:
    """The options of one person and of one kind (exclusive or concurrent).

    Attributes
    ----------
    person : int
    options : (n,) int64
        Indices into the problem's options.
    placement, stage, duration, distinct : (n,) int64
    allowed : (n, n_periods) bool
        Starts that the option allows, whatever the seats.
    fixed : (n,) bool
    clauses : tuple of (n_k,) int64 arrays
        Unmet prerequisite clauses of each option.
    """

    person: int
    options: np.ndarray
    placement: np.ndarray
    stage: np.ndarray
    duration: np.ndarray
    distinct: np.ndarray
    allowed: np.ndarray
    fixed: np.ndarray
    clauses: tuple[np.ndarray, ...]

    def __len__(self) -> int:
        """Count the options."""
        return len(self.options)


class People:
    """Makes `PersonOptions`, with what they share looked up once.

    Attributes
    ----------
    exclusive : (n_placements,) bool
    meets : (n_clauses, n_placements) bool
        Whether finishing a placement meets a prerequisite clause.
    """

    def __init__(self, itineraries: Itineraries) -> None:
        """Index clauses by placement and mark the fixed options."""
        self.itineraries = itineraries
        self.exclusive = itineraries.placement_exclusive
        self._fixed = np.zeros(itineraries.n_options, dtype=bool)
        self._fixed[itineraries.fixed_options] = True
        self._clauses_of: dict[int, np.ndarray] = {}
        for placement in np.unique(itineraries.clause_placement):
            clauses = np.flatnonzero(itineraries.clause_placement == placement)
            self._clauses_of[int(placement)] = clauses
        clause = np.repeat(
            np.arange(len(itineraries.clause_placement)), np.diff(itineraries.clause_ptr)
        )
        self.meets = np.zeros(
            (len(itineraries.clause_placement), itineraries.n_placements), dtype=bool
        )
        self.meets[clause, itineraries.clause_met_by] = True

    def options(self, person: int, *, exclusive: bool) -> PersonOptions:
        """Gather a person's options of one kind."""
        itineraries = self.itineraries
        mine = np.arange(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
        placement = itineraries.option_placement[mine].astype(np.int64)
        wanted = self.exclusive[placement] == exclusive
        mine, placement = mine[wanted], placement[wanted]
        periods = np.arange(itineraries.n_periods)
        words = itineraries.option_starts[mine][:, periods // 64]
        allowed = (words >> (periods % 64).astype(np.uint64)) & np.uint64(1) == 1
        return PersonOptions(
            person,
            mine,
            placement,
            itineraries.placement_stage[placement].astype(np.int64),
            itineraries.placement_duration[placement].astype(np.int64),
            itineraries.placement_distinct[placement].astype(np.int64),
            allowed,
            self._fixed[mine],
            tuple(self._unmet(person, int(k)) for k in placement),
        )

    def _unmet(self, person: int, placement: int) -> np.ndarray:
        clauses = self._clauses_of.get(placement)
        if clauses is None:
            return _NO_CLAUSES
        return np.asarray(clauses[~self.itineraries.clause_done[person, clauses]])


_NO_CLAUSES = np.zeros(0, dtype=np.int64)


def seats_for(seats: np.ndarray, placement: np.ndarray, duration: np.ndarray) -> np.ndarray:
    """(n, n_periods) bool: whether a seat is free in every period of a booking started then."""
    n_periods = seats.shape[1]
    full = np.zeros((len(placement), n_periods + 1), dtype=np.int64)
    np.cumsum(seats[placement] <= 0, axis=1, out=full[:, 1:])
    start = np.arange(n_periods)
    end = start[None, :] + duration[:, None]
    inside = end <= n_periods
    taken = np.take_along_axis(full, np.minimum(end, n_periods), axis=1) - full[:, :-1]
    return np.asarray(inside & (taken == 0))
