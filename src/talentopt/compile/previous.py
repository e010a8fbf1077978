"""The previous plan, by row of the tables of today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.compile.history import History
    from talentopt.compile.side import Side
    from talentopt.read.scenario import Scenario


@dataclass(frozen=True, slots=True)
class PreviousBookings:
    """Bookings of the previous plan whose person and placement still exist.

    Those that start before the calendar, or are done by now, are left out:
    they can be neither kept nor changed.

    Attributes
    ----------
    person, placement, start : (n,) int64
    line : (n,) int64
        Line in the previous plan's table of placements.
    begun : (n,) bool
        Starts before the first period that may still change. These are kept
        whatever the tables say of them now: they break no rule by themselves,
        but nothing may be added where they leave no room.
    published : (n,) bool
        Starts before `Scenario.publish_until`; the others are drafts, free to move.
    """

    person: np.ndarray
    placement: np.ndarray
    start: np.ndarray
    line: np.ndarray
    begun: np.ndarray
    published: np.ndarray

    @classmethod
    def of(
        cls, scenario: Scenario, people: Side, placements: Side, history: History
    ) -> PreviousBookings:
        """Read the previous plan; empty without one."""
        if scenario.previous is None:
            none, never = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
            return cls(none, none, none, none, never, never)
        frame = scenario.previous.placements
        person, placement = people.find(frame["participant"]), placements.find(frame["placement"])
        start = frame["start"].to_numpy(dtype=np.int64)
        done = set(zip(history.person.tolist(), history.placement.tolist(), strict=True))
        is_done = np.array(
            [key in done for key in zip(person.tolist(), placement.tolist(), strict=True)],
            dtype=bool,
        )
        rows = np.flatnonzero((person >= 0) & (placement >= 0) & (start >= 0) & ~is_done)
        return cls(
            person[rows],
            placement[rows],
            start[rows],
            frame.index.to_numpy()[rows],
            start[rows] < (scenario.at or 0),
            start[rows] < scenario.published_before,
        )

    def kept(self) -> PreviousBookings:
        """Select those that have begun."""
        mine = self.begun
        return PreviousBookings(
            self.person[mine],
            self.placement[mine],
            self.start[mine],
            self.line[mine],
            self.begun[mine],
            self.published[mine],
        )

    def holds(self, n_people: int, placement: int) -> np.ndarray:
        """(n_people,) bool: who has a booking at one placement."""
        held = np.zeros(n_people, dtype=bool)
        held[self.person[self.placement == placement]] = True
        return held
