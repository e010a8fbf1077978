"""Itineraries seen: their points without prices of seats, and the seats they use."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from talentopt.problem import measure

if TYPE_CHECKING:
    from talentopt.problem import Itineraries
    from talentopt.solve.lagrangian.pricing import Priced


class Seen(NamedTuple):
    """Itineraries seen.

    Attributes
    ----------
    person : (n,) int64
    points : (n,) float64
        Without prices of seats.
    uses : (n, n_placements * n_periods) csr_array
    """

    person: np.ndarray
    points: np.ndarray
    uses: csr_array

    def take(self, which: np.ndarray) -> Seen:
        """Take some."""
        return Seen(self.person[which], self.points[which], csr_array(self.uses[which]))


def seen(itineraries: Itineraries, priced: Priced, worth: np.ndarray) -> Seen:
    """Take down everybody's itineraries, with ``worth`` (n_options,) points for options."""
    person, place = np.nonzero(priced.option >= 0)
    option, start = priced.option[person, place], priced.start[person, place]
    points = np.bincount(person, worth[option], itineraries.n_people).astype(np.float64)
    kept = np.full(itineraries.n_options, -1)
    kept[itineraries.kept_options] = itineraries.kept_starts
    bonus = np.zeros(itineraries.n_options)
    bonus[itineraries.kept_options] = itineraries.kept_booking_points
    points += np.bincount(person, bonus[option] * (kept[option] == start), itineraries.n_people)
    held = measure.placements_held(itineraries, option)
    short = np.maximum(itineraries.stage_min - held, 0) * itineraries.stage_missing
    exclusive = measure.Exclusive(itineraries, option, start)
    idle = measure.idle_periods(itineraries, exclusive) * itineraries.idle_price
    moves = np.bincount(
        exclusive.person, measure.moved(itineraries, exclusive), itineraries.n_people
    )
    points -= short.sum(axis=1) + idle + moves * itineraries.move_price
    placement = itineraries.option_placement[option].astype(np.int64)
    duration = itineraries.placement_duration[placement]
    first = placement * itineraries.n_periods + start
    cell = np.repeat(first, duration) + _counts(duration)
    shape = (itineraries.n_people, itineraries.seats.size)
    uses = csr_array((np.ones(len(cell)), (np.repeat(person, duration), cell)), shape=shape)
    return Seen(np.arange(itineraries.n_people), points, uses)


def _counts(sizes: np.ndarray) -> np.ndarray:
    """Count from 0 to below each size in turn."""
    before = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(np.arange(len(before)) - before)
