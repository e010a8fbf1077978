"""Solve a related problem for some of the time, and pass on what it shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from talentopt.solve.control import Control

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Assignment, Problem
    from talentopt.solve.control import Progress, Solver


class Part:
    """One run of a solver on a problem whose bound bounds another's.

    Parameters
    ----------
    problem : Problem
    control : Control
        Of the whole problem; hears of bounds and plans at once.
    share : float
        Part of the time left that may be used.
    extra : float
        Points to add to a bound.
    lift : callable, optional
        Makes a plan of the whole problem from one of this; by default it is one.
    """

    def __init__(
        self,
        problem: Problem,
        control: Control,
        share: float,
        extra: float = 0.0,
        lift: Callable[[Assignment], Assignment] | None = None,
    ) -> None:
        """Prepare the run; take the plan and prices in hand along if the problem is the same."""
        self._control, self._extra, self._lift = control, extra, lift
        limits = control.limits
        left = limits.seconds if limits.reproducible else control.seconds_left
        self._part: Control | None = None
        self._part = Control(
            problem,
            replace(limits, seconds=share * left),
            self._watch,
            warm=control.best if lift is None else None,
            parent=control,
            warm_prices=(control.prices or control.warm_prices) if lift is None else None,
        )

    def run(self, solve: Solver) -> None:
        """Solve; the last plan is offered to the whole problem."""
        part, control = self._part, self._control
        assert part is not None
        solve(part.problem, part)
        control.tighten(part.bound + self._extra)
        if self._lift is None:
            control.prices = part.prices or control.prices
        if part.best is not None:
            control.offer(part.best if self._lift is None else self._lift(part.best))

    def _watch(self, progress: Progress) -> None:
        part, control = self._part, self._control
        if part is None:
            return
        if self._lift is None:
            # At once, as a part that is late is not waited for.
            control.prices = part.prices or control.prices
        if progress.phase != control.phase:
            control.enter(progress.phase)
        control.tighten(progress.bound + self._extra)
        better = control.value is None or (progress.value or control.value) > control.value
        if self._lift is None and part.best is not None and better:
            control.offer(part.best)


class UntilPlanned(Part):
    """A part that has all the time that is left as soon as there is a plan."""

    def _watch(self, progress: Progress) -> None:
        super()._watch(progress)
        part, control = self._part, self._control
        if part is not None and part.best is not None and not part.limits.reproducible:
            whole = part.seconds + control.seconds_left
            part.limits = replace(part.limits, seconds=max(part.limits.seconds, whole))
