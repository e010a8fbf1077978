"""Instances of medical student scheduling whose minima a known plan meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from benchmarks.formats.mss import Instance, as_problem

if TYPE_CHECKING:
    from talentopt.problem import Problem

NEEDED = 0.85
"""Share of the seats of the known plan that must be taken."""


def planted(seed: int, students: int, disciplines: int, hospitals: int = 2) -> Problem:
    """Make a problem in which most bookings are needed somewhere.

    Everybody attends all disciplines, each in a hospital and a period by chance.
    """
    rng = np.random.default_rng(seed)
    horizon = disciplines + 1
    least = np.zeros((hospitals, disciplines, horizon), np.int64)
    for _ in range(students):
        periods = rng.permutation(horizon)[:disciplines]
        where = rng.integers(hospitals, size=disciplines)
        needed = rng.random(disciplines) < NEEDED
        np.add.at(least, (where[needed], np.flatnonzero(needed), periods[needed]), 1)
    instance = Instance(
        duration=1,
        horizon=horizon,
        most_per_hospital=disciplines,
        group=np.zeros(disciplines, np.int64),
        needs=np.full((students, 1), disciplines),
        allowed=np.ones((students, disciplines), bool),
        before=np.zeros((disciplines, disciplines), bool),
        available=np.ones((students, horizon), bool),
        able=np.ones((students, hospitals, disciplines), bool),
        most=least + 1,
        least=least,
        weight=rng.integers(1, 4, (students, 4)) * [1, 1, -1, -1],
        wish=rng.integers(1, 6, (students, disciplines)),
        hospital_wish=rng.integers(1, 6, (students, hospitals)),
        school=rng.integers(0, 4, disciplines),
    )
    return as_problem(instance)
