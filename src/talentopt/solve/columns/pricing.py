"""Pricing: every person's best itinerary at given prices, and a bound on it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.columns import structure as structures
from talentopt.solve.columns.people import (
    count_loads,
    price_people,
    value_paths,
)
from talentopt.solve.columns.tables import Paths, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Problem

PEOPLE_PER_TASK = 96
"""People that one thread prices between two looks at the clock."""


class Pricer:
    """Prices people on several threads.

    Parameters
    ----------
    problem : Problem
    workers : int
    """

    def __init__(self, problem: Problem, workers: int) -> None:
        """Lay out the problem; prices are zero."""
        self.structure, self.automata = structures.build(problem)
        self.n_people = problem.itineraries.n_people
        self.workers = max(1, workers)
        self._pool = ThreadPoolExecutor(self.workers)
        s = self.structure
        groups = np.diff(s.group_ptr)
        slots = s.group_start[s.group_ptr[1:]] - s.group_start[s.group_ptr[:-1]]
        nodes = np.diff(self.automata.node_ptr)
        self._most = (
            int(groups.max(initial=1)),
            int(slots.max(initial=1)),
            int(nodes.max(initial=1)),
        )
        self.first_slot = s.group_start[s.group_ptr[:-1]]
        shape = (problem.itineraries.n_placements, problem.itineraries.n_periods)
        n_limits, _, n_values = s.limit_left.shape
        self.table = Table(
            price=np.zeros((shape[0], shape[1] + 1)),
            blocked=np.zeros((shape[0], shape[1] + 1), np.int32),
            scale=np.ones(self.n_people),
            adjust=np.zeros(len(s.slot_option)),
            once=np.zeros(len(s.once_family)),
            slot_toll=np.zeros(len(s.slot_option)),
            tolls=np.zeros((self.n_people, s.n_distinct + n_limits * n_values)),
            critical=np.zeros((self.n_people, n_limits * n_values), dtype=bool),
        )
        self.longest = max(1, int(s.most_held.max(initial=1)))

    def empty_paths(self) -> Paths:
        """Nobody anywhere."""
        shape = (self.n_people, self.longest)
        return Paths(
            np.zeros(shape, np.int32),
            np.zeros(shape, np.int32),
            np.zeros(self.n_people, np.int32),
            np.full(self.n_people, -np.inf),
            np.full(self.n_people, np.inf),
        )

    def set_prices(self, price: np.ndarray) -> None:
        """Take (n_placements, n_periods) prices."""
        np.cumsum(price, axis=1, out=self.table.price[:, 1:])

    def set_blocked(self, blocked: np.ndarray) -> None:
        """Take (n_placements, n_periods) bool: nobody may be there then."""
        np.cumsum(blocked, axis=1, out=self.table.blocked[:, 1:])

    def price(
        self,
        paths: Paths,
        people: np.ndarray,
        *,
        exact: bool,
        eps: float = 1e-7,
        rounds: int = 1,
        arcs: int = 0,
        stop: Callable[[], bool] | None = None,
    ) -> bool:
        """Replace the itineraries of `people` by the best at current prices.

        Parameters
        ----------
        paths : Paths
            Holds itineraries to start from.
        people : (n,) int64
        exact : bool
            Prove the best, by exact search where that is needed; otherwise
            the quick search's answer is enough.
        eps : float
            Points by which an itinerary may miss its bound.
        rounds : int
            Relaxed recursions per person.
        arcs : int
            Most arcs of graphs that prove what these leave open (`sublimation.py`); 0 = none.
        stop : callable, optional
            Asked now and then whether to give up.

        Returns
        -------
        bool
            Whether everybody was priced; if not, old bounds are among the new ones.
        """
        people = people[np.argsort(self.structure.automaton[people], kind="stable")]
        size = PEOPLE_PER_TASK * self.workers
        for begin in range(0, len(people), size):
            if stop is not None and stop():
                return False
            some = people[begin : begin + size]
            parts = np.array_split(some, self.workers) if len(some) > 16 else [some]
            jobs = [
                (part, self.structure, self.automata, self.table,
                 paths, eps, rounds, exact, arcs, self._most)
                for part in parts
            ]  # fmt: skip
            if len(jobs) == 1:
                price_people(*jobs[0])
                continue
            for done in [self._pool.submit(price_people, *job) for job in jobs]:
                done.result()
        return True

    def worth(self, paths: Paths) -> np.ndarray:
        """(n_people,) float64: exact worth of itineraries at current prices."""
        most = self._most[1]
        return value_paths(self.structure, self.automata, self.table, paths, most)

    def bookings(self, paths: Paths, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Options that people's itineraries book, and their starts."""
        held = np.arange(self.longest) < paths.length[people][:, None]
        slots = paths.slot[people] + self.first_slot[people][:, None]
        return self.structure.slot_option[slots[held]], paths.start[people][held]

    def loads(self, paths: Paths, people: np.ndarray) -> np.ndarray:
        """(n_placements, n_periods) int64: seats that itineraries use."""
        shape = self.table.price.shape
        used = np.zeros((shape[0], shape[1] - 1), np.int64)
        count_loads(people, self.structure, paths, used)
        return used
