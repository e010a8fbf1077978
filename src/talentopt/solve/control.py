"""What a solver is given besides the problem: limits, and where to report.

A solver is a function ``solve(problem, control)``. It offers every
assignment it finds and every bound it proves to the `Control`, which keeps
the best of each; it returns when it has nothing left to do or when
`Control.finished` says so. What it returned, why it stopped and what is known
of optimality are therefore facts that no solver can misreport: offers are
evaluated again and refused when they break a hard rule.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from talentopt.problem.evaluate import evaluate

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Prices, Problem

StoppedBy = Literal["optimal", "gap", "time", "interrupt", "exhausted"]

OPTIMALITY_TOLERANCE = 1e-6
"""Points between value and bound below which a plan counts as optimal."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop and what may be used.

    Attributes
    ----------
    seconds : float
        Wall time from the creation of the `Control`.
    gap : float
        Relative gap, (bound - value) / max(1, |value|), at which to stop.
    workers : int
        Threads or processes that may be busy at once.
    seed : int
    reproducible : bool
        Same problem, seed and limits give the same assignment, whatever the
        machine's speed: work is limited by counts, not by the clock.
    """

    seconds: float = 60.0
    gap: float = 0.0
    workers: int = 1
    seed: int = 0
    reproducible: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of news: seconds since the start, best value, bound, phase."""

    seconds: float
    value: float | None
    bound: float
    phase: str

    @property
    def gap(self) -> float:
        """Relative gap, inf while there is no plan."""
        return relative_gap(self.value, self.bound)


class Observer(Protocol):
    """Anything that wants to hear of progress."""

    def __call__(self, progress: Progress) -> None:
        """Take one line of news; called from the solver's thread."""


def relative_gap(value: float | None, bound: float) -> float:
    """Return (bound - value) / max(1, |value|), never below 0; inf without a value."""
    if value is None or not np.isfinite(bound):
        return float("inf")
    return max(0.0, (bound - value) / max(1.0, abs(value)))


@dataclass
class Control:
    """Keeps the best assignment and bound, and says when to stop.

    Safe to use from several threads.

    Parameters
    ----------
    problem : Problem
    limits : Limits
    observer : callable, optional
    warm : Assignment, optional
        A plan in hand; offered before the solver starts.
    parent : Control, optional
        Of the problem that this one is a part of: when it is interrupted, so is this.
    warm_prices : Prices, optional
        Of an earlier run, perhaps on another scenario; NaN where nothing is known. A solver
        may start its prices from them.

    Attributes
    ----------
    prices : Prices or None
        The best prices that a solver found, kept for the next run.
    """

    problem: Problem
    limits: Limits = field(default_factory=Limits)
    observer: Observer | None = None
    warm: Assignment | None = None
    parent: Control | None = None
    warm_prices: Prices | None = None

    best: Assignment | None = field(default=None, init=False)
    value: float | None = field(default=None, init=False)
    bound: float = field(default=float("inf"), init=False)
    infeasible: bool = field(default=False, init=False)
    prices: Prices | None = field(default=None, init=False)
    phase: str = field(default="start", init=False)
    trace: list[Progress] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Start the clock and take the plan in hand."""
        self.started = time.monotonic()
        self._interrupted = threading.Event()
        self._lock = threading.Lock()
        if self.warm is not None:
            self.phase = "warm start"
            self.offer(self.warm)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def seconds_left(self) -> float:
        """Seconds until the limit, at least 0."""
        return max(0.0, self.limits.seconds - self.seconds)

    @property
    def gap(self) -> float:
        """Relative gap of the best assignment."""
        return relative_gap(self.value, self.bound)

    def offer(self, assignment: Assignment) -> bool:
        """Keep an assignment when it is allowed and better than the best.

        Returns
        -------
        bool
            Whether it is now the best.
        """
        evaluation = evaluate(self.problem, assignment)
        if evaluation.violations:
            return False
        with self._lock:
            if self.value is not None and evaluation.value <= self.value + 1e-9:
                return False
            self.best, self.value = assignment, evaluation.value
            self._tell()
            return True

    def tighten(self, bound: float) -> bool:
        """Keep an upper bound on every allowed assignment's value, if lower.

        Returns
        -------
        bool
            Whether it is now the bound.
        """
        with self._lock:
            if not bound < self.bound:
                return False
            self.bound = bound
            self._tell()
            return True

    def prove_infeasible(self) -> None:
        """Record a proof that no assignment satisfies all hard rules."""
        self.infeasible = True

    def enter(self, phase: str) -> None:
        """Name what is being done now; shown with the progress."""
        with self._lock:
            self.phase = phase
            self._tell()

    def interrupt(self) -> None:
        """Ask the solver to stop as soon as it can (from a signal handler)."""
        self._interrupted.set()

    @property
    def interrupted(self) -> bool:
        """Whether a stop was asked for."""
        above = self.parent is not None and self.parent.interrupted
        return above or self._interrupted.is_set()

    @property
    def optimal(self) -> bool:
        """Whether the best assignment is proven best."""
        if self.value is None:
            return False
        return self.bound - self.value <= OPTIMALITY_TOLERANCE

    def finished(self) -> bool:
        """Whether the solver should return now.

        The clock does not count in reproducible mode: there a solver turns
        `Limits.seconds` into an amount of work.
        """
        return (
            self.interrupted
            or self.infeasible
            or self.out_of_time
            or self.optimal
            or self.gap <= self.limits.gap
        )

    @property
    def out_of_time(self) -> bool:
        """Whether the clock says stop; never in reproducible mode."""
        return not self.limits.reproducible and self.seconds >= self.limits.seconds

    @property
    def stopped_by(self) -> StoppedBy:
        """Why the solver stopped, once it has."""
        if self.optimal or self.infeasible:
            return "optimal"
        if self.interrupted:
            return "interrupt"
        if self.gap <= self.limits.gap:
            return "gap"
        if self.out_of_time:
            return "time"
        return "exhausted"

    def _tell(self) -> None:
        news = Progress(self.seconds, self.value, self.bound, self.phase)
        self.trace.append(news)
        if self.observer is not None:
            self.observer(news)


class Solver(Protocol):
    """A solver: a function of a problem and its control."""

    def __call__(self, problem: Problem, control: Control) -> None:
        """Offer assignments and bounds to the control until finished."""
