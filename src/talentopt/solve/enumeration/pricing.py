"""Pricing: everybody's best itineraries at given prices."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.solve.enumeration.columns import Found
from talentopt.solve.enumeration.paths import cells, completion, itineraries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.solve.enumeration.paths import Worth
    from talentopt.solve.enumeration.structure import Structure
    from talentopt.solve.enumeration.work import Work

WIDTH = 2.0
"""Points below the best itinerary down to which others are looked for at first."""

NARROWEST, WIDEST = 1e-3, 1e5

WANTED = 5
"""Itineraries per person that a round should find."""

FIRST_WIDTH, SPARE = 0.25, 8
"""Points below the best from which on a given number of itineraries is looked for, and how many
times that number may be found before the best of them are kept."""

STEPS = 20_000
"""Steps along itineraries of one person after which a look is broken off."""

MOST = 400
"""Itineraries per person after which a look is broken off."""


class Priced(NamedTuple):
    """What pricing found.

    Attributes
    ----------
    top : (n,) float64
        Most that an itinerary of each part asked for is worth.
    found : list of Found
    """

    top: np.ndarray
    found: list[Found]


class Pricing:
    """The pricing of all parts.

    Parameters
    ----------
    structure : Structure
    workers : int
        Threads.
    work : Work
        Where its work is counted.
    """

    def __init__(self, structure: Structure, workers: int, work: Work) -> None:
        """Start with the same width for everybody."""
        self.structure, self._work = structure, work
        self._cells = np.array([cells(part.choices) for part in structure.parts], dtype=np.int64)
        self.width = np.full(len(structure.parts), WIDTH)
        self._threads = ThreadPoolExecutor(workers) if workers > 1 else None

    def best(
        self, parts: Sequence[int], worth: Sequence[Worth], known: np.ndarray, most: int = MOST
    ) -> Priced:
        """Find itineraries that are worth more than the best known.

        Parameters
        ----------
        parts : sequence of int
        worth : sequence of Worth
            Of all parts.
        known : (n_parts,) float64
            What the best known itinerary of each part is worth; -inf = none.
        most : int
            See `MOST`.
        """

        def one(part: int) -> tuple[float, Found]:
            return self._best(part, worth[part], float(known[part]), most)

        self._work.priced(int(self._cells[list(parts)].sum()))
        results = list(self._threads.map(one, parts) if self._threads else map(one, parts))
        return Priced(
            np.array([top for top, _ in results], dtype=np.float64),
            [_best_of(found, WANTED) for _, found in results if len(found.facts)],
        )

    def within(
        self, parts: Sequence[int], worth: Sequence[Worth], least: np.ndarray, most: int
    ) -> list[Found] | None:
        """Find all itineraries worth at least `least`; None when a part has more than `most`."""

        def one(part: int) -> tuple[bool, Found]:
            return self._within(part, worth[part], float(least[part]), most)

        self._work.priced(int(self._cells[list(parts)].sum()))
        results = self._threads.map(one, parts) if self._threads else map(one, parts)
        found = []
        for complete, some in results:
            if not complete:
                return None
            found.append(some)
        return found

    def nearly_best(
        self, parts: Sequence[int], worth: Sequence[Worth], tops: np.ndarray, most: int
    ) -> list[Found]:
        """Find those of each part's itineraries that are worth most, about so many."""

        def one(part: int) -> Found:
            return self._nearly_best(part, worth[part], float(tops[part]), most)

        self._work.priced(int(self._cells[list(parts)].sum()))
        return list(self._threads.map(one, parts) if self._threads else map(one, parts))

    def _nearly_best(self, part: int, worth: Worth, top: float, most: int) -> Found:
        choices, width = self.structure.parts[part].choices, FIRST_WIDTH
        ahead = completion(choices, worth)
        while True:
            complete, ptr, members, facts = itineraries(
                choices, worth, ahead, top - width, SPARE * most, 10**9
            )
            if not complete or len(facts) >= most or width >= WIDEST:
                return _best_of(Found(part, ptr, members, facts), most)
            width *= 2.0

    def _within(self, part: int, worth: Worth, least: float, most: int) -> tuple[bool, Found]:
        choices = self.structure.parts[part].choices
        complete, ptr, members, facts = itineraries(
            choices, worth, completion(choices, worth), least, most, 10**9
        )
        return complete, Found(part, ptr, members, facts)

    def _best(self, part: int, worth: Worth, known: float, most: int) -> tuple[float, Found]:
        choices = self.structure.parts[part].choices
        ahead = completion(choices, worth)
        top = float(ahead[0, 0, choices.home]) + worth.base
        if np.isinf(top):
            return top, _nothing(part)
        bar, width = known + 1e-7, float(self.width[part])
        while True:
            least = max(top - width, bar)
            complete, ptr, members, facts = itineraries(choices, worth, ahead, least, most, STEPS)
            if not complete or len(facts) > 2 * WANTED:
                self.width[part] = max(NARROWEST, width / 2)
            elif len(facts) < WANTED / 2:
                self.width[part] = min(WIDEST, width * 1.5)
            if len(facts):
                highest = float(facts[:, 0].max()) if complete else top
                return highest, Found(part, ptr, members, facts)
            if not complete or width >= WIDEST:
                return top, _nothing(part)
            if least <= bar:
                return min(top, max(known, bar)), _nothing(part)
            width = min(WIDEST, width * 4)


def _keep(found: Found, kept: np.ndarray) -> Found:
    if len(kept) == len(found.facts):
        return found
    lengths = np.diff(found.ptr)
    wanted = np.zeros(len(lengths), dtype=bool)
    wanted[kept] = True
    ptr = np.concatenate([[0], np.cumsum(lengths[kept])])
    return Found(found.part, ptr, found.members[np.repeat(wanted, lengths)], found.facts[kept])


def _best_of(found: Found, most: int) -> Found:
    """Keep the itineraries that are worth most."""
    if len(found.facts) <= most:
        return found
    return _keep(found, np.sort(np.argsort(-found.facts[:, 0], kind="stable")[:most]))


def _nothing(part: int) -> Found:
    empty = np.zeros(0, np.int64)
    return Found(part, np.zeros(1, np.int64), empty, np.zeros((0, 3)))
