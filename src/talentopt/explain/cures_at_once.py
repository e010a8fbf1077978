"""Cures of everybody who is short of placements of one stage, found in one go.

Each person is arranged anew alone, everybody else staying; and all of them together, where
more seats in one placement serve many. What is told is the exact value of the plan.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.arranging import (
    CLOSED,
    Arranger,
    Seats,
    exclusive_bookings,
    no_more_of_others,
    with_bookings,
)
from talentopt.explain.cures import NO_EDIT, Remedy, added_alone, seat_edits
from talentopt.explain.rebooking import each_alone, keeps_personal_rules

if TYPE_CHECKING:
    from talentopt.explain.arranging import Booked
    from talentopt.insight.standing import Standing
    from talentopt.problem import Assignment

SWEEPS = 2
"""Times that everybody chooses again when all are cured together, so that edits get fewer."""


class StageCures:
    """Cures of the shortage of one stage.

    Parameters
    ----------
    standing : Standing
    stage : int
        Exclusive.
    people : list of int
        Who is short of it, the dearest first.

    Attributes
    ----------
    bookings : dict of int to Booked
        What cures each person alone, as far as found.
    """

    def __init__(self, standing: Standing, stage: int, people: list[int]) -> None:
        self._standing, self._stage, self._people = standing, stage, people
        self._plan = standing.assignment
        self._itineraries = itineraries = standing.problem.itineraries
        self._seats = Seats.of(itineraries, self._plan)
        capped = no_more_of_others(standing.problem, self._plan, np.sort(people), stage)
        self._arranger = Arranger(capped, self._plan, np.sort(people))
        alike = itineraries.placement_stage == stage
        self._longest = int(itineraries.placement_duration[alike].max(initial=1))
        self.bookings: dict[int, Booked] = {}

    def find(self, until: float) -> None:
        """Arrange one person after the other alone, while there is time."""
        for person in self._people:
            if time.monotonic() >= until:
                return
            own = self._own(person)
            self._seats.move(own, -1)
            for charge in (self._charge(person), 0.0):
                booked = self._arranger.best(person, self._seats.charges(charge))
                if booked is not None and self._closes(person, booked) > 0:
                    self.bookings[person] = booked
                    break
            self._seats.move(own, 1)

    def do_without(self, until: float) -> None:
        """Leave out placements whose additional seats a person can do without."""
        for person, booked in list(self.bookings.items()):
            if time.monotonic() >= until:
                return
            own = self._own(person)
            self._seats.move(own, -1)
            self.bookings[person] = self._with_fewer(person, booked)
            self._seats.move(own, 1)

    def remedies(self) -> dict[int, Remedy]:
        """Say what cures each person alone; nobody is in it whose cure breaks a hard rule."""
        standing, people = self._standing, sorted(self.bookings)
        after = with_bookings(self._itineraries, self._plan, self.bookings)
        if not people or not keeps_personal_rules(standing.problem, after):
            return {}
        alone = each_alone(
            standing.problem, self._plan, standing.evaluation, after, np.array(people)
        )
        remedies = {}
        for number in np.flatnonzero(~alone.broken).tolist():
            person = people[number]
            added = added_alone(self._seats.used, alone.lacking[number])
            remedies[person] = Remedy(
                seat_edits(standing, added) or (NO_EDIT,),
                float(alone.change[number]),
                float(self._closes(person, self.bookings[person])),
                (str(standing.names.people[person]),),
            )
        return remedies

    def together(self, until: float) -> Assignment | None:
        """Arrange everybody at once: each beside what cures the others, while there is time.

        Returns
        -------
        Assignment or None
            None when a rule within a person is broken.
        """
        seats, booked = Seats.of(self._itineraries, self._plan), dict(self.bookings)
        for person, new in booked.items():
            seats.move(self._own(person), -1)
            seats.move(new, 1)
        for person in self._people * SWEEPS:
            if time.monotonic() >= until:
                break
            own = booked.get(person) or self._own(person)
            seats.move(own, -1)
            booked[person] = self._beside(person, own, seats)
            seats.move(booked[person], 1)
        after = with_bookings(self._itineraries, self._plan, booked)
        return after if keeps_personal_rules(self._standing.problem, after) else None

    def _beside(self, person: int, own: Booked, seats: Seats) -> Booked:
        """Choose again beside the others; `own` where that closes less."""
        new = self._arranger.best(person, seats.charges(self._charge(person)))
        if new is None or self._closes(person, new) < max(self._closes(person, own), 0):
            return own
        return new

    def _with_fewer(self, person: int, booked: Booked) -> Booked:
        charges = self._seats.charges(self._charge(person))
        full = self._seats.used >= self._itineraries.seats
        option_placement = self._itineraries.option_placement
        for placement in option_placement[booked.options[self._seats.lacking(booked)]].tolist():
            edited = option_placement[booked.options[self._seats.lacking(booked)]]
            kept = np.isin(np.arange(len(full)), edited[edited != placement])
            closed = np.where(full & ~kept[:, None], CLOSED, charges)
            fewer = self._arranger.best(person, closed) if placement in edited else None
            if fewer is None or self._closes(person, fewer) < self._closes(person, booked):
                continue
            if set(option_placement[fewer.options[self._seats.lacking(fewer)]]) <= set(edited):
                booked = fewer
        return booked

    def _charge(self, person: int) -> float:
        """Points for a seat that is not there, so that filling the gap still pays."""
        short = float(self._itineraries.stage_missing[person, self._stage])
        return short / (2 * self._longest)

    def _closes(self, person: int, booked: Booked) -> int:
        """Units of the shortage that bookings close; -1 when more of another stage is missing."""
        own = self._own(person)
        held = [self._held(each.options, person) for each in (own, booked)]
        more = held[1] - held[0]
        return int(more[self._stage]) if (more >= 0).all() else -1

    def _own(self, person: int) -> Booked:
        return exclusive_bookings(self._itineraries, self._plan, person)

    def _held(self, options: np.ndarray, person: int) -> np.ndarray:
        itineraries = self._itineraries
        stage = itineraries.placement_stage[itineraries.option_placement[options]]
        held = np.bincount(stage, minlength=itineraries.n_stages)
        return np.asarray(np.minimum(held, itineraries.stage_min[person]))
