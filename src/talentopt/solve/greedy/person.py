"""What is shared by all people's options, and one person's concurrent ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.problem import Itineraries


@dataclass(frozen=True, slots=True)
class PersonOptions:
    """The concurrent options of one person.

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
    fixed : (n_options,) bool
    meets : (n_clauses, n_placements) bool
        Whether finishing a placement meets a prerequisite clause.
    """

    def __init__(self, itineraries: Itineraries) -> None:
        """Index clauses by placement and mark the fixed options."""
        self.itineraries = itineraries
        self.exclusive = itineraries.placement_exclusive
        self.fixed = np.zeros(itineraries.n_options, dtype=bool)
        self.fixed[itineraries.fixed_options] = True
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

    def concurrent(self, person: int) -> PersonOptions:
        """Gather a person's concurrent options."""
        itineraries = self.itineraries
        mine = np.arange(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
        mine = mine[~self.exclusive[itineraries.option_placement[mine]]]
        placement = itineraries.option_placement[mine].astype(np.int64)
        return PersonOptions(
            person,
            mine,
            placement,
            itineraries.placement_stage[placement].astype(np.int64),
            itineraries.placement_duration[placement].astype(np.int64),
            itineraries.placement_distinct[placement].astype(np.int64),
            self.allowed(mine),
            self.fixed[mine],
            tuple(self.unmet(person, int(k)) for k in placement),
        )

    def allowed(self, options: np.ndarray) -> np.ndarray:
        """(n, n_periods) bool: starts that each option allows, whatever the seats."""
        periods = np.arange(self.itineraries.n_periods)
        words = self.itineraries.option_starts[options][:, periods // 64]
        return np.asarray((words >> (periods % 64).astype(np.uint64)) & np.uint64(1) == 1)

    def unmet(self, person: int, placement: int) -> np.ndarray:
        """List the clauses that a placement waits for and the person's history does not meet."""
        clauses = self._clauses_of.get(placement)
        if clauses is None:
            return _NO_CLAUSES
        return np.asarray(clauses[~self.itineraries.clause_done[person, clauses]])

    def waits(
        self, people: np.ndarray, placement: np.ndarray
    ) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yield the unmet clauses of (n_people, n) placements: rows, columns and clauses.

        Each turn takes one clause of every placement that has as many.
        """
        turn = 0
        while True:
            nth = {k: c[turn] for k, c in self._clauses_of.items() if len(c) > turn}
            if not nth:
                return
            clause_of = np.full(self.itineraries.n_placements + 1, -1)
            clause_of[list(nth)] = list(nth.values())
            clause = clause_of[placement]
            row, column = np.nonzero(clause >= 0)
            found = clause[row, column]
            open_ = ~self.itineraries.clause_done[people[row], found]
            yield row[open_], column[open_], found[open_]
            turn += 1


_NO_CLAUSES = np.zeros(0, dtype=np.int64)


def seats_for(seats: np.ndarray, placement: np.ndarray, duration: np.ndarray) -> np.ndarray:
    """(..., n_periods) bool: whether a seat is free in every period of a booking started then."""
    n_periods = seats.shape[1]
    full = np.zeros((len(seats), n_periods + 1), dtype=np.int64)
    np.cumsum(seats <= 0, axis=1, out=full[:, 1:])
    start = np.arange(n_periods)
    end = start + duration[..., None]
    taken = full[placement[..., None], np.minimum(end, n_periods)] - full[placement, :-1]
    return np.asarray((end <= n_periods) & (taken == 0))
