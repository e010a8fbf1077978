"""Plans by branching towards aims between the best plan and the bound.

An aim cuts off what loses more than it allows, so that a search that would end in a
poor plan turns back early. An aim that proves out of reach is a bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.enumeration.bookings import CLOSED, NEARLY, Manner, branch

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.control import Control
    from talentopt.solve.enumeration.generation import Generation

STEPS = 6
"""Decisions that may be taken back on the way to an aim."""

FIRST_LOSSES = (1e-3, 5e-3, 2.5e-2, np.inf)
"""Share of the bound that a first plan may lose, one attempt after the other."""

FAR = 5e-3
"""Share of the bound that a plan in hand must lose for another first one to be sought."""

HIGHEST, LOWER, LOWEST = 0.6, 0.7, 0.15
"""Share of the gap above the best plan that is aimed at first, the factor after a failure,
and the share below which no aim helps."""

NOISE = 0.1
"""Share by which bookings may change places in the order."""


def aim_high(generation: Generation, control: Control, until: Callable[[], bool]) -> None:
    """Offer plans until aims just above the best are missed.

    Parameters
    ----------
    generation : Generation
        With prices.
    control : Control
    until : callable
        Whether to give up.
    """
    random = np.random.default_rng(control.limits.seed)
    noise = np.zeros(generation.model.n_columns)
    bound, scale = generation.bound, max(1.0, abs(generation.bound))
    for loss in FIRST_LOSSES:
        lost = np.inf if control.value is None else bound - control.value
        if until() or lost <= min(FAR, loss) * scale:
            break
        _branch(generation, control, until, bound - loss * scale, noise)
    share = HIGHEST
    while not until() and share > LOWEST and control.value is not None:
        value, bound = control.value, min(control.bound, generation.bound)
        if bound - value <= NEARLY:
            return
        noise = NOISE * random.random(len(noise))
        _branch(generation, control, until, value + share * (bound - value), noise)
        gained = control.value > value + NEARLY
        share = HIGHEST if gained else LOWER * share


def _branch(
    generation: Generation,
    control: Control,
    until: Callable[[], bool],
    aim: float,
    noise: np.ndarray,
) -> None:
    """Look for plans above an aim."""

    def best() -> float:
        return aim if control.value is None else max(aim, control.value)

    def tell(values: np.ndarray) -> None:
        control.offer(generation.model.decode(values))

    manner = Manner(STEPS, control.limits.reproducible, noise)
    if branch(generation, best, until, tell, manner) and np.isfinite(best()):
        control.tighten(best() + CLOSED)
