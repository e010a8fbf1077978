"""The part of a problem that fixed entries and hard minima can make impossible.

A plan stays allowed when something is left out of it, unless that was fixed, or
counted by a hard limit that demands it, or a minimum of seats needs it, or it is
the prerequisite of what stays: every other hard rule is an upper limit, and what is
missing has a price. So whatever is none of these may be left out of the question,
and the answer is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.subproblem.restricting import restrict
from talentopt.subproblem.unpriced import unpriced

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from talentopt.problem import Problem


def relevant(problem: Problem) -> Problem | None:
    """Keep what is fixed, what hard minima may demand, and the prerequisites of both.

    Returns
    -------
    Problem or None
        With fewer arcs and options, and the same people, placements and rows.
        None when nothing demands anything.
    """
    needed = _Needed(problem)
    needed.close()
    if not needed.anything:
        return None
    return unpriced(restrict(problem, needed.arcs, needed.options))


class _Needed:
    """The arcs and options that cannot be left out, found by following what needs what."""

    def __init__(self, problem: Problem) -> None:
        matchings, itineraries, rows = problem.matchings, problem.itineraries, problem.rows
        self._problem = problem
        self.arcs = np.zeros(matchings.n_arcs, dtype=bool)
        self.arcs[matchings.fixed_arcs] = True
        self.options = np.zeros(itineraries.n_options, dtype=bool)
        self.options[itineraries.fixed_options] = True
        self._person = itineraries.option_person()
        self._staffed = False
        if np.isinf(itineraries.understaffed_price):
            staffed = np.any(itineraries.min_seats > 0, axis=1)
            self._staffed = bool(staffed.any())
            self.options |= np.asarray(staffed)[itineraries.option_placement]
        # Both limits as minima: activity >= lower, and -activity >= -upper.
        low = np.flatnonzero(np.isinf(rows.price) & np.isfinite(rows.lower))
        high = np.flatnonzero(np.isinf(rows.price) & np.isfinite(rows.upper))
        self._minima: tuple[tuple[csr_array, np.ndarray], ...] = (
            (rows.matrix[low], rows.lower[low]),
            (-rows.matrix[high], -rows.upper[high]),
        )
        self._demanded = False

    @property
    def anything(self) -> bool:
        """Whether the empty plan may be forbidden."""
        return bool(self.arcs.any() or self.options.any() or self._staffed or self._demanded)

    def close(self) -> None:
        """Add what is needed until nothing is missing."""
        before = -1
        while (now := int(self.arcs.sum() + self.options.sum())) != before:
            before = now
            for matrix, least in self._minima:
                self._demand(matrix, least)
            self._add_prerequisites()

    def _demand(self, matrix: csr_array, least: np.ndarray) -> None:
        """Add what can raise a row that the rest may leave under its minimum."""
        events = self._problem.events
        owner = np.repeat(np.arange(len(events)), np.diff(events.ptr))
        happens = np.zeros(len(events), dtype=bool)
        happens[owner[self.options[events.options]]] = True
        chosen = np.concatenate([self.arcs, self.options, happens])
        row = np.repeat(np.arange(len(least)), np.diff(matrix.indptr))
        lowers = (matrix.data < 0) & chosen[matrix.indices]
        worst = np.bincount(row[lowers], matrix.data[lowers], minlength=len(least))
        demands = worst < least
        self._demanded |= bool(demands.any())
        raises = np.zeros(len(chosen), dtype=bool)
        raises[matrix.indices[(matrix.data > 0) & demands[row]]] = True
        n_arcs, n_options = len(self.arcs), len(self.options)
        self.arcs |= raises[:n_arcs]
        self.options |= raises[n_arcs : n_arcs + n_options]
        self.options[events.options[raises[n_arcs + n_options :][owner]]] = True

    def _add_prerequisites(self) -> None:
        """Add the options of the same people that meet a clause of what is needed."""
        itineraries = self._problem.itineraries
        busy = np.zeros(itineraries.n_people, dtype=bool)
        busy[self._person[self.options]] = True
        mine = np.flatnonzero(busy[self._person])
        person, placement = self._person[mine], itineraries.option_placement[mine]
        for clause, needing in enumerate(itineraries.clause_placement):
            waits = np.zeros(itineraries.n_people, dtype=bool)
            waits[person[self.options[mine] & (placement == needing)]] = True
            waits &= ~itineraries.clause_done[:, clause]
            bounds = slice(*itineraries.clause_ptr[clause : clause + 2])
            helps = np.isin(placement, itineraries.clause_met_by[bounds])
            self.options[mine[helps & waits[person]]] = True
