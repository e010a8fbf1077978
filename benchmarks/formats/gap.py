"""Generalised assignment: cost, minimised; checked with the instance's own numbers."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.common import matching_problem, write_rows
from benchmarks.gap import cost_of, read
from benchmarks.reading import mistake_in
from talentopt.bench.plugins import Loaded, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.solve.control import Control


class GapFormat:
    """Jobs (seekers) are assigned to agents (providers) with loads."""

    name = "gap"
    sense = "min"
    files = ("[!.]*[0-9]", "*.txt", "*.dat")

    def check(self, path: Path) -> str:
        """Read it."""
        return mistake_in(path, read)

    def load(self, path: Path) -> Loaded:
        """Make a matching with loads; leaving a job out never pays."""
        instance = read(path)
        missing = float(np.ptp(instance.cost, axis=0).sum() + instance.cost.max() + 1)
        problem = matching_problem(
            -instance.cost.T,
            instance.capacity >= instance.load.T,
            load=instance.load.T,
            need=1,
            missing=missing,
            capacity=instance.capacity,
        )
        return Loaded(problem, instance, sign=-1.0)

    def write(self, loaded: Loaded, control: Control, solver: str, folder: Path) -> None:
        """Write ``job,agent``, numbered from 1."""
        matchings = loaded.problem.matchings
        assert control.best is not None
        arcs = control.best.arcs
        job = np.searchsorted(matchings.arc_ptr, arcs, side="right") - 1
        rows = zip(job + 1, matchings.arc_provider[arcs] + 1, strict=True)
        write_rows(folder / "solution.csv", ["job", "agent"], rows)

    def judge(self, path: Path, folder: Path) -> Verdict:
        """Recompute the cost; every job must be assigned within the capacities."""
        instance = read(path)
        agent_of = np.full(instance.cost.shape[1], -1)
        with (folder / "solution.csv").open(newline="", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                agent_of[int(row["job"]) - 1] = int(row["agent"]) - 1
        left_out = int((agent_of < 0).sum())
        if left_out:
            return Verdict(None, f"{left_out} jobs are left out", complete=False)
        cost = cost_of(instance, agent_of)
        if cost is None:
            return Verdict(None, "an agent is over its capacity")
        return Verdict(cost)


FORMAT = GapFormat()
