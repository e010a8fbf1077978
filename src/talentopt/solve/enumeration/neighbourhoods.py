"""Improvement: small groups of people are planned anew to the best, everybody else settled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.enumeration.bookings import Manner, branch
from talentopt.solve.enumeration.bound import Prices
from talentopt.solve.enumeration.generation import converge
from talentopt.solve.enumeration.proof import search, within
from talentopt.solve.enumeration.reduced import itineraries_of, pairs_of_others, reduce

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Problem
    from talentopt.solve.control import Control
    from talentopt.solve.enumeration.columns import Columns
    from talentopt.solve.enumeration.generation import Generation

SMALLEST, FIRST, LARGEST = 2, 6.0, 14
"""People in a group."""

MOST = 2_000
"""Itineraries of a group in its search."""

SECONDS = 2.0
NODES = 200
"""Limits of the search of one group, by the clock and in reproducible runs."""

STEPS_BACK = 3
"""Decisions about bookings taken back in a group that has more itineraries."""

PATIENCE = 8
"""Groups per person without a gain after which improvement gives up."""


def improve(
    problem: Problem, generation: Generation, control: Control, until: Callable[[], bool]
) -> None:
    """Plan groups anew while time is left.

    Parameters
    ----------
    problem : Problem
    generation : Generation
        Of the whole problem, with prices.
    control : Control
        With a plan.
    until : callable
        Whether to give up.
    """
    random = np.random.default_rng(control.limits.seed)
    n_parts, size, idle = len(generation.structure.parts), FIRST, 0
    # Groups side by side start from the same plan, and which ends first decides.
    together = 1 if control.limits.reproducible else max(1, control.limits.workers)
    with ThreadPoolExecutor(together) as threads:
        while not until() and idle < PATIENCE * n_parts and control.best is not None:
            best = control.best
            chosen = itineraries_of(generation, best)
            if chosen is None:
                return
            now = generation.model.vector(best)
            size = min(float(n_parts), size)
            groups = [_group(generation, chosen, round(size), random) for _ in range(together)]
            replan = partial(
                _replan, problem, generation, chosen, now, control=control, until=until
            )
            results = list(threads.map(replan, groups))
            gained = any(better for better, _ in results)
            idle = 0 if gained else idle + together
            for better, exhausted in results:
                if not better:
                    size = min(LARGEST, size + 0.1) if exhausted else max(SMALLEST, size - 0.1)
            if len(groups[0]) == n_parts and not gained:
                return


def _group(
    generation: Generation, chosen: Columns, size: int, random: np.random.Generator
) -> list[int]:
    """Pick people who could use each other's seats, preferably one who loses much."""
    valued = generation.value(generation.prices)
    used = generation.restricted.coefficients.uses(chosen)
    points = generation.restricted.coefficients.points(chosen)
    worth = points - used.T @ valued.prices.rows[generation.restricted.coefficients.rows]
    worth -= valued.prices.missing * chosen.missing
    lost = np.maximum(generation.tops - worth, 0.0) + 1.0
    weight = np.ones(len(lost)) if random.random() < 0.4 else lost
    centre = int(random.choice(len(lost), p=weight / weight.sum()))
    overlap = np.asarray((used.T @ used[:, [centre]]).todense()).ravel()
    near = overlap / max(1.0, overlap.max()) + random.random(len(lost)) * 1.5
    near[centre] = np.inf
    return sorted(np.argsort(-near, kind="stable")[:size].tolist())


def _replan(
    problem: Problem,
    generation: Generation,
    chosen: Columns,
    now: np.ndarray,
    group: list[int],
    control: Control,
    until: Callable[[], bool],
) -> tuple[bool, bool]:
    """Plan a group anew from a plan; tells whether that gained, and was a search of everything."""
    if control.value is None:
        return False, False
    value = control.value
    people = [generation.structure.parts[part].person for part in group]
    arcs = pairs_of_others(problem, people)
    outside = np.flatnonzero(~np.isin(np.arange(len(chosen)), group))
    small = reduce(generation, chosen.subset(outside), group, (arcs, now[arcs]))
    sub = small.generation

    def hopeless() -> bool:
        return until() or sub.bound <= value + 1e-6

    sub.begin(Prices(generation.prices.rows, 0.0))
    everything = np.ones(generation.model.n_rows, dtype=bool)
    if converge(sub, everything, hopeless, lambda _: None, value) is None:
        return False, sub.bound <= value + 1e-6

    def tell(values: np.ndarray) -> None:
        control.offer(generation.model.decode(values + small.settled))

    columns = within(sub, value, MOST)
    if columns is None:
        manner = Manner(STEPS_BACK, control.limits.reproducible)
        exhausted = branch(sub, lambda: control.value or value, hopeless, tell, manner)
        return control.value > value + 1e-9, exhausted
    limit = {"time_limit": SECONDS}
    if control.limits.reproducible:
        limit = {"mip_max_nodes": NODES}
    found = search(sub, columns, now - small.settled, limit, hopeless, tell)
    if found.values is not None:
        tell(found.values)
    return control.value > value + 1e-9, True
