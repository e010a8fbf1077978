"""Reviewer assignment: the total or the lowest paper, with or without fewest loads."""

from __future__ import annotations

import csv
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.common import matching_problem, write_rows
from benchmarks.reading import mistake_in
from benchmarks.reviewers import LOWEST_FIRST, least_total, paper_scores, read
from talentopt.bench.plugins import Loaded, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.solve.control import Control


class ReviewersFormat:
    """Papers (seekers) need reviewers (providers).

    Parameters
    ----------
    worst_off : bool
        The value is the lowest paper's score; the total only breaks ties.
    lower_loads : bool
        Keep the fewest papers per reviewer too.
    """

    sense = "max"
    files = ("scores.npy", "*.in")

    def __init__(self, *, worst_off: bool, lower_loads: bool) -> None:
        self.worst_off, self.lower_loads = worst_off, lower_loads
        self.name = "reviewers-worst-off" if worst_off else "reviewers"
        self.name += "-lower" if lower_loads else ""

    def check(self, path: Path) -> str:
        """Read it."""
        reads = partial(read, most_papers=None, lower_loads=self.lower_loads)
        return mistake_in(path, reads)

    def load(self, path: Path) -> Loaded:
        """Make a matching in which leaving a place empty never pays."""
        instance = read(path, None, lower_loads=self.lower_loads)
        span = float(np.abs(instance.score).max()) + 1.0
        weight = LOWEST_FIRST if self.worst_off else 0.0
        problem = matching_problem(
            instance.score,
            np.ones_like(instance.score, dtype=bool),
            load=None,
            need=instance.need,
            missing=2.0 * span * int(instance.need.max()) * (len(instance.score) + 1),
            capacity=instance.most,
            worst_off=weight,
            least=instance.least,
        )
        if not self.worst_off:
            return Loaded(problem)
        # Bounds stay bounds: a plan's total is at least that of everybody's worst scores.
        least = least_total(instance)
        return Loaded(problem, sign=1 / weight, offset=-least / weight, claims=False)

    def write(self, loaded: Loaded, control: Control, solver: str, folder: Path) -> None:
        """Write ``paper,reviewer``, numbered from 0."""
        assert control.best is not None
        matchings, arcs = loaded.problem.matchings, control.best.arcs
        paper = np.searchsorted(matchings.arc_ptr, arcs, side="right") - 1
        rows = zip(paper, matchings.arc_provider[arcs], strict=True)
        write_rows(folder / "solution.csv", ["paper", "reviewer"], rows)

    def judge(self, path: Path, folder: Path) -> Verdict:
        """Recompute the papers' scores from the file."""
        instance = read(path, None, lower_loads=self.lower_loads)
        with (folder / "solution.csv").open(newline="", encoding="utf-8") as stream:
            rows = [(int(row["paper"]), int(row["reviewer"])) for row in csv.DictReader(stream)]
        if len(rows) < instance.need.sum():
            return Verdict(None, "papers lack reviewers", complete=False)
        scores = paper_scores(instance, np.array(rows, dtype=np.int64))
        if scores is None:
            return Verdict(None, "the answer breaks the needs or the loads")
        return Verdict(float(scores.min() if self.worst_off else scores.sum()))


FORMATS = tuple(
    ReviewersFormat(worst_off=worst_off, lower_loads=lower_loads)
    for worst_off in (False, True)
    for lower_loads in (False, True)
)
