"""Compiling, before the first plan is asked for, what solvers compile on their first run."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

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
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for _ in pool.map(_plan, *zip(*TURNS, strict=True)):
            pass
    return folder


def _plan(model: str, solvers: tuple[str, ...]) -> None:
    """Plan one scenario with some solvers."""
    from talentopt.generate import generate
    from talentopt.pipeline import solve
    from talentopt.read.reader import read

    with TemporaryDirectory(prefix="talentopt-warm-up-") as place:
        folder = generate(Path(place) / "scenario", participants=PEOPLE, model=model)
        for solver in solvers:
            solve(read(folder), solver=solver, time_limit=WORK, reproducible=True, workers=1)
