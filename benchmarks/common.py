"""What the adapters of public matching instances share: options, runs and results."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
import numpy as np

from benchmarks.reading import Malformed
from talentopt.cli.exits import INVALID
from talentopt.problem import Events, Itineraries, Links, Matchings, Problem, Rows
from talentopt.solve.control import Control, Limits
from talentopt.solve.matchings.solver import solve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

BEST_KNOWN = Path(__file__).parent / "best_known"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of ``results.csv``; None where nothing is known.

    Attributes
    ----------
    instance : str
    value, bound : float or None
        In the instance's own units and direction.
    seconds : float
    best_known : float or None
    """

    instance: str
    value: float | None
    bound: float | None
    seconds: float
    best_known: float | None


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every adapter has."""
    for add in (
        click.argument("files", nargs=-1, type=click.Path(path_type=Path)),
        click.option("--time-limit", default=60.0, show_default=True, help="Seconds per file."),
        click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder."),
        click.option("--workers", default=2, show_default=True, help="Threads."),
        click.option("--seed", default=0, show_default=True),
    ):
        command = add(command)
    return command


def read_all(files: Iterable[Path], read: Callable[[Path], T]) -> list[tuple[Path, T]]:
    """Read the files that exist, before anything is solved.

    Absent ones are named on the error stream and skipped; when any is
    malformed, all of those are named and the program ends with exit code 3.
    """
    found, malformed = [], False
    for file in files:
        if not file.exists():
            print(f"{file}: absent, skipped", file=sys.stderr)
            continue
        try:
            found.append((file, read(file)))
        except Malformed as error:
            print(error, file=sys.stderr)
            malformed = True
    if malformed:
        raise SystemExit(INVALID)
    return found


def run(problem: Problem, seconds: float, workers: int, seed: int) -> Control:
    """Solve a problem of matchings alone."""
    control = Control(problem, Limits(seconds=seconds, workers=workers, seed=seed))
    solve(problem, control)
    return control


def best_known(table: str, instance: str, column: str = "best_known") -> float | None:
    """Look a value up in ``best_known/TABLE.csv``."""
    path = BEST_KNOWN / f"{table}.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["instance"] == instance and row[column]:
                return float(row[column])
    return None


def write_rows(path: Path, header: list[str], rows: Iterable[Iterable[object]]) -> None:
    """Write one CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_results(folder: Path, results: list[Result]) -> None:
    """Write ``results.csv`` and print it."""
    header = ["instance", "value", "bound", "seconds", "best_known"]
    rows = [
        [
            result.instance,
            _number(result.value),
            _number(result.bound),
            f"{result.seconds:.2f}",
            _number(result.best_known),
        ]
        for result in results
    ]
    write_rows(folder / "results.csv", header, rows)
    for row in rows:
        print(",".join(row))


def _number(value: float | None) -> str:
    if value is None or not np.isfinite(value):
        return ""
    return f"{round(value, 6):.10g}"


def matching_problem(
    points: np.ndarray,
    eligible: np.ndarray,
    *,
    load: np.ndarray | None,
    need: int | np.ndarray,
    missing: float,
    capacity: np.ndarray,
    worst_off: float = 0.0,
    least: np.ndarray | None = None,
) -> Problem:
    """Make a problem of one matching.

    Parameters
    ----------
    points : (n_seekers, n_providers) float64
    eligible : (n_seekers, n_providers) bool
    load : (n_seekers, n_providers) float64, optional
        None when every load is 1.
    need : int or (n_seekers,) int
    missing : float
    capacity : (n_providers,) float64
    worst_off : float
    least : (n_providers,) float64, optional
        Fewest pairs of each provider (hard rows).

    Returns
    -------
    Problem
        With the seekers as persons.
    """
    n_seekers, n_providers = points.shape
    seeker, provider = np.nonzero(eligible)
    seekers = np.arange(n_seekers, dtype=np.int32)
    none = np.zeros(0, np.int64)
    matchings = Matchings(
        n_matchings=1,
        n_seekers=n_seekers,
        n_providers=n_providers,
        demand_matching=np.zeros(n_seekers, np.int32),
        demand_seeker=seekers,
        demand_person=seekers,
        demand_need=np.broadcast_to(need, n_seekers).astype(np.int32),
        demand_missing=np.full(n_seekers, float(missing)),
        arc_ptr=np.searchsorted(seeker, np.arange(n_seekers + 1)).astype(np.int64),
        arc_provider=provider.astype(np.int32),
        arc_points=points[seeker, provider].astype(float),
        arc_load=np.broadcast_to(1.0, len(seeker)) if load is None else load[seeker, provider],
        unit_loads=load is None,
        fixed_arcs=none,
        kept_arcs=none,
        kept_arc_points=np.zeros(0),
        capacity=capacity.astype(float),
        role_capacity=np.full((1, n_providers), np.inf),
        distinct=(),
    )
    rows = _least_rows(matchings, least)
    return Problem(
        matchings,
        _no_itineraries(n_seekers),
        rows,
        _no_events(),
        _no_links(n_seekers),
        worst_off,
        0.0,
    )


def _least_rows(matchings: Matchings, least: np.ndarray | None) -> Rows:
    from scipy.sparse import csr_array

    n_arcs = matchings.n_arcs
    if least is None:
        return Rows(csr_array((0, n_arcs)), np.zeros(0), np.zeros(0), np.zeros(0))
    matrix = csr_array(
        (np.ones(n_arcs), (matchings.arc_provider, np.arange(n_arcs))),
        shape=(matchings.n_providers, n_arcs),
    )
    unlimited = np.full(matchings.n_providers, np.inf)
    return Rows(matrix, least.astype(float), unlimited, unlimited)


def _no_events() -> Events:
    none = np.zeros(0, np.int32)
    return Events(none, np.zeros(1, np.int64), np.zeros(0, np.int64), none)


def _no_links(n_people: int) -> Links:
    none, nothing = np.zeros(0, np.int32), np.zeros((0, 0), np.int32)
    return Links(none, none, nothing, nothing, np.zeros((0, n_people)))


def _no_itineraries(n_people: int) -> Itineraries:
    """People without stages, placements or bookings."""
    return Itineraries(
        n_people=n_people,
        n_periods=1,
        n_placements=0,
        n_stages=0,
        ordered=False,
        stage_exclusive=np.zeros(0, bool),
        stage_min=np.zeros((n_people, 0), np.int32),
        stage_max=np.zeros((n_people, 0), np.int32),
        stage_missing=np.zeros((n_people, 0)),
        idle_price=np.zeros(n_people),
        idle_from=np.zeros(n_people, np.int32),
        move_price=np.zeros(n_people),
        home=np.full(n_people, -1, np.int32),
        placement_stage=np.zeros(0, np.int32),
        placement_duration=np.zeros(0, np.int32),
        placement_load=np.zeros(0),
        placement_place=np.zeros(0, np.int32),
        placement_distinct=np.zeros(0, np.int32),
        seats=np.zeros((0, 1), np.int32),
        min_seats=np.zeros((0, 1), np.int32),
        understaffed_price=0.0,
        concurrent_load=np.inf,
        option_ptr=np.zeros(n_people + 1, np.int64),
        option_placement=np.zeros(0, np.int32),
        option_points=np.zeros(0),
        option_starts=np.zeros((0, 1), np.uint64),
        fixed_options=np.zeros(0, np.int64),
        kept_options=np.zeros(0, np.int64),
        kept_starts=np.zeros(0, np.int32),
        kept_booking_points=np.zeros(0),
        limit_value=np.zeros((0, 0), np.int32),
        limit_left=np.zeros((0, n_people, 1), np.int32),
        clause_placement=np.zeros(0, np.int32),
        clause_ptr=np.zeros(1, np.int64),
        clause_met_by=np.zeros(0, np.int32),
        clause_done=np.zeros((n_people, 0), bool),
        hours_stage=np.zeros(0, np.int32),
        hours_min=np.zeros((n_people, 0)),
        hours_missing=np.zeros((n_people, 0)),
        placement_hours_of=np.zeros(0, np.int32),
        placement_hours=np.zeros(0),
    )
