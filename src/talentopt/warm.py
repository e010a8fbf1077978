"""Compiling, before the first plan is asked for, what solvers compile on their first run."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from talentopt.orphans import die_with_parent

if TYPE_CHECKING:
    from talentopt.problem import Problem

TURNS = (
    ("one-five-n", ("lagrangian", "exact")),
    ("ten-point-programme", ("columns",)),
    ("mentoring", ("auto",)),
)
"""Shipped models, and solvers that together call every compiled function."""

PEOPLE = 8
"""In the scenarios that are planned for it."""

WORK = 0.5
"""Seconds that the amount of work stands for; compiling does not count."""

ROUND = 3
"""Questions whether to give up that exchanges ask until the end of a first piece."""

MOST_SECONDS = 120.0
"""For what is not counted in work; it ends by itself, with the best matching proven."""


def warm_up(jobs: int) -> Path | None:
    """Plan small scenarios so that all compiled code is on disk afterwards.

    Parameters
    ----------
    jobs : int
        Most processes side by side.

    Returns
    -------
    Path or None
        Where the code is kept; None when no folder for it can be written.
    """
    from talentopt.solve.compiled import cache_folder
    from talentopt.solve.lagrangian.negotiate import negotiate

    folder = cache_folder(negotiate)
    if folder is None:
        return None
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=die_with_parent) as pool:
        matched = pool.submit(_match)
        for _ in pool.map(_plan, *zip(*TURNS, strict=True)):
            pass
        matched.result()
    return folder


def _plan(model: str, solvers: tuple[str, ...]) -> None:
    """Plan one scenario with some solvers."""
    from talentopt.generate import generate
    from talentopt.pipeline import prepare, solve
    from talentopt.read.reader import read

    with TemporaryDirectory(prefix="talentopt-warm-up-") as place:
        folder = generate(Path(place) / "scenario", participants=PEOPLE, model=model)
        for solver in solvers:
            solve(read(folder), solver=solver, time_limit=WORK, reproducible=True, workers=1)
            if solver == "exact":
                _exchange(prepare(read(folder)).problem)


def _exchange(problem: Problem) -> None:
    """Exchange itineraries, for which small scenarios are proven too soon."""
    import numpy as np

    from talentopt.problem.encode import encode
    from talentopt.solve.control import Control, Limits
    from talentopt.solve.enumeration.exchanges import exchange
    from talentopt.solve.enumeration.generation import Generation, converge
    from talentopt.solve.enumeration.structure import divide
    from talentopt.solve.enumeration.work import Work
    from talentopt.solve.greedy.solver import first_plan
    from talentopt.solve.integers import finite_bounds

    model = encode(problem)
    control = Control(problem, Limits(seconds=MOST_SECONDS, workers=1))
    control.offer(first_plan(problem, control, np.random.default_rng(0)))
    generation = Generation(model, divide(problem, model), finite_bounds(model), 1, Work())
    generation.begin(generation.prices)
    converge(generation, np.zeros(model.n_rows, dtype=bool), lambda: False, lambda _: None)
    begun: list[None] = []

    def until() -> bool:
        # The first answers let one round begin.
        begun.append(None)
        return len(begun) > ROUND

    exchange(generation, control, until)


def _match() -> None:
    """Match with loads, and for the lowest total: no generated scenario asks for these."""
    import numpy as np

    from talentopt.generate import generate
    from talentopt.pipeline import prepare
    from talentopt.read.reader import read
    from talentopt.solve.control import Control, Limits
    from talentopt.solve.matchings.solver import solve
    from talentopt.solve.matchings.swaps import raise_by_swaps

    with TemporaryDirectory(prefix="talentopt-warm-up-") as place:
        folder = generate(Path(place) / "scenario", participants=PEOPLE, model="mentoring")
        problem = prepare(read(folder)).problem
    matchings = problem.matchings
    loaded = replace(
        matchings,
        arc_load=1.0 + np.arange(matchings.n_arcs) % 2,
        unit_loads=False,
        role_capacity=np.full_like(matchings.role_capacity, np.inf),
        distinct=(),
    )
    problem = replace(problem, matchings=loaded)
    control = Control(problem, Limits(seconds=MOST_SECONDS, workers=1))
    solve(problem, control)
    _dive_by_beliefs()
    if control.best is not None:
        nobody = np.zeros((matchings.n_matchings, matchings.n_matchings), dtype=np.bool_)
        totals = np.zeros(problem.itineraries.n_people)
        raise_by_swaps(
            replace(problem, matchings=matchings),
            nobody,
            control.best.arcs,
            totals,
            1.0,
            moves=1,
            warmth=1.0,
            seed=0,
        )


def _dive_by_beliefs() -> None:
    """Dive on one pair, as matchings so small are proven before."""
    import numpy as np

    from talentopt.solve.matchings.core import Core, dive_by_beliefs, freed
    from talentopt.solve.matchings.knapsacks import Items

    items = Items(np.array([0, 1]), np.array([0]), np.array([1.0]), np.array([1]))
    core = Core(
        items=items,
        provider=np.zeros(1, np.int64),
        capacity=np.ones(1, np.int64),
        left=np.ones(1, np.int64),
        missing=np.ones(1),
        price=np.zeros(1),
        unit_price=np.zeros(1),
        regret=1.0,
    )
    part = freed(core, np.zeros(1, np.bool_), np.ones(1, np.bool_), core.left)
    dive_by_beliefs(part.core, 1.0, np.random.default_rng(0), lambda: False)
