"""What the tables and pictures show, computed from records and traces."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from talentopt.bench.crosscheck import best_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.bench.runs import Record, Store

SAME = 1e-9
"""Relative difference up to which two values are equal."""

NEAR = 0.01
"""Gap to the best known value that counts as near in the growth picture."""

WORST_GAP = 1.0
"""Gap that a run without a solution counts as, and larger ones are cut to."""


@dataclass(frozen=True, slots=True)
class Cell:
    """All runs of one solver on one instance with one limit.

    Attributes
    ----------
    instance, solver : str
    limit : float
    outcome : str
        That of the worst run.
    note : str
    value, bound : float or None
        Mean value and the tightest bound over the seeds.
    gap : float or None
        Mean gap to the best known value, relative.
    proven : float or None
        Mean gap between the run's own bound and value.
    seconds, cpu, memory : float or None
        Mean wall seconds of the search, mean processor seconds and largest
        memory of the process.
    wins, fastest : bool
        Its value is the best of all solvers here; and it took the fewest
        seconds of those.
    """

    instance: str
    solver: str
    limit: float
    outcome: str
    note: str
    value: float | None
    bound: float | None
    gap: float | None
    proven: float | None
    seconds: float | None
    cpu: float | None
    memory: float | None
    wins: bool = False
    fastest: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """One solver over all instances that it can take."""

    solver: str
    instances: int
    solved: int
    wins: int
    alone: int
    proven: int
    mean_gap: float
    mean_seconds: float
    most_memory: float
    wrong: int


def relative_gap(value: float, best: float, sense: str) -> float:
    """Distance of a value from the best one, relative to it, never below 0."""
    lost = best - value if sense == "max" else value - best
    return max(0.0, lost / max(1.0, abs(best)))


def proven_gap(record: Record) -> float | None:
    """Gap between a run's own bound and its value; None without either."""
    if record.value is None or record.bound is None:
        return None
    return abs(record.bound - record.value) / max(1.0, abs(record.value))


def make_cells(records: Sequence[Record]) -> list[Cell]:
    """Join the seeds of each instance, solver and limit, and find the winners."""
    best = best_values(records)
    grouped: dict[tuple[str, float, str], list[Record]] = defaultdict(list)
    for record in records:
        grouped[record.instance, record.limit, record.solver].append(record)
    cells: dict[tuple[str, float], list[Cell]] = defaultdict(list)
    senses = {record.instance: record.sense for record in records}
    for (instance, limit, _), runs in grouped.items():
        cells[instance, limit].append(_join(runs, best.get(instance)))
    return [
        cell
        for (instance, _), group in cells.items()
        for cell in _with_winners(group, senses[instance])
    ]


def _join(runs: list[Record], best: float | None) -> Cell:
    order = ("wrong", "failed", "killed", "no answer", "absent", "unsuitable", "solved")
    worst = min(runs, key=lambda run: order.index(run.outcome))
    solved = [run for run in runs if run.value is not None]
    values = [run.value for run in solved if run.value is not None]
    bounds = [run.bound for run in runs if run.bound is not None]
    sense = worst.sense
    tightest = min if sense == "max" else max
    proven = [gap for run in solved if (gap := proven_gap(run)) is not None]
    gaps = [relative_gap(value, best, sense) for value in values] if best is not None else []
    ran = [run for run in runs if run.outcome not in ("absent", "unsuitable")]
    return Cell(
        worst.instance,
        worst.solver,
        worst.limit,
        worst.outcome,
        next((run.flag or run.message for run in runs if run.flag or run.message), ""),
        fmean(values) if values else None,
        tightest(bounds) if bounds else None,
        fmean(gaps) if gaps else None,
        fmean(proven) if proven else None,
        _mean([run.seconds for run in ran]),
        _mean([run.cpu for run in ran]),
        max((run.memory or 0.0 for run in ran), default=None),
    )


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _with_winners(cells: list[Cell], sense: str) -> list[Cell]:
    from dataclasses import replace

    pick = max if sense == "max" else min
    top = pick((cell.value for cell in cells if cell.value is not None), default=None)
    if top is None:
        return cells
    equal = [
        cell
        for cell in cells
        if cell.value is not None and abs(cell.value - top) <= SAME * max(1.0, abs(top))
    ]
    quickest = min(equal, key=lambda cell: cell.seconds or 0.0)
    return [replace(cell, wins=cell in equal, fastest=cell is quickest) for cell in cells]


def make_standings(cells: Sequence[Cell]) -> list[Standing]:
    """Sum the cells up by solver, the most wins first."""
    grouped: dict[str, list[Cell]] = defaultdict(list)
    winners: dict[tuple[str, float], int] = defaultdict(int)
    for cell in cells:
        if cell.outcome not in ("absent", "unsuitable"):
            grouped[cell.solver].append(cell)
            winners[cell.instance, cell.limit] += cell.wins
    standings = [
        Standing(
            solver,
            len(own),
            sum(cell.value is not None for cell in own),
            sum(cell.wins for cell in own),
            sum(cell.wins and winners[cell.instance, cell.limit] == 1 for cell in own),
            sum(cell.proven is not None and cell.proven <= 1e-6 for cell in own),
            fmean(min(WORST_GAP, WORST_GAP if c.gap is None else c.gap) for c in own),
            fmean(cell.seconds or 0.0 for cell in own),
            max(cell.memory or 0.0 for cell in own),
            sum(cell.outcome == "wrong" for cell in own),
        )
        for solver, own in grouped.items()
    ]
    return sorted(standings, key=lambda standing: (-standing.wins, standing.mean_gap))


Curve = list[tuple[float, float]]


def performance_profiles(cells: Sequence[Cell]) -> dict[str, Curve]:
    """Share of instances (of all here) that each solver brings within each gap."""
    places = {(cell.instance, cell.limit) for cell in cells if cell.gap is not None}
    gaps: dict[str, list[float]] = defaultdict(list)
    for cell in cells:
        if cell.gap is not None:
            gaps[cell.solver].append(cell.gap)
    return {
        solver: [(gap, (rank + 1) / len(places)) for rank, gap in enumerate(sorted(own))]
        for solver, own in gaps.items()
    }


def gaps_over_time(records: Sequence[Record], store: Store) -> dict[str, Curve]:
    """Mean gap to the best known value at each moment; 1 while there is no solution.

    Every solver's mean is over the runs that it can take and that some solver solved.
    """
    best = best_values(records)
    limit = max((record.limit for record in records), default=0.0)
    steps: dict[str, list[Curve]] = defaultdict(list)
    for record in records:
        runs = record.outcome not in ("absent", "unsuitable") and record.limit == limit
        if runs and record.instance in best:
            steps[record.solver].append(_gap_steps(record, store, best[record.instance]))
    return {solver: _mean_steps(own, limit) for solver, own in steps.items()}


def _gap_steps(record: Record, store: Store, best: float) -> Curve:
    if record.value is None:
        return []
    found = []
    for line in store.trace(record):
        if line["value"] is not None:
            gap = relative_gap(line["value"], best, record.sense)
            found.append((line["seconds"], min(WORST_GAP, gap)))
    return found


def _mean_steps(runs: list[Curve], limit: float) -> Curve:
    """Average step functions; each starts at 1."""
    moments = sorted({seconds for run in runs for seconds, _ in run} | {limit})
    total, current = WORST_GAP * len(runs), [WORST_GAP] * len(runs)
    events = sorted(
        (seconds, number, gap) for number, run in enumerate(runs) for seconds, gap in run
    )
    curve, position = [], 0
    for moment in moments:
        while position < len(events) and events[position][0] <= moment:
            _, number, gap = events[position]
            total += gap - current[number]
            current[number] = gap
            position += 1
        curve.append((moment, max(0.0, total / len(runs))))
    return curve


@dataclass(frozen=True, slots=True)
class Growth:
    """How one solver's effort grows with the number of people.

    Attributes
    ----------
    points : list of (people, seconds)
        Seconds until the value was within `NEAR` of the best known; only
        sizes where it got there.
    missed : list of int
        Sizes where it did not.
    exponent : float or None
        Of seconds ~ people ** exponent, by least squares on logarithms; None
        with fewer than three sizes.
    """

    points: Curve
    missed: list[int]
    exponent: float | None


def growth(records: Sequence[Record], store: Store) -> dict[str, Growth]:
    """Fit the growth of each solver over the instances of a family."""
    best = best_values(records)
    reached: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    missed: dict[str, set[int]] = defaultdict(set)
    for record in records:
        runs = record.outcome not in ("absent", "unsuitable")
        if not (runs and record.family and record.instance in best):
            continue
        curve = _gap_steps(record, store, best[record.instance])
        first = next((seconds for seconds, gap in curve if gap <= NEAR), None)
        if first is None:
            missed[record.solver].add(record.size)
        else:
            reached[record.solver][record.size].append(max(first, 1e-3))
    grown = {}
    for solver in {**reached, **missed}:
        points = [(float(size), fmean(own)) for size, own in sorted(reached[solver].items())]
        away = sorted(missed[solver] - set(reached[solver]))
        grown[solver] = Growth(points, away, fit_exponent(points))
    return grown


def fit_exponent(points: Curve) -> float | None:
    """Slope of log y over log x by least squares; None with fewer than three points."""
    if len(points) < 3:
        return None
    xs = [math.log(x) for x, _ in points]
    ys = [math.log(y) for _, y in points]
    x_mean, y_mean = fmean(xs), fmean(ys)
    spread = sum((x - x_mean) ** 2 for x in xs)
    if spread == 0:
        return None
    return sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)) / spread
