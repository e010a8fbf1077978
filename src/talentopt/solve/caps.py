"""Caps on changes as prices: a method that ignores hard minima keeps them at the right price.

The rows of caps are moved into the objective (Lagrangian relaxation of a few rows): every
promise kept gains the price of its cap. Whatever the price, a bound on the priced problem
bounds the capped one; a plan that is best at the price and keeps to the cap is a good
one. The first prices are such that most caps hold, so that there is a plan early; those of broken
caps are raised until all hold, and all are lowered again as far as that remains so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment, measure
from talentopt.solve.climb import climb
from talentopt.solve.control import Control
from talentopt.solve.restore import restore

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Limits, Progress, Solver

FIRST_PRICE = 50.0
"""Points for a promise kept that are tried first."""

GROWTH = 5.0

ROUNDS = 8

NEARLY = 0.02
"""Share of a cap's promises by which a priced plan may be short for its search to go on."""

FIRST_CLIMB, NEXT_CLIMB = 0.08, 0.5
"""Of the time, for greedy steps within the caps: before the rounds, and after those in vain."""

SHARE = 0.5
"""Of the time that is left, for every round."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A hard minimum that counts pairs chosen and bookings that start when they did.

    Attributes
    ----------
    row : int
    arcs, options : (n,) int64
    starts : (n,) int32
        Of each option.
    """

    row: int
    arcs: np.ndarray
    options: np.ndarray
    starts: np.ndarray


def kept_rows(problem: Problem) -> list[KeptRow]:
    """Find the rows of caps."""
    rows = problem.rows
    minima = np.isinf(rows.price) & (rows.lower > 0) & np.isinf(rows.upper)
    found = [_kept_row(problem, int(row)) for row in np.flatnonzero(minima)]
    return [row for row in found if row is not None]


def solve_within_caps(problem: Problem, control: Control, solve: Solver) -> None:
    """Solve a problem by a method that may ignore the rows of its caps.

    Parameters
    ----------
    problem : Problem
    control : Control
    solve : Solver
    """
    kept = kept_rows(problem)
    if not kept:
        solve(problem, control)
        return
    if control.best is None:
        control.offer(_promised(kept))
    base = control.best or _promised(kept)
    climb(problem, control, FIRST_CLIMB, FIRST_CLIMB)
    climbed = control.value
    _by_prices(problem, control, kept, base, solve)
    if control.value == climbed:
        climb(problem, control, NEXT_CLIMB, 1.0)


def _promised(kept: list[KeptRow]) -> Assignment:
    """Keep every promise that a cap counts, and nothing else."""
    options, first = np.unique(np.concatenate([row.options for row in kept]), return_index=True)
    starts = np.concatenate([row.starts for row in kept])[first]
    return Assignment.of(np.unique(np.concatenate([row.arcs for row in kept])), options, starts)


def _by_prices(
    problem: Problem, control: Control, kept: list[KeptRow], base: Assignment, solve: Solver
) -> None:
    """Offer the plans of rounds at prices that the caps need; `base` keeps promises."""
    price = np.full(len(kept), FIRST_PRICE)
    low = np.zeros(len(kept))
    high: np.ndarray | None = None
    for turn in range(ROUNDS):
        if control.finished():
            return
        attempt = _Attempt(problem, kept, price, base, control)
        best = attempt.run(solve, replace(control.limits, seconds=_seconds(control)))
        if best is None:
            return
        short = _missed(problem, kept, best) > 0
        if not (short.any() or price.any()):
            return
        low = np.where(short, price, low)
        high = high if short.any() else price
        if high is None:
            price = np.where(short, GROWTH * price, price)
        elif turn == 0:
            # Caps that the first prices keep perhaps need none.
            price = np.zeros(len(kept))
        else:
            price = np.sqrt(np.maximum(low, high / GROWTH**2) * high)


class _Attempt:
    """One solve at given prices, whose plans that keep to the caps are offered at once."""

    def __init__(
        self,
        problem: Problem,
        kept: list[KeptRow],
        price: np.ndarray,
        base: Assignment,
        control: Control,
    ) -> None:
        self._problem, self._kept, self._control = problem, kept, control
        self._price, self._base = price, base
        self._part: Control | None = None

    def run(self, solve: Solver, limits: Limits) -> Assignment | None:
        """Solve; return the best plan at these prices."""
        control = self._control
        self._part = part = Control(
            _priced(self._problem, self._kept, self._price),
            limits,
            self._watch,
            warm=control.best,
            parent=control,
            warm_prices=control.prices or control.warm_prices,
        )
        solve(part.problem, part)
        control.tighten(part.bound)
        control.prices = part.prices or control.prices
        if part.best is not None and not control.offer(part.best):
            for had in (self._base, control.best or self._base):
                restored = restore(self._problem, part.best, had)
                if restored is not None:
                    control.offer(restored)
        return part.best

    def _watch(self, progress: Progress) -> None:
        """Pass plans on; stop at the first that breaks a cap, unless prices nearly keep it."""
        part, control = self._part, self._control
        if part is None:
            return
        if progress.phase != control.phase:
            control.enter(progress.phase)
        control.tighten(progress.bound)
        if part.best is None:
            return
        missed = _missed(self._problem, self._kept, part.best)
        if not missed.any():
            control.offer(part.best)
        elif not self._price.any() or missed.max() > NEARLY:
            part.interrupt()


def _seconds(control: Control) -> float:
    """Time of a round; in reproducible runs, where it means work, whatever the clock says."""
    limits = control.limits
    return SHARE * (limits.seconds if limits.reproducible else control.seconds_left)


def _kept_row(problem: Problem, row: int) -> KeptRow | None:
    """Read a row as a cap; None when it counts anything but pairs and starts.

    A hard quota's minimum of pairs is met in the same way.
    """
    rows, events = problem.rows, problem.events
    n_arcs, n_options = problem.matchings.n_arcs, problem.itineraries.n_options
    inside = slice(rows.matrix.indptr[row], rows.matrix.indptr[row + 1])
    column, value = rows.matrix.indices[inside], rows.matrix.data[inside]
    event = column[column >= n_arcs + n_options] - n_arcs - n_options
    if (column < n_arcs + n_options).sum() != (column < n_arcs).sum() or not (
        (np.abs(value) == 1).all()
        and (value[column < n_arcs] > 0).all()
        and (np.diff(events.ptr)[event] == 1).all()
    ):
        return None
    option, latest = events.options[events.ptr[event]], events.latest_start[events.ptr[event]]
    keeps = value[column >= n_arcs + n_options] > 0
    earlier = set(zip(option[~keeps].tolist(), latest[~keeps].tolist(), strict=True))
    option, start = option[keeps].astype(np.int64), latest[keeps].astype(np.int32)
    periods = np.arange(problem.itineraries.n_periods)
    for one, first in zip(option.tolist(), start.tolist(), strict=True):
        before = problem.itineraries.may_start(np.full(first, one), periods[:first]).any()
        if before != ((one, first - 1) in earlier):
            return None
    if len(earlier) > len(option):
        return None
    return KeptRow(row, column[column < n_arcs].astype(np.int64), option, start)


def _priced(problem: Problem, kept: list[KeptRow], price: np.ndarray) -> Problem:
    """Drop the rows of the caps, and pay their price for every promise kept beyond them."""
    numbers = [row.row for row in kept]
    lower = problem.rows.lower.copy()
    lower[numbers] = -np.inf
    matchings, itineraries = problem.matchings, problem.itineraries
    arcs, arc_points = _added(
        (matchings.kept_arcs, np.zeros(len(matchings.kept_arcs), np.int32)),
        matchings.kept_arc_points,
        [(row.arcs, np.zeros(len(row.arcs), np.int32)) for row in kept],
        price,
    )
    options, booking_points = _added(
        (itineraries.kept_options, itineraries.kept_starts),
        itineraries.kept_booking_points,
        [(row.options, row.starts) for row in kept],
        price,
    )
    return replace(
        problem,
        matchings=replace(matchings, kept_arcs=arcs[0], kept_arc_points=arc_points),
        itineraries=replace(
            itineraries,
            kept_options=options[0],
            kept_starts=options[1].astype(np.int32),
            kept_booking_points=booking_points,
        ),
        rows=replace(problem.rows, lower=lower),
        constant=problem.constant - float(price @ problem.rows.lower[numbers]),
    )


def _added(
    known: tuple[np.ndarray, np.ndarray],
    points: np.ndarray,
    more: list[tuple[np.ndarray, np.ndarray]],
    price: np.ndarray,
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Add a price per row to the points of what is kept; each (number, start) once, sorted."""
    numbers = np.concatenate([known[0], *(at for at, _ in more)])
    starts = np.concatenate([known[1], *(start for _, start in more)])
    worth = np.concatenate(
        [points, *(np.full(len(m[0]), p) for m, p in zip(more, price, strict=True))]
    )
    keys, where = np.unique(np.stack([numbers, starts], axis=1), axis=0, return_inverse=True)
    return (keys[:, 0], keys[:, 1]), np.bincount(where.reshape(-1), worth, minlength=len(keys))


def _missed(problem: Problem, kept: list[KeptRow], plan: Assignment) -> np.ndarray:
    """(n,) float64: by which share a plan falls short of each cap's promises to keep."""
    numbers = [row.row for row in kept]
    least = problem.rows.lower[numbers]
    short = least - measure.row_activity(problem, plan)[numbers]
    return np.where(short > 1e-6, short / least, 0.0)
