"""Itineraries that pricing found, with what each is worth and uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, vstack

from talentopt.solve.columns.market import events_of

if TYPE_CHECKING:
    from talentopt.solve.columns.market import Market
    from talentopt.solve.columns.tables import Paths


def uses_of(market: Market, paths: Paths, people: np.ndarray) -> csr_array:
    """(n, n_prices): what the itineraries of `people` use of everything that has a price."""
    problem, pricer = market.problem, market.pricer
    held = np.arange(pricer.longest) < paths.length[people][:, None]
    row = np.repeat(np.arange(len(people)), paths.length[people])
    options, starts = pricer.bookings(paths, people)
    placement = problem.itineraries.option_placement[options].astype(np.int64)
    duration = problem.itineraries.placement_duration[placement]
    periods = problem.itineraries.seats.shape[1]
    ends = np.cumsum(duration)
    since = np.arange(int(duration.sum())) - np.repeat(ends - duration, duration)
    cells = np.repeat(placement * periods + starts, duration) + since
    assert len(row) == int(held.sum())
    shape = (len(people), len(market.limits.lower))
    uses = csr_array((np.ones(len(cells)), (np.repeat(row, duration), cells)), shape=shape)
    if len(problem.rows) == 0:
        return uses
    booked = csr_array(
        (np.ones(len(options)), (row, options)), shape=(len(people), problem.itineraries.n_options)
    )
    in_rows = (booked @ market.row_options.T).tocoo()
    happens = np.flatnonzero(events_of(problem, options, starts))
    place_of = np.full(problem.itineraries.n_people, -1)
    place_of[people] = np.arange(len(people))
    of_events = csr_array(
        (np.ones(len(happens)), (place_of[problem.events.person[happens]], happens)),
        shape=(len(people), len(problem.events)),
    )
    in_events = (of_events @ market.row_events.T).tocoo()
    for part in (in_rows, in_events):
        at = (part.row, part.col + market.rows.start)
        uses = uses + csr_array((part.data, at), shape=shape)
    return csr_array(uses)


@dataclass
class Pool:
    """Different itineraries, in the order in which they were found.

    Attributes
    ----------
    market : Market
    person : (n,) int64
    slot, start : (n, longest) int32
    length : (n,) int32
    points : (n,) float64
        Points, those of the person's total once.
    total : (n,) float64
        The person's total, where the lowest counts.
    uses : (n, n_prices) csr_array
    """

    market: Market
    person: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    points: np.ndarray = field(default_factory=lambda: np.zeros(0))
    total: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        """Start empty."""
        longest = self.market.pricer.longest
        self.slot, self.start = (np.zeros((0, longest), np.int32) for _ in range(2))
        self.length = np.zeros(0, np.int32)
        self.uses = csr_array((0, len(self.market.limits.lower)))
        self._known: set[bytes] = set()

    def __len__(self) -> int:
        """Count the itineraries."""
        return len(self.person)

    def add(self, paths: Paths, people: np.ndarray, prices: np.ndarray) -> np.ndarray:
        """Add people's itineraries, priced at `prices`; returns the numbers of the new ones."""
        people = np.array(
            [
                person
                for person in people
                if paths.worth[person] > -np.inf and self._is_new(paths, person)
            ],
            dtype=np.int64,
        )
        if len(people) == 0:
            return people
        uses = uses_of(self.market, paths, people)
        value = paths.worth[people] + uses @ prices
        weight = self.market.weight[people] if self.market.lowest else np.ones(len(people))
        total = (value - self._kept(paths, people)) / weight
        before = len(self)
        self.person = np.append(self.person, people)
        self.points = np.append(self.points, value - (weight - 1.0) * total)
        self.total = np.append(self.total, total)
        self.slot = np.vstack([self.slot, paths.slot[people]])
        self.start = np.vstack([self.start, paths.start[people]])
        self.length = np.append(self.length, paths.length[people])
        self.uses = csr_array(vstack([self.uses, uses], format="csr"))
        return np.arange(before, len(self))

    def _is_new(self, paths: Paths, person: int) -> bool:
        count = paths.length[person]
        slot, start = paths.slot[person, :count], paths.start[person, :count]
        key = np.int64(person).tobytes() + slot.tobytes() + start.tobytes()
        new = key not in self._known
        self._known.add(key)
        return new

    def _kept(self, paths: Paths, people: np.ndarray) -> np.ndarray:
        """(n,) float64: points for bookings that stay, which are in nobody's total."""
        structure, pricer = self.market.pricer.structure, self.market.pricer
        if len(structure.slot_option) == 0:
            return np.zeros(len(people))
        held = np.arange(pricer.longest) < paths.length[people][:, None]
        slot = paths.slot[people] + pricer.first_slot[people][:, None]
        slot[~held] = 0
        stays = held & (structure.kept_start[slot] == paths.start[people])
        return np.asarray(np.where(stays, structure.kept_points[slot], 0.0).sum(axis=1))

    def put(self, paths: Paths, numbers: np.ndarray) -> None:
        """Give people these itineraries."""
        for number in numbers:
            person = self.person[number]
            paths.slot[person], paths.start[person] = self.slot[number], self.start[number]
            paths.length[person] = self.length[number]
