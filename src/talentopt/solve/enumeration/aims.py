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

FIRST_STEPS, STEPS = 2, 6
"""Decisions that may be taken back for a first plan, and on the way to an aim above it."""

FIRST_LOSS = 2e-3
"""Share of the bound that a first plan may lose."""

HIGHEST, LOWER, LOWEST = 0.6, 0.7, 0.15
"""Share of the gap above the best plan that is aimed at first, the factor after a failure,
and the share below which no aim helps."""

NOISE = 0.1
"""Share by which bookings may change places in the order."""


def first_plan(generation: Generation, control: Control, until: Callable[[], bool]) -> None:
    """Offer a plan not far from the bound.

    Parameters
    ----------
    generation : Generation
        With prices.
    control : Control
    until : callable
        Whether to give up.
    """
    noise = np.zeros(generation.model.n_columns)
    aim = generation.bound - FIRST_LOSS * max(1.0, abs(generation.bound))
    if control.value is None or control.value < aim:
        _branch(generation, control, until, aim, FIRST_STEPS, noise)


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
    share = HIGHEST
    while not until() and share > LOWEST and control.value is not None:
        value, bound = control.value, min(control.bound, generation.bound)
        if bound - value <= NEARLY:
            return
        noise = NOISE * random.random(generation.model.n_columns)
        _branch(generation, control, until, value + share * (bound - value), STEPS, noise)
        gained = control.value > value + NEARLY
        share = HIGHEST if gained else LOWER * share


def _branch(
    generation: Generation,
    control: Control,
    until: Callable[[], bool],
    aim: float,
    steps: int,
    noise: np.ndarray,
) -> None:
    """Look for one plan above an aim."""
    before = control.value

    def found() -> bool:
        return until() or (
            control.value != before and control.value is not None and control.value > aim
        )

    def best() -> float:
        return aim if control.value is None else max(aim, control.value)

    def tell(values: np.ndarray) -> None:
        control.offer(generation.model.decode(values))

    manner = Manner(steps, control.limits.reproducible, noise)
    if branch(generation, best, found, tell, manner) and np.isfinite(best()):
        control.tighten(best() + CLOSED)
