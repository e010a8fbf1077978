"""Reviewer assignment: papers as seekers, reviewers as providers.

``python -m benchmarks.reviewers FILE… [--objective total|worst-off] --out FOLDER``

A ``scores.npy`` (reviewers by papers) is read with its neighbours
``covs.npy`` (reviewers per paper), ``loads.npy`` (most papers per reviewer)
and, with ``--lower-loads``, ``loads-lb.npy`` (fewest). A ``.in`` file holds
papers, reviewers and the scores of every paper. Solutions: CSV
``paper,reviewer``, numbered from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
import numpy as np

from benchmarks.common import (
    Result,
    best_known,
    matching_problem,
    options,
    present,
    run,
    write_results,
    write_rows,
)

if TYPE_CHECKING:
    from pathlib import Path

LOWEST_FIRST = 1e6
"""Weight of the lowest paper when it is the objective; totals only break ties."""

PER_PAPER = 3
MOST_PAPERS = {"aamas": 12, "preflib1": 6, "preflib2": 7}
"""Papers per reviewer of the ``.in`` sets, by the beginning of the file's name."""


@dataclass(frozen=True, slots=True)
class Instance:
    """Scores (n_papers, n_reviewers), the need of a paper, limits per reviewer."""

    score: np.ndarray
    need: int
    least: np.ndarray | None
    most: np.ndarray


def read(path: Path, most_papers: int | None, *, lower_loads: bool) -> Instance:
    """Read one instance.

    Raises
    ------
    ValueError
        When papers need different numbers of reviewers, the file is not as
        long as its header says, or no limit per reviewer is known.
    """
    if path.suffix == ".npy":
        return _read_arrays(path, lower_loads=lower_loads)
    text = path.read_text(encoding="utf-8").split()
    papers, reviewers = int(text[0]), int(text[1])
    score = np.array(text[2:], dtype=float)
    if len(score) != papers * reviewers:
        message = f"{path}: {len(score)} scores, not {papers * reviewers}"
        raise ValueError(message)
    known = [most for name, most in MOST_PAPERS.items() if path.name.startswith(name)]
    if most_papers is None and not known:
        message = f"{path}: say the most papers of a reviewer with --most-papers"
        raise ValueError(message)
    most = np.full(reviewers, most_papers if most_papers is not None else known[0])
    return Instance(score.reshape(papers, reviewers), PER_PAPER, None, most)


def _read_arrays(path: Path, *, lower_loads: bool) -> Instance:
    needs = np.load(path.with_name("covs.npy"))
    if len(np.unique(needs)) != 1:
        message = f"{path}: papers need different numbers of reviewers"
        raise ValueError(message)
    least = np.load(path.with_name("loads-lb.npy")) if lower_loads else None
    most = np.load(path.with_name("loads.npy"))
    return Instance(np.load(path).T, int(needs[0]), least, most)


def paper_scores(instance: Instance, pairs: np.ndarray) -> np.ndarray | None:
    """Score of every paper by the format's own rules; None when they are broken.

    Parameters
    ----------
    instance : Instance
    pairs : (n, 2) int64
        Paper and reviewer.
    """
    papers, reviewers = instance.score.shape
    if len(np.unique(pairs, axis=0)) != len(pairs):
        return None
    held = np.bincount(pairs[:, 0], minlength=papers)
    load = np.bincount(pairs[:, 1], minlength=reviewers)
    few = instance.least is not None and (load < instance.least).any()
    if (held != instance.need).any() or (load > instance.most).any() or few:
        return None
    return np.bincount(
        pairs[:, 0], weights=instance.score[pairs[:, 0], pairs[:, 1]], minlength=papers
    )


def solve_one(
    instance: Instance, objective: str, seconds: float, workers: int, seed: int
) -> tuple[np.ndarray | None, float | None, float, float]:
    """Return (pairs, value, bound, seconds) for one instance."""
    papers = len(instance.score)
    weight = LOWEST_FIRST if objective == "worst-off" else 0.0
    span = float(np.abs(instance.score).max()) + 1.0
    missing = 2.0 * span * instance.need * (papers + 1)
    problem = matching_problem(
        instance.score,
        np.ones_like(instance.score, dtype=bool),
        load=None,
        need=instance.need,
        missing=missing,
        capacity=instance.most,
        worst_off=weight,
        least=instance.least,
    )
    control = run(problem, seconds, workers, seed)
    if control.best is None:
        return None, None, np.inf, control.seconds
    paper = np.searchsorted(problem.matchings.arc_ptr, control.best.arcs, side="right") - 1
    pairs = np.column_stack([paper, problem.matchings.arc_provider[control.best.arcs]])
    scores = paper_scores(instance, pairs)
    if scores is None:
        return None, None, np.inf, control.seconds
    if not weight:
        return pairs, float(scores.sum()), control.bound, control.seconds
    # A better plan's total could be as low as that of everybody's worst scores.
    worst = np.sort(instance.score, axis=1)[:, : instance.need]
    bound = (control.bound - float(worst.sum())) / weight
    return pairs, float(scores.min()), bound, control.seconds


@click.command()
@options
@click.option("--objective", type=click.Choice(["total", "worst-off"]), default="total")
@click.option("--lower-loads", is_flag=True, help="Keep the fewest papers per reviewer.")
@click.option("--most-papers", type=int, help="Most papers per reviewer (.in files).")
def main(
    files: tuple[Path, ...],
    time_limit: float,
    out: Path,
    workers: int,
    seed: int,
    objective: str,
    lower_loads: bool,
    most_papers: int | None,
) -> None:
    """Solve reviewer assignment instances."""
    results = []
    for path in present(files):
        instance = read(path, most_papers, lower_loads=lower_loads)
        name = path.parent.name if path.suffix == ".npy" else path.stem
        name += "-lower" if instance.least is not None else ""
        pairs, value, bound, seconds = solve_one(instance, objective, time_limit, workers, seed)
        if pairs is not None:
            write_rows(out / f"{name}.csv", ["paper", "reviewer"], pairs.tolist())
        known = best_known(f"reviewers-{objective}", name)
        results.append(Result(name, value, bound, seconds, known))
    write_results(out, results)


if __name__ == "__main__":
    main()
