"""Reviewer assignment: papers as seekers, reviewers as providers.

``python -m benchmarks.reviewers FILE… [--objective total|worst-off] --out FOLDER``

A ``scores.npy`` (reviewers by papers) is read with its neighbours
``covs.npy`` (reviewers per paper), ``loads.npy`` (most papers per reviewer)
and, with ``--lower-loads``, ``loads-lb.npy`` (fewest). A ``.in`` file holds
papers, reviewers and the scores of every paper; each needs three reviewers.
The most papers of a reviewer are those published with the set, by the file's
name, else the fewest with which all needs can be met, or ``--most-papers``.
Solutions: CSV ``paper,reviewer``, numbered from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import click
import numpy as np

from benchmarks.common import (
    Result,
    best_known,
    matching_problem,
    options,
    read_all,
    run,
    write_results,
    write_rows,
)
from benchmarks.reading import Malformed, array_of, counts_of, numbers_of, sizes_of

if TYPE_CHECKING:
    from pathlib import Path

LOWEST_FIRST = 1e6
"""Weight of the lowest paper when it is the objective; totals only break ties."""

PER_PAPER = 3
MOST_PAPERS = {"aamas": 12}
"""Papers per reviewer of ``.in`` files, by the beginning of the file's name.

Others have the fewest that do: so have the two published sets of PrefLib.
"""


@dataclass(frozen=True, slots=True)
class Instance:
    """Scores (n_papers, n_reviewers), needs (n_papers,), limits (n_reviewers,)."""

    score: np.ndarray
    need: np.ndarray
    least: np.ndarray | None
    most: np.ndarray


def read(path: Path, most_papers: int | None, *, lower_loads: bool) -> Instance:
    """Read one instance.

    Raises
    ------
    Malformed
        When a file does not hold what its header or its neighbours say.
    """
    if path.suffix == ".npy":
        return _read_arrays(path, lower_loads=lower_loads)
    numbers = numbers_of(path)
    papers, reviewers = sizes_of(path, numbers, ("papers", "reviewers"))
    if len(numbers) != 2 + papers * reviewers:
        message = (
            f"{papers} papers and {reviewers} reviewers need {papers * reviewers} scores; "
            f"there are {len(numbers) - 2}"
        )
        raise Malformed(path, message)
    if most_papers is None:
        known = [most for name, most in MOST_PAPERS.items() if path.name.startswith(name)]
        most_papers = known[0] if known else -(-PER_PAPER * papers // reviewers)
    return _checked(
        path,
        Instance(
            numbers[2:].reshape(papers, reviewers),
            np.full(papers, PER_PAPER),
            None,
            np.full(reviewers, most_papers),
        ),
    )


def _read_arrays(path: Path, *, lower_loads: bool) -> Instance:
    score = array_of(path, (None, None)).astype(float).T
    papers, reviewers = score.shape
    least = counts_of(path.with_name("loads-lb.npy"), reviewers) if lower_loads else None
    most = counts_of(path.with_name("loads.npy"), reviewers)
    needs = counts_of(path.with_name("covs.npy"), papers)
    return _checked(path, Instance(score, needs, least, most))


def _checked(path: Path, instance: Instance) -> Instance:
    """Refuse needs that nobody can meet."""
    needed, offered = int(instance.need.sum()), int(instance.most.sum())
    if instance.need.max(initial=0) > instance.score.shape[1]:
        raise Malformed(path, "a paper needs more reviewers than there are")
    if needed > offered:
        raise Malformed(path, f"papers need {needed} reviews, reviewers take {offered} at most")
    if instance.least is not None and (instance.least > instance.most).any():
        raise Malformed(path, "a reviewer's fewest papers are more than the most")
    return instance


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


def least_total(instance: Instance) -> float:
    """Sum of every paper's worst scores: no answer's total is lower."""
    rank = np.arange(instance.score.shape[1])
    worst = np.sort(instance.score, axis=1)
    return float(worst[rank < instance.need[:, None]].sum())


def solve_one(
    instance: Instance, objective: str, seconds: float, workers: int, seed: int
) -> tuple[np.ndarray | None, float | None, float, float]:
    """Return (pairs, value, bound, seconds) for one instance."""
    papers = len(instance.score)
    weight = LOWEST_FIRST if objective == "worst-off" else 0.0
    span = float(np.abs(instance.score).max()) + 1.0
    missing = 2.0 * span * int(instance.need.max()) * (papers + 1)
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
    bound = (control.bound - least_total(instance)) / weight
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
    reads = partial(read, most_papers=most_papers, lower_loads=lower_loads)
    for path, instance in read_all(files, reads):
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
