"""Hospital/residents and student/project instances, valued by both sides' preferences."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.common import write_rows
from benchmarks.reading import mistake_in
from benchmarks.residents import as_problem, read, value_of
from talentopt.bench.plugins import Loaded, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.solve.control import Control


class ResidentsFormat:
    """One provider for each seeker; points of both sides, 1000 lost for each left out."""

    name = "residents"
    sense = "max"
    files = ("residents.json", "students.csv")

    def check(self, path: Path) -> str:
        """Read it."""
        return mistake_in(path, read)

    def load(self, path: Path) -> Loaded:
        """Make a matching, with a row for each supervisor."""
        instance = read(path)
        return Loaded(as_problem(instance), instance)

    def write(self, loaded: Loaded, control: Control, solver: str, folder: Path) -> None:
        """Write ``seeker,provider``."""
        assert control.best is not None
        instance, matchings, arcs = loaded.context, loaded.problem.matchings, control.best.arcs
        demand = np.searchsorted(matchings.arc_ptr, arcs, side="right") - 1
        rows = [
            (instance.seekers[seeker], instance.providers[provider])
            for seeker, provider in zip(demand, matchings.arc_provider[arcs], strict=True)
        ]
        write_rows(folder / "solution.csv", ["seeker", "provider"], rows)

    def judge(self, path: Path, folder: Path) -> Verdict:
        """Recompute the points from the preferences in the files."""
        with (folder / "solution.csv").open(newline="", encoding="utf-8") as stream:
            pairs = [(row["seeker"], row["provider"]) for row in csv.DictReader(stream)]
        value = value_of(read(path), pairs)
        if value is None:
            return Verdict(None, "a pair is not acceptable, or a capacity is exceeded")
        return Verdict(value)


FORMAT = ResidentsFormat()
