"""Bound by column generation, plan by diving and neighbourhoods, prove by branching."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.solve.enumeration.aims import first_plan
from talentopt.solve.enumeration.bound import Prices
from talentopt.solve.enumeration.combine import combine_best
from talentopt.solve.enumeration.dive import dive
from talentopt.solve.enumeration.exchanges import exchange
from talentopt.solve.enumeration.generation import Generation, converge
from talentopt.solve.enumeration.neighbourhoods import improve
from talentopt.solve.enumeration.proof import search, within
from talentopt.solve.enumeration.start import begin
from talentopt.solve.enumeration.states import TooManyStates
from talentopt.solve.enumeration.structure import divide
from talentopt.solve.enumeration.tree import Tree
from talentopt.solve.enumeration.work import Work
from talentopt.solve.highs import BOUND_TOLERANCE
from talentopt.solve.integers import finite_bounds

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.control import Control
    from talentopt.solve.enumeration.structure import Structure

LARGEST_ROWS = 60_000
"""Rows of the model beyond which its relaxation takes too long."""

BOUND_SHARE = 0.4
"""Most of the time that column generation may use before there is a plan."""

WIDE, COMBINE_SHARE = 0.01, 0.05
"""Gap from which on the best itineraries are combined, and most of the time that this may take."""

PLAN_SHARE, HALF = 0.2, 0.5
"""Most of the time left for a first plan by branching, and for each step after it."""

EARLY_SHARE = 0.5
"""Most of the time left for branching before the plan is improved by other means."""

CLOSE = 0.002
"""Gap of a plan in hand below which no other is built from nothing."""

MOST_TOGETHER = 6_000
"""Itineraries up to which all plans above the value are searched at once."""

MOST_AT_LAST = 40_000
"""The same once improvement has come to its end."""

PLAN_SECONDS = 5.0
NODES = 2_000
"""Nodes of a reproducible search."""

TOGETHER_PER_SECOND = 1_000
"""Itineraries searched at once per second of the limit when reproducible."""


def solve(problem: Problem, model: LinearModel, control: Control, share: float = 1.0) -> None:
    """Search a problem whose people have few enough states; else do nothing.

    Continues from the best plan and bound of the control.

    Parameters
    ----------
    problem : Problem
    model : LinearModel
        Its linear model.
    control : Control
    share : float
        Part of the time left that may be used.
    """
    if model.n_rows > LARGEST_ROWS:
        return
    try:
        structure = divide(problem, model)
    except TooManyStates:
        return
    if not structure.parts:
        return
    timing = Timing(control, share)
    generation = _generate(problem, model, structure, control, timing)
    if generation is None:
        return
    _plan(generation, control, timing)
    tree = Tree(problem, generation, control)
    _branch(tree, control, timing.part(EARLY_SHARE))
    _improve(problem, generation, control, timing)
    _branch(tree, control, timing.over)


class Timing:
    """Divides the time left.

    Parameters
    ----------
    control : Control
    share : float
        Part of the time left that may be used in all.

    Attributes
    ----------
    work : Work
        What counts instead of the clock when reproducible.
    """

    def __init__(self, control: Control, share: float) -> None:
        """Start."""
        self.control, self.work = control, Work()
        left = control.limits.seconds if control.limits.reproducible else control.seconds_left
        self._end = self._now() + share * left

    def part(self, share: float) -> Callable[[], bool]:
        """Make a function that says when a share of what is left is over."""
        now = self._now()
        end = now + share * (self._end - now)
        return lambda: self._now() >= end or stop(self.control)

    def over(self) -> bool:
        """Say whether all is over."""
        return self._now() >= self._end or stop(self.control)

    def _now(self) -> float:
        if self.control.limits.reproducible:
            return self.work.seconds
        return self.control.seconds


def _generate(
    problem: Problem,
    model: LinearModel,
    structure: Structure,
    control: Control,
    timing: Timing,
) -> Generation | None:
    """Find the best prices; None when time is over before."""
    control.enter("exact: prices")
    prices = begin(problem, model, control, timing.over)
    if prices is None:
        return None
    bounds, workers = finite_bounds(model), control.limits.workers
    generation = Generation(model, structure, bounds, workers, timing.work)
    control.enter("exact: generating itineraries")
    generation.begin(Prices(generation.valuation.allowed(prices[0]), 0.0))
    converge(generation, prices[1], timing.part(BOUND_SHARE), bound_to(control))
    if timing.over() or len(generation.restricted.columns) == 0:
        return None
    return generation


def _plan(generation: Generation, control: Control, timing: Timing) -> None:
    """Find a plan near the bound."""
    control.enter("exact: first plan")
    first_plan(generation, control, timing.part(PLAN_SHARE))
    if control.gap > WIDE:
        control.enter("exact: combining")
        seconds = COMBINE_SHARE * control.limits.seconds
        combine_best(generation, control, timing.over, seconds)
    if control.gap > CLOSE:
        _dive(generation, control, timing.over)
    _prove(generation, control, timing.over, MOST_TOGETHER)


def _branch(tree: Tree, control: Control, until: Callable[[], bool]) -> None:
    control.enter("exact: branching")
    tree.run(until)


def _improve(problem: Problem, generation: Generation, control: Control, timing: Timing) -> None:
    """Improve the plan until others between it and the bound may be few enough."""
    control.enter("exact: exchanges")
    exchange(generation, control, timing.part(HALF))
    _prove(generation, control, timing.over, MOST_TOGETHER)
    control.enter("exact: neighbourhoods")
    improve(problem, generation, control, timing.part(HALF))
    _prove(generation, control, timing.over, MOST_AT_LAST)


def stop(control: Control) -> bool:
    """Whether to return now; the clock is left out of reproducible runs."""
    if control.limits.reproducible:
        return control.interrupted or control.optimal or control.gap <= control.limits.gap
    return control.finished()


def bound_to(control: Control) -> Callable[[float], object]:
    """Make a function that tells the control of bounds."""
    return lambda bound: control.tighten(bound + BOUND_TOLERANCE)


def _dive(generation: Generation, control: Control, until: Callable[[], bool]) -> None:
    chosen = dive(generation, until)
    if chosen is None:
        return
    if control.limits.reproducible:
        limit: dict[str, float] = {"mip_max_nodes": NODES}
        found = search(generation, chosen, None, limit, until, lambda _: None)
    else:
        limit = {"time_limit": min(PLAN_SECONDS, control.seconds_left + 0.1)}
        found = search(
            generation, chosen, None, limit, lambda: control.interrupted, lambda _: None
        )
    if found.values is not None:
        control.offer(generation.model.decode(found.values))


def _prove(generation: Generation, control: Control, until: Callable[[], bool], most: int) -> None:
    """Search all plans between the value and the bound, if these are few enough."""
    if until() or control.value is None or control.best is None:
        return
    if control.limits.reproducible:
        most = min(most, round(TOGETHER_PER_SECOND * control.limits.seconds))
    columns = within(generation, control.value, most)
    if columns is None:
        return
    control.enter("exact: proof")
    value = control.value

    def tell(values: np.ndarray) -> None:
        control.offer(generation.model.decode(values))

    limit: dict[str, float] = {"time_limit": control.seconds_left + 0.1}
    if control.limits.reproducible:
        limit = {"mip_max_nodes": NODES}
    start = generation.model.vector(control.best)
    found = search(generation, columns, start, limit, until, tell)
    if found.values is not None:
        tell(found.values)
    control.tighten(max(found.bound, value, control.value))
