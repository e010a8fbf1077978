"""Booking options: who may be at which placement, worth what, starting when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile import rules
from talentopt.compile.bookings import ANY
from talentopt.compile.entries import Cells
from talentopt.compile.growing import Growing
from talentopt.compile.rounding import rounded
from talentopt.problem.starts import free_runs, n_words, only, pack

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.bookings import Bookings
    from talentopt.compile.crossing import Crossing
    from talentopt.compile.history import History
    from talentopt.compile.side import Side
    from talentopt.compile.skills import Skills
    from talentopt.compile.venues import Venues
    from talentopt.read.model import Itineraries


@dataclass(frozen=True, slots=True)
class Options:
    """The arrays of the same names of `problem.Itineraries`."""

    option_ptr: np.ndarray
    option_placement: np.ndarray
    option_points: np.ndarray
    option_starts: np.ndarray


class Entry:
    """Skill levels that placements require of whoever joins.

    Parameters
    ----------
    people : Side
    venues : Venues
    skills : Skills
    placement_skills : DataFrame
    """

    def __init__(
        self, people: Side, venues: Venues, skills: Skills, placement_skills: pd.DataFrame
    ) -> None:
        level = placement_skills["requires"].to_numpy(dtype=np.float64, na_value=np.nan)
        placement = venues.side.find(placement_skills["placement"])
        rows = np.flatnonzero(~np.isnan(level) & (placement >= 0))
        skill = skills.names.get_indexer(placement_skills["skill"].to_numpy(dtype=object))
        self._levels = skills.levels(people)
        self.placement, self.skill, self.level = placement[rows], skill[rows], level[rows]
        self.line = placement_skills.index.to_numpy()[rows]
        asked, group = np.unique(
            np.stack([self.skill, self.level], axis=1), axis=0, return_inverse=True
        )
        self._groups = [
            (int(skill), level, self.placement[group.ravel() == number])
            for number, (skill, level) in enumerate(asked)
        ]

    def allowed(self, rows: slice, n_placements: int) -> np.ndarray:
        """(n_rows, n_placements) bool: people with every level required."""
        allowed = np.ones((rows.stop - rows.start, n_placements), dtype=bool)
        for skill, level, placements in self._groups:
            allowed[:, placements] &= (self._levels[rows, skill] >= level)[:, None]
        return allowed

    def unmet(self, person: int, placement: int) -> np.ndarray:
        """(n,) int64: the requirements that one person does not meet."""
        mine = self.placement == placement
        return np.flatnonzero(mine & (self._levels[person, self.skill] < self.level))


class Windows:
    """When people and placements are free, as masks of starts.

    Parameters
    ----------
    free : (n_people, n_periods) bool
        Periods in which a person is in the programme.
    away : (n_people, n_periods) bool
        Absences; they bar exclusive placements only.
    venues : Venues
    """

    def __init__(self, free: np.ndarray, away: np.ndarray, venues: Venues) -> None:
        key = venues.duration.astype(np.int64) * 2 + venues.exclusive
        kinds, self._kind = np.unique(key, return_inverse=True)
        words = n_words(free.shape[1])
        self._people = np.zeros((len(free), len(kinds), words), dtype=np.uint64)
        self._venues = np.zeros((len(venues), words), dtype=np.uint64)
        for number, kind in enumerate(kinds):
            duration, exclusive = int(kind) // 2, bool(kind % 2)
            usable = free & ~away if exclusive else free
            self._people[:, number] = pack(free_runs(usable, duration))
            mine = self._kind == number
            self._venues[mine] = pack(free_runs(venues.seats[mine] > 0, duration))

    def block(self, rows: slice) -> np.ndarray:
        """(n_rows, n_placements, n_words) uint64: starts that both sides' windows allow."""
        return np.asarray(self._people[rows][:, self._kind] & self._venues[None])


def compile_options(
    model: Itineraries,
    crossing: Crossing,
    venues: Venues,
    entry: Entry,
    windows: Windows,
    bookings: Bookings,
    never: Cells,
    changeable: np.ndarray,
) -> Options:
    """Make the options of everybody.

    Parameters
    ----------
    model : Itineraries
    crossing : Crossing
        People against placements.
    venues : Venues
    entry : Entry
    windows : Windows
    bookings : Bookings
    never : Cells
        (person, placement) that history excludes.
    changeable : (n_words,) uint64
        Mask of the periods in which something new may start.
    """
    counts, placements = Growing(np.int64), Growing(np.int32)
    points, starts = Growing(np.float64), Growing(np.uint64, len(changeable))
    counts.append(np.zeros(1, dtype=np.int64))
    added = bookings.added_points()
    restrictions = _Restrictions(bookings, venues, changeable)
    for rows in crossing.blocks():
        masks = windows.block(rows)
        restrictions.narrow(masks, rows)
        possible = rules.allowed(model.eligible, crossing, rows)
        possible &= entry.allowed(rows, len(venues))
        possible &= masks.any(axis=2)
        never.clear(possible, rows)
        restrictions.keep(possible, masks, rows)
        worth = rules.points(model.points, crossing, rows)
        added.add(worth, rows)
        counts.append(possible.sum(axis=1))
        found = np.flatnonzero(possible)
        placements.append(found % len(venues))
        points.append(rounded(worth.take(found)))
        starts.append(masks.reshape(-1, len(changeable))[found])
    return Options(
        np.cumsum(counts.finish()), placements.finish(), points.finish(), starts.finish()
    )


def excluded_by_history(history: History, distinct: np.ndarray) -> Cells:
    """Find what nobody may be booked at again.

    Parameters
    ----------
    history : History
    distinct : (n_placements,) int32
        Values that may occur once per person; -1 = not distinct.

    Returns
    -------
    Cells
        The placements done, and those of the same distinct value.
    """
    people, placements = [history.person], [history.placement]
    for value in np.unique(distinct[history.placement]):
        if value < 0:
            continue
        alike = np.flatnonzero(distinct == value)
        holders = np.unique(history.person[distinct[history.placement] == value])
        people.append(np.repeat(holders, len(alike)))
        placements.append(np.tile(alike, len(holders)))
    return Cells.of(np.concatenate(people), np.concatenate(placements))


def find_options(options: Options, person: np.ndarray, placement: np.ndarray) -> np.ndarray:
    """(n,) int64: the option of each person and placement; -1 = none."""
    found = np.full(len(person), -1, dtype=np.int64)
    for row, (owner, wanted) in enumerate(zip(person, placement, strict=True)):
        first, last = options.option_ptr[owner], options.option_ptr[owner + 1]
        option = first + np.searchsorted(options.option_placement[first:last], wanted)
        if option < last and options.option_placement[option] == wanted:
            found[row] = option
    return found


class _Restrictions:
    """Narrows the masks of a block to what bookings and the previous plan leave.

    What the previous plan has begun is kept, whatever the tables say of it
    now, except that it must end within the calendar and not be fixed to
    another start.
    """

    def __init__(self, bookings: Bookings, venues: Venues, changeable: np.ndarray) -> None:
        self._changeable = changeable
        self._forbidden = bookings.starts("forbidden")
        self._fixed = bookings.starts("fixed")
        begun = bookings.starts("begun")
        inside = begun.value + venues.duration[begun.provider] <= venues.seats.shape[1]
        self._begun = Cells.of(begun.seeker[inside], begun.provider[inside], begun.value[inside])

    def narrow(self, masks: np.ndarray, rows: slice) -> None:
        """Change (n_rows, n_placements, n_words) masks in place."""
        masks &= self._changeable
        words = len(self._changeable)
        for person, place, start in zip(*self._forbidden.within(rows), strict=True):
            taken = np.uint64(0) if start == ANY else ~only(int(start), words)
            masks[person, place] &= taken
        for person, place, start in zip(*self._begun.within(rows), strict=True):
            masks[person, place] = only(int(start), words)
        for person, place, start in zip(*self._fixed.within(rows), strict=True):
            if start != ANY:
                masks[person, place] &= only(int(start), words)

    def keep(self, possible: np.ndarray, masks: np.ndarray, rows: slice) -> None:
        """Make begun bookings possible whatever the rules say."""
        person, place, _ = self._begun.within(rows)
        possible[person, place] = masks[person, place].any(axis=1)
