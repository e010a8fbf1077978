"""People choose their itineraries one after the other, on all cores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import measure
from talentopt.solve.compiled import compiled
from talentopt.solve.lagrangian.negotiate import (
    CLOSED_FULL,
    CROWDED,
    FULL_TOLL,
    forget_changes,
    reprice,
    reroute,
)
from talentopt.solve.lagrangian.states import allocate

if TYPE_CHECKING:
    from talentopt.problem import Itineraries
    from talentopt.solve.lagrangian.layout import Layout, Work
    from talentopt.solve.lagrangian.negotiate import Town


class Crew:
    """Cores that let people choose.

    Parameters
    ----------
    itineraries : Itineraries
    layout : Layout
        What its states keep apart changes, so no two crews may share it.
    workers : int
        With more than one, the outcome depends on which core comes first.
    """

    def __init__(self, itineraries: Itineraries, layout: Layout, workers: int = 1) -> None:
        """Take the memory of each core."""
        self.itineraries, self.layout = itineraries, layout
        self._works = [allocate(layout) for _ in range(workers)]
        self._threads = ThreadPoolExecutor(workers) if workers > 1 else None

    def insert(self, people: np.ndarray, worth: np.ndarray, town: Town) -> None:
        """Give some people, one after the other, the best itinerary that the seats left allow.

        Every seat costs its toll, so that nobody takes for little what others need.

        Parameters
        ----------
        people : (n,) int64
        worth : (n_options,) int32
        town : Town
            Changed in place.
        """
        _choose(people, 0, CLOSED_FULL, self.layout, worth, town, _view(town), self._works[0])

    def sweep(self, people: np.ndarray, extra: int, worth: np.ndarray, town: Town) -> int:
        """Let some people choose again while crowded seats cost extra, one after the other.

        Parameters
        ----------
        people : (n,) int64
        extra : int
            For each person too many at a seat.
        worth : (n_options,) int32
        town : Town
            Changed in place.

        Returns
        -------
        int
            People too many, summed over places and periods.
        """
        parts = np.array_split(people, len(self._works))
        jobs = [
            (part, extra, CROWDED, self.layout, worth, town, _view(town), work)
            for part, work in zip(parts, self._works, strict=True)
        ]
        if self._threads is None:
            _choose(*jobs[0])
        else:
            for done in [self._threads.submit(_choose, *job) for job in jobs]:
                done.result()
            self._count_again(town)
        return int(np.maximum(town.used - town.seats, 0).sum())

    def _count_again(self, town: Town) -> None:
        """Count the seats in use.

        Cores wait for no lock (Niu et al., Hogwild, 2011), so that what two of them change at
        once may be counted wrong.
        """
        booked = town.option >= 0
        town.used[:] = measure.seats_used(
            self.itineraries, town.option[booked], town.start[booked]
        )


def _view(town: Town) -> Town:
    """Share the itineraries of a town, but not what one core's next person sees of it."""
    return town._replace(
        used=town.used.copy(),
        extra=town.extra.copy(),
        charge=town.charge.copy(),
        summed=town.summed.copy(),
        changed=town.changed.copy(),
        disputed=town.disputed.copy(),
    )


@compiled
def _choose(
    people: np.ndarray,
    extra: int,
    how: int,
    layout: Layout,
    worth: np.ndarray,
    town: Town,
    view: Town,
    work: Work,
) -> None:
    """Give some people, one after the other, the best itinerary while seats are charged `how`.

    Others may choose beside them: while a person chooses, the seats they have are free to them
    only.
    """
    path = np.empty((town.option.shape[1], 2), np.int64)
    view.extra[0], view.extra[1] = extra, how
    for k in range(len(town.seats)):
        reprice(k, FULL_TOLL, view)
    for person in people:
        _look_around(town, view)
        reroute(person, FULL_TOLL, layout, worth, view, work, path)
        _occupy(view.old_option[person], view.old_start[person], -1, layout, town)
        _occupy(view.option[person], view.start[person], 1, layout, town)
        forget_changes(view)


@compiled
def _look_around(town: Town, view: Town) -> None:
    """Bring a view up to what others have changed meanwhile."""
    for k in range(len(town.seats)):
        changed = 0
        for t in range(town.used.shape[1]):
            changed |= view.used[k, t] ^ town.used[k, t]
            view.used[k, t] = town.used[k, t]
        if changed:
            reprice(k, FULL_TOLL, view)


@compiled
def _occupy(options: np.ndarray, starts: np.ndarray, by: int, layout: Layout, town: Town) -> None:
    """Add or take off one person at the seats of an itinerary."""
    for i in range(len(options)):
        if options[i] < 0:
            break
        k = layout.option_placement[options[i]]
        for t in range(starts[i], starts[i] + layout.placement_duration[k]):
            town.used[k, t] += by


@compiled
def in_crowds(layout: Layout, town: Town) -> np.ndarray:
    """(n_people,) bool: who is at a place, in a period, with too many others.

    Parameters
    ----------
    layout : Layout
    town : Town
    """
    found = np.zeros(len(town.option), np.bool_)
    for person in range(len(town.option)):
        for i in range(town.option.shape[1]):
            option = town.option[person, i]
            if option < 0:
                break
            k, first = layout.option_placement[option], town.start[person, i]
            for t in range(first, first + layout.placement_duration[k]):
                found[person] |= town.used[k, t] > town.seats[k, t]
    return found
