"""A first plan by branching towards an aim near the bound.

An aim cuts off what loses more than it allows, so that a search that would end in a
poor plan turns back early. An aim that proves out of reach is a bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.enumeration.bookings import CLOSED, Manner, branch

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.control import Control
    from talentopt.solve.enumeration.generation import Generation

STEPS = 2
"""Decisions that may be taken back."""

LOSS = 2e-3
"""Share of the bound that the plan may lose."""


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
    aim = generation.bound - LOSS * max(1.0, abs(generation.bound))
    if control.value is not None and control.value >= aim:
        return
    before = control.value

    def found() -> bool:
        return until() or (
            control.value != before and control.value is not None and control.value > aim
        )

    def best() -> float:
        return aim if control.value is None else max(aim, control.value)

    def tell(values: np.ndarray) -> None:
        control.offer(generation.model.decode(values))

    manner = Manner(STEPS, control.limits.reproducible)
    if branch(generation, best, found, tell, manner) and np.isfinite(best()):
        control.tighten(best() + CLOSED)
