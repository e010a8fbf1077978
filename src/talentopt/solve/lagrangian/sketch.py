"""First prices of seats from a sample of people, at a fraction of the work.

A tenth of the people, drawn at random, stand for all: their demand times ten
is compared with the seats. That leaves prices whose level is right, where
full passes from zero would spend most of their time in finding it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.lagrangian.dual import CALM, load, seat_rise
from talentopt.solve.lagrangian.steps import Adam

if TYPE_CHECKING:
    from talentopt.solve.control import Control
    from talentopt.solve.lagrangian.dual import Dual, Duals

SHARE, PASSES = 0.1, 150
LONGEST_STEP, SHORTEST_STEP, POWER = 4.0, 0.1, 1.5

SETTLED = 0.7
"""Progress from which prices are averaged."""


def sketch(dual: Dual, duals: Duals, control: Control, rng: np.random.Generator) -> Duals:
    """Find prices of seats near the best.

    Parameters
    ----------
    dual : Dual
    duals : Duals
        To start from; all but seats and the sample's own rules stay as they are.
    control : Control
        Asked after every pass whether to stop.
    rng : numpy Generator

    Returns
    -------
    Duals
    """
    pricing, itineraries = dual.pricing, dual.problem.itineraries
    n_people = itineraries.n_people
    people = np.sort(rng.choice(n_people, max(1, round(SHARE * n_people)), replace=False))
    rules, positions = dual.own.part(people)
    adjust = dual.adjust(duals, dual.relaxation.relax(duals.role, duals.total))
    by_seats, by_own = Adam(duals.seats.size), Adam(len(positions))
    seats, floor = SHARE * itineraries.seats, SHARE * itineraries.min_seats
    now, settled = duals, []
    for step in range(PASSES):
        if control.finished():
            break
        progress = step / PASSES
        length = SHORTEST_STEP + (LONGEST_STEP - SHORTEST_STEP) * (1 - progress) ** POWER
        charged = adjust - rules.charges(now.own[positions])
        priced = pricing.price(now.seats, charged, people, attempts=1)
        used = load(pricing, priced.option[people], priced.start[people])
        rise = seat_rise(now.seats, used, seats, floor)
        moved = by_seats.step(now.seats.ravel(), rise.ravel(), length)
        own = now.own.copy()
        excess = rules.excess(priced.option[people])
        own[positions] = by_own.step(own[positions], excess, CALM[4] * length)
        now = replace(now, seats=moved.reshape(rise.shape), own=own)
        now = now.like(dual.project(now.flat()))
        if progress >= SETTLED:
            settled.append(now.seats)
    if not settled:
        return now
    now = replace(now, seats=np.mean(settled, axis=0))
    return now.like(dual.project(now.flat()))
