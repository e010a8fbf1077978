"""One run of a PuLP solver in a process of its own: a folder in, a vector out."""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem.encode import LinearModel

TASK = "model.pickle"
ANSWER = "values.npy"


def write_task(model: LinearModel, folder: Path) -> None:
    """Leave the model's arrays in a folder, for `main`."""
    import pickle
    from dataclasses import replace

    with (folder / TASK).open("wb") as file:
        pickle.dump(replace(model, completions=()), file)


def main(folder: Path, name: str, seconds: float, workers: int, gap: float) -> None:
    """Solve the folder's model and leave the values found, if any."""
    import pickle

    import pulp

    from talentopt.solve.pulp_model import to_pulp

    with (folder / TASK).open("rb") as file:
        program, columns = to_pulp(pickle.load(file))
    program.solve(_solver(name, seconds, workers, gap))
    found = program.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    values = [column.varValue for column in columns]
    if found and any(value is not None for value in values):
        written = folder / "partial.npy"
        np.save(written, np.array([value or 0.0 for value in values]))
        os.replace(written, folder / ANSWER)


def _solver(name: str, seconds: float, workers: int, gap: float) -> Any:
    """Make a PuLP solver with the settings that it takes."""
    import pulp

    takes = inspect.signature(getattr(pulp, name).__init__).parameters
    settings = {"msg": False, "timeLimit": seconds, "threads": workers, "gapRel": gap}
    return pulp.getSolver(name, **{key: settings[key] for key in settings if key in takes})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))
