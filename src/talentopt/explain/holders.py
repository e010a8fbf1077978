"""Plans in which one holder of a full seat makes room for somebody who wants it.

Everybody concerned is laid out once, so that all holders can be asked. Rows and links are left
aside in the order in which the plans come; whoever takes them looks at their exact value.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.arranging import (
    CLOSED,
    Arranger,
    Booked,
    Seats,
    exclusive_bookings,
    with_bookings,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.problem import Assignment, Problem


FEWEST = 24
"""Holders who are asked even when the time is over, which takes a moment."""


def with_room_made(
    problem: Problem,
    plan: Assignment,
    person: int,
    target: int,
    holders: Sequence[int],
    until: float,
) -> list[Assignment]:
    """Arrange a person anew in the place of each holder, who is arranged anew too.

    Whoever of the two chooses first leaves the other what is left, so that both orders are tried.

    Parameters
    ----------
    problem : Problem
        In which the person must have what is wanted.
    plan : Assignment
    person : int
    target : int
        Placement that the person wants.
    holders : sequence of int
        Not the person.
    until : float
        Clock (`time.monotonic`) at which to stop asking.

    Returns
    -------
    list of Assignment
        The most promising first; they may break rules across people.
    """
    itineraries = problem.itineraries
    arranger = Arranger(problem, plan, np.unique([person, *holders]))
    seats = Seats.of(itineraries, plan)
    seats.move(exclusive_bookings(itineraries, plan, person), -1)
    found: list[tuple[float, dict[int, Booked]]] = []
    for number, holder in enumerate(holders):
        if number >= FEWEST and time.monotonic() >= until:
            break
        theirs = exclusive_bookings(itineraries, plan, holder)
        seats.move(theirs, -1)
        before = _seated(arranger, holder, seats)
        for first, second in ((person, holder), (holder, person)):
            # The holder does not choose what the person is to have.
            one = _seated(arranger, first, seats, target if first == holder else -1)
            if before is None or one is None:
                continue
            seats.move(one, 1)
            other = _seated(arranger, second, seats)
            seats.move(one, -1)
            if other is not None:
                worth = one.worth + other.worth - before.worth
                found.append((worth, {first: one, second: other}))
        seats.move(theirs, 1)
    found.sort(key=lambda each: -each[0])
    return [with_bookings(itineraries, plan, booked) for _, booked in found]


def _seated(arranger: Arranger, person: int, seats: Seats, closed: int = -1) -> Booked | None:
    """Find a person's best itinerary within the seats that are left, but at one placement."""
    charges = seats.charges(CLOSED)
    if closed >= 0:
        charges[closed] = CLOSED
    booked = arranger.best(person, charges)
    return None if booked is None or seats.lacking(booked).any() else booked
