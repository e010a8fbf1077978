"""The straight line once: read, compile, solve, interpret.

The command line and ``talentopt.solve(...)`` both go through here.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from talentopt.compile.compiler import compile_scenario
from talentopt.plan.files import read_plan
from talentopt.plan.interpret import interpret
from talentopt.plan.prices import read_prices
from talentopt.plan.warm import warm_start
from talentopt.read.scenario import Scenario
from talentopt.solve.control import Control, Limits
from talentopt.solve.registry import find_solver

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from talentopt.compile.compiler import Compiled
    from talentopt.compile.index import Conflict
    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment, Prices
    from talentopt.solve.control import Observer


SMALL_OPTIONS = 5_000
"""Options up to which contradictions are looked for before solving, not after a failure."""

NOT_KNOWN = "not known whether fixed entries and hard limits can all hold: too much to search"
"""What to say when `contradictions` finds no answer in time."""


class Contradiction(Exception):
    """Fixed entries or hard limits that cannot all hold.

    Attributes
    ----------
    conflicts : tuple of Conflict
        Each fact, with the row it stands in; may be empty when only the fact
        that they contradict each other is proven.
    """

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        lines = [f"{conflict.source}: {conflict.message}" for conflict in conflicts]
        super().__init__(
            "\n".join(lines or ["fixed entries and hard limits contradict each other"])
        )


class NoPlan(Exception):
    """The search ended before any plan was found."""


def usable_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def prepare(scenario: Scenario) -> Compiled:
    """Compile a scenario that can be solved.

    Raises
    ------
    Contradiction
        If fixed entries and hard limits cannot all hold.
    """
    compiled = compile_scenario(scenario)
    conflicts = compiled.conflicts
    if not conflicts and compiled.problem.itineraries.n_options <= SMALL_OPTIONS:
        conflicts = contradictions(compiled, scenario) or ()
    if conflicts:
        raise Contradiction(conflicts)
    return compiled


def contradictions(compiled: Compiled, scenario: Scenario) -> tuple[Conflict, ...] | None:
    """Find the smallest set of fixed entries and hard limits that contradict each other.

    Returns
    -------
    tuple of Conflict or None
        Empty when there is none; None when that was not found out within seconds.
    """
    from talentopt.compile.index import Conflict
    from talentopt.explain.possible import plainly_possible

    if plainly_possible(compiled.problem):
        return ()
    from talentopt.explain.contradiction import smallest_contradiction
    from talentopt.explain.sources import source_of

    calendar = scenario.calendar
    periods = [calendar.label(period) for period in range(calendar.n_periods)]
    items = smallest_contradiction(compiled.problem, compiled.index, periods)
    if items is None:
        return None
    return tuple(
        Conflict(
            source_of(scenario, item),
            f"{item.sentence} ({n} of {len(items)} that cannot all hold)",
        )
        for n, item in enumerate(items, start=1)
    )


def take_over(compiled: Compiled, scenario: Scenario, folder: Path) -> Assignment:
    """Read a plan folder and keep what of it is still possible."""
    plan = read_plan(folder)
    return warm_start(compiled, scenario, plan.pairs, plan.placements)


def take_over_prices(compiled: Compiled, scenario: Scenario, folder: Path) -> Prices | None:
    """Read the prices that a plan folder keeps; None when it keeps none."""
    return read_prices(folder, compiled, scenario.calendar)


@dataclass
class Run:
    """One solver at work in its own thread, so that the caller can stop it.

    Parameters
    ----------
    compiled : Compiled
    scenario : Scenario
    solver : str
        A name in `talentopt.solve.registry.SOLVERS`.
    limits : Limits
    observer : callable, optional
    warm : Assignment, optional
    warm_prices : Prices, optional
        Where the solver may start its prices.
    """

    compiled: Compiled
    scenario: Scenario
    solver: str
    limits: Limits
    observer: Observer | None = None
    warm: Assignment | None = None
    warm_prices: Prices | None = None

    def __post_init__(self) -> None:
        """Start the clock."""
        self.control = Control(
            self.compiled.problem,
            self.limits,
            self.observer,
            self.warm,
            warm_prices=self.warm_prices,
        )
        self._error: BaseException | None = None
        # A daemon: whoever gave up waiting may leave while it is still at work.
        self._thread = threading.Thread(target=self._work, name=self.solver, daemon=True)

    def start(self) -> None:
        """Set the solver to work."""
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait that long at most.

        Returns
        -------
        bool
            Whether the solver is done.
        """
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def result(self) -> Plan:
        """Interpret the best plan so far.

        Raises
        ------
        Contradiction
            If it is proven that there is no plan.
        NoPlan
            If none was found.
        """
        if self._error is not None and self.control.best is None:
            raise self._error
        if self.control.best is None:
            conflicts = contradictions(self.compiled, self.scenario) or ()
            if conflicts or self.control.infeasible:
                raise Contradiction(conflicts)
            raise NoPlan(f"{self.solver} found no plan ({self.control.stopped_by})")
        return interpret(self.compiled, self.scenario, self.control, self.solver)

    @property
    def error(self) -> BaseException | None:
        """What made the solver fail, if it did."""
        return self._error

    def _work(self) -> None:
        try:
            find_solver(self.solver)(self.compiled.problem, self.control)
        # Whatever happens in the solver is told by whoever waits for it.
        except BaseException as error:
            self._error = error


def solve(
    scenario: Scenario | str | PathLike[str],
    *,
    solver: str = "auto",
    time_limit: float = 60.0,
    gap: float = 0.0,
    workers: int | None = None,
    seed: int = 0,
    reproducible: bool = False,
    warm: str | PathLike[str] | None = None,
    observer: Observer | None = None,
) -> Plan:
    """Find a plan.

    Parameters
    ----------
    scenario : Scenario or path
    solver : str
        A name in `talentopt.solve.registry.SOLVERS`.
    time_limit : float
        Seconds.
    gap : float
        Relative gap at which to stop.
    workers : int, optional
        Threads; all cores by default, one in reproducible mode.
    seed : int
    reproducible : bool
        The same scenario, seed and limits give the same plan.
    warm : path, optional
        A plan folder to start from.
    observer : callable, optional
        Hears of progress, in the solver's thread.

    Raises
    ------
    InputErrors
        If the scenario (a path) or the plan to start from is invalid.
    Contradiction
        If fixed entries or hard limits contradict each other.
    NoPlan
        If no plan was found within the limits.
    """
    from talentopt.read.reader import read

    loaded = scenario if isinstance(scenario, Scenario) else read(scenario)
    compiled = prepare(loaded)
    start = None if warm is None else take_over(compiled, loaded, Path(warm))
    prices = None if warm is None else take_over_prices(compiled, loaded, Path(warm))
    cores = 1 if reproducible else usable_cores()
    limits = Limits(time_limit, gap, workers or cores, seed, reproducible)
    run = Run(compiled, loaded, solver, limits, observer, start, prices)
    run.start()
    try:
        while not run.wait(0.2):
            pass
    except KeyboardInterrupt:
        run.control.interrupt()
        raise
    if run.error is not None:
        raise run.error
    return run.result()
