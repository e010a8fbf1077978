"""Medical student scheduling instances, solved as itineraries.

``python -m benchmarks.mss FILE… --time-limit 120 --out FOLDER``

Files are read, and answers judged, by the format's own rules
(`benchmarks.formats.mss`). Solutions: CSV ``student,discipline,hospital,start``,
numbered from 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from benchmarks.common import Result, best_known, options, read_all, write_results
from benchmarks.formats.mss import as_problem, attendances, read, value_of, write_attendances
from talentopt.solve.control import Control, Limits
from talentopt.solve.registry import find_solver

if TYPE_CHECKING:
    from pathlib import Path

WARM_UP = 0.1
"""Seconds of a first attempt that does not count."""


@click.command()
@options
@click.option("--solver", default="columns", show_default=True, help="Any solver of the project.")
def main(
    files: tuple[Path, ...], time_limit: float, out: Path, workers: int, seed: int, solver: str
) -> None:
    """Solve medical student scheduling instances."""
    solve = find_solver(solver)
    results = []
    for path, instance in read_all(files, read):
        problem = as_problem(instance)
        if not results:
            # Compiled kernels are loaded before the clock starts.
            solve(problem, Control(problem, Limits(seconds=WARM_UP, workers=workers)))
        control = Control(problem, Limits(seconds=time_limit, workers=workers, seed=seed))
        solve(problem, control)
        seconds, value = control.seconds, None
        if control.best is not None:
            rows = attendances(instance, problem, control.best)
            judged = value_of(instance, rows)
            if not isinstance(judged, str):
                value = float(judged)
                write_attendances(out / f"{path.stem}.csv", rows)
        known = best_known("mss", path.stem)
        results.append(Result(path.stem, value, control.bound, seconds, known))
    write_results(out, results)


if __name__ == "__main__":
    main()
