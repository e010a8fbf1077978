"""The regression guard: a quick subset against a stored reference.

Values are compared as they are; effort is compared as a multiple of the
yardstick's, measured in the same minutes, never in seconds.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from talentopt.bench.crosscheck import best_values
from talentopt.bench.figures import relative_gap
from talentopt.bench.registry import BenchError
from talentopt.bench.runner import Plan, run_benchmark, write_results
from talentopt.bench.runs import Store
from talentopt.bench.yardstick import yardstick

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from talentopt.bench.registry import Registry
    from talentopt.bench.runs import Record

SOLVERS = ("auto", "greedy", "exact")
SECONDS = 5.0
WORKERS = 2

VALUE_TOLERANCE = 0.002
"""Of the best value: what luck in a few seconds of search may change."""

BOUND_TOLERANCE = 0.005
"""The same for bounds."""

EFFORT_FACTOR = 2.0
"""How many times the reference's effort is worse."""

NEAR = 0.01
"""The effort is that of coming so near to the reference's value."""

LEAST_EFFORT = 2.0
"""Efforts below so many yardsticks are start-up, and not compared."""

COLUMNS = ("instance", "solver", "value", "bound", "effort")


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the reference; None where there is nothing.

    Attributes
    ----------
    instance, solver : str
    value, bound : float or None
    effort : float or None
        Processor seconds until `NEAR` the reference's value, in yardsticks.
    """

    instance: str
    solver: str
    value: float | None
    bound: float | None
    effort: float | None


def reference_file(registry: Registry) -> Path:
    """Where the reference is stored."""
    return registry.home / "reference.csv"


def run_guard(registry: Registry, folder: Path, tell: Callable[[str], None]) -> list[str]:
    """Run the subset and compare.

    Returns
    -------
    list of str
        What got worse, a line each.

    Raises
    ------
    BenchError
        If no reference is stored.
    """
    path = reference_file(registry)
    if not path.exists():
        raise BenchError(f"there is no {path}; make one with --store-reference")
    reference = read_reference(path)
    records, unit = _run(registry, folder, tell)
    marks = measure_marks(records, Store(folder / "guard"), unit, reference)
    wrong = [
        f"{record.instance} {record.solver}: {record.flag or record.message}"
        for record in records
        if record.flag or record.outcome == "wrong"
    ]
    senses = {record.instance: record.sense for record in records}
    return wrong + compare(reference, marks, senses)


def store_reference(registry: Registry, folder: Path, tell: Callable[[str], None]) -> Path:
    """Run the subset and store what came out as the reference."""
    records, unit = _run(registry, folder, tell)
    first = {
        (r.instance, r.solver): Mark(r.instance, r.solver, r.value, r.bound, None) for r in records
    }
    marks = measure_marks(records, Store(folder / "guard"), unit, first)
    path = reference_file(registry)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for mark in marks.values():
            numbers = (mark.value, mark.bound, mark.effort)
            cells = ["" if number is None else f"{number:.6g}" for number in numbers[2:]]
            exact = ["" if number is None else f"{number:.2f}" for number in numbers[:2]]
            writer.writerow([mark.instance, mark.solver, *exact, *cells])
    return path


def read_reference(path: Path) -> dict[tuple[str, str], Mark]:
    """Read the stored reference."""
    with path.open(newline="", encoding="utf-8") as stream:
        marks = [
            Mark(
                row["instance"],
                row["solver"],
                *(float(row[name]) if row[name] else None for name in COLUMNS[2:]),
            )
            for row in csv.DictReader(stream)
        ]
    return {(mark.instance, mark.solver): mark for mark in marks}


def measure_marks(
    records: Sequence[Record],
    store: Store,
    unit: float,
    reference: dict[tuple[str, str], Mark],
) -> dict[tuple[str, str], Mark]:
    """Value, bound and effort of each run; the effort is towards the reference's value."""
    marks = {}
    for record in records:
        known = reference.get((record.instance, record.solver))
        target = None if known is None else known.value
        effort = None
        if target is not None:
            effort = _effort(record, store.trace(record), target, unit)
        marks[record.instance, record.solver] = Mark(
            record.instance, record.solver, record.value, record.bound, effort
        )
    return marks


def _effort(
    record: Record, trace: list[dict[str, Any]], target: float, unit: float
) -> float | None:
    """Yardsticks of processor time until the value was near the target; None if it never was."""
    for line in trace:
        value = line["value"]
        if value is not None and relative_gap(value, target, record.sense) <= NEAR:
            return float(line["cpu"] / unit)
    return None


def compare(
    reference: dict[tuple[str, str], Mark],
    marks: dict[tuple[str, str], Mark],
    senses: dict[str, str],
) -> list[str]:
    """Say what is worse than the reference by more than luck explains."""
    worse = []
    for key, old in reference.items():
        new, name = marks.get(key), " ".join(key)
        if new is None:
            worse.append(f"{name}: was not run")
            continue
        sense = senses[old.instance]
        worse += [f"{name}: {text}" for text in _differences(old, new, sense)]
    return worse


def _differences(old: Mark, new: Mark, sense: str) -> list[str]:
    found = []
    if old.value is not None:
        if new.value is None:
            return [f"no solution, the reference has {old.value:,.2f}"]
        lost = relative_gap(new.value, old.value, sense)
        if lost > VALUE_TOLERANCE:
            found.append(f"value {new.value:,.2f} is {lost:.2%} under {old.value:,.2f}")
    if old.bound is not None and new.bound is None:
        found.append(f"no bound, the reference has {old.bound:,.2f}")
    elif old.bound is not None and new.bound is not None:
        wider = relative_gap(new.bound, old.bound, "min" if sense == "max" else "max")
        if wider > BOUND_TOLERANCE:
            found.append(f"bound {new.bound:,.2f} is {wider:.2%} wider than {old.bound:,.2f}")
    if old.effort is not None and new.effort is not None:
        allowed = EFFORT_FACTOR * max(old.effort, LEAST_EFFORT)
        if new.effort > allowed:
            found.append(
                f"takes {new.effort / max(old.effort, LEAST_EFFORT):.1f} times the effort to "
                "come within 1 % of the reference's value"
            )
    return found


def _run(
    registry: Registry, folder: Path, tell: Callable[[str], None]
) -> tuple[list[Record], float]:
    """Run the subset afresh; returns the records and the yardstick's processor seconds."""
    inside = folder / "guard"
    shutil.rmtree(inside / "runs", ignore_errors=True)
    before = yardstick()
    plan = Plan(("guard",), SOLVERS, (0,), (SECONDS,), WORKERS, 1, None, inside)
    records, _ = run_benchmark(plan, registry, tell)
    unit = min(before, yardstick())
    best = best_values(records)
    tell(f"yardstick {unit:.3f} s; {len(best)} instances with a solution")
    write_results(records, inside / "results.csv")
    return records, unit
