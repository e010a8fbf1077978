"""Hospital/residents and student/project instances, as matchings by preference.

``python -m benchmarks.residents FILE… --out FOLDER``

``residents.json`` is read with its neighbours ``hospitals.json`` and
``capacities.json``; ``students.csv`` with ``projects.csv`` and
``supervisors.csv``. A rank r of R is worth 100 (R - r) / (R - 1) points to
the one who ranks; both sides count, and a seeker left out costs 1000. The
best-known column holds the points of the published stable matching where its
file lies beside the instance: it is stable, not of most points.
Solutions: CSV ``seeker,provider``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click
import numpy as np
from scipy.sparse import csr_array

from benchmarks.common import (
    Result,
    matching_problem,
    options,
    read_all,
    run,
    write_results,
    write_rows,
)
from benchmarks.reading import Malformed, json_of, text_of
from talentopt.problem import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from talentopt.problem import Problem

MISSING = 1000.0
WHOLE = ("capacity", "rank")


@dataclass(frozen=True, slots=True)
class Instance:
    """Seekers, providers and who ranks whom.

    Attributes
    ----------
    seekers, providers : list of str
    points : dict of (seeker, provider) to float
        Of the pairs that both sides accept.
    capacity : dict of provider to int
    group : dict of provider to str
        Who shares a further capacity.
    group_capacity : dict of str to int
    published : list of (seeker, provider)
        A published stable matching; empty when there is none.
    """

    seekers: list[str]
    providers: list[str]
    points: dict[tuple[str, str], float]
    capacity: dict[str, int]
    group: dict[str, str]
    group_capacity: dict[str, int]
    published: list[tuple[str, str]]


def rank_points(ranked: list[str]) -> dict[str, float]:
    """Points of everybody in one list of preferences, best first."""
    if len(ranked) == 1:
        return {ranked[0]: 100.0}
    last = len(ranked) - 1
    return {name: 100.0 * (last - r) / last for r, name in enumerate(ranked)}


def read(path: Path) -> Instance:
    """Read either kind: students are a CSV file, residents a JSON file.

    Raises
    ------
    Malformed
        When a file is missing or broken, or names what its neighbours don't.
    """
    return read_students(path) if path.suffix == ".csv" else read_residents(path)


def read_residents(path: Path) -> Instance:
    """Read residents, hospitals and capacities."""
    beside = path.with_name("hospitals.json")
    residents, hospitals = _lists(path), _lists(beside)
    capacity = _capacities(path.with_name("capacities.json"), hospitals)
    theirs = {hospital: rank_points(ranked) for hospital, ranked in hospitals.items()}
    points = {}
    for resident, ranked in residents.items():
        for hospital, own in rank_points(ranked).items():
            if hospital not in hospitals:
                raise Malformed(path, f"{resident!r} ranks {hospital!r}: not in {beside.name}")
            if resident in theirs[hospital]:
                points[resident, hospital] = round(own + theirs[hospital][resident], 2)
    return Instance(
        list(residents),
        list(hospitals),
        points,
        capacity,
        {},
        {},
        _published(path.with_name("resident_solution.json")),
    )


def _lists(path: Path) -> dict[str, list[str]]:
    """Who ranks whom, best first."""
    found = json_of(path)
    for name, ranked in found.items():
        if not isinstance(ranked, list):
            raise Malformed(path, f"{name!r} must have a list of names, best first")
        if len(set(map(str, ranked))) < len(ranked):
            raise Malformed(path, f"{name!r} ranks somebody twice")
    return {name: [str(other) for other in ranked] for name, ranked in found.items()}


def _capacities(path: Path, hospitals: Iterable[str]) -> dict[str, int]:
    found = json_of(path)
    for hospital in hospitals:
        if not str(found.get(hospital, "")).isdigit():
            raise Malformed(path, f"the capacity of {hospital!r} must be a whole number from 0")
    return {hospital: int(found[hospital]) for hospital in hospitals}


def read_students(path: Path) -> Instance:
    """Read students, projects and supervisors.

    Unknown projects, projects without capacity and students without choices
    are left out; a project's capacity is at most its supervisor's.
    Supervisors prefer students of better rank.
    """
    projects = {
        row["code"]: row
        for row in _table(path.with_name("projects.csv"), "code", "capacity", "supervisor")
    }
    supervisors = {
        row["name"]: int(row["capacity"] or 0)
        for row in _table(path.with_name("supervisors.csv"), "name", "capacity")
    }
    group = {code: row["supervisor"] for code, row in projects.items()}
    capacity = {
        code: min(int(row["capacity"] or 0), supervisors.get(group[code], 0))
        for code, row in projects.items()
    }
    students = {}
    for row in sorted(_table(path, "name", "rank"), key=lambda row: int(row["rank"] or 0)):
        chosen = [cell for name, cell in row.items() if name.isdigit() and cell]
        known = [code for code in dict.fromkeys(chosen) if capacity.get(code, 0) > 0]
        if known:
            students[row["name"]] = known
    merit = rank_points(list(students))
    points = {
        (student, code): round(own + merit[student], 2)
        for student, ranked in students.items()
        for code, own in rank_points(ranked).items()
    }
    published = _published(path.with_name("student_solution.json"))
    return Instance(
        list(students), list(projects), points, capacity, group, supervisors, published
    )


def _table(path: Path, *columns: str) -> list[dict[str, str]]:
    """Read a CSV file that has these columns; numbers in it are whole."""
    reader = csv.DictReader(text_of(path).splitlines())
    for name in columns:
        if name not in (reader.fieldnames or ()):
            raise Malformed(path, f"there is no column {name!r}")
    rows = []
    for row in reader:
        if None in row or None in row.values():
            raise Malformed(path, f"line {reader.line_num} is not as long as the header")
        for name in columns:
            if name in WHOLE and not (row[name] or "0").isdigit():
                message = f"line {reader.line_num}, {name}: {row[name]!r} is not a whole number"
                raise Malformed(path, message)
        rows.append(row)
    return rows


def _published(path: Path) -> list[tuple[str, str]]:
    if not path.exists():
        return []
    held = _lists(path)
    return [(seeker, provider) for provider, seekers in held.items() for seeker in seekers]


def as_problem(instance: Instance) -> Problem:
    """State the instance as one matching, groups as hard rows."""
    seeker = {name: k for k, name in enumerate(instance.seekers)}
    provider = {name: k for k, name in enumerate(instance.providers)}
    points = np.zeros((len(seeker), len(provider)))
    eligible = np.zeros_like(points, dtype=bool)
    for (one, other), value in instance.points.items():
        points[seeker[one], provider[other]] = value
        eligible[seeker[one], provider[other]] = True
    problem = matching_problem(
        points,
        eligible,
        load=None,
        need=1,
        missing=MISSING,
        capacity=np.array([instance.capacity[name] for name in instance.providers]),
    )
    groups = {name: k for k, name in enumerate(instance.group_capacity)}
    if not groups:
        return problem
    matchings = problem.matchings
    row_of = np.array([groups[instance.group[name]] for name in instance.providers])
    matrix = csr_array(
        (
            np.ones(matchings.n_arcs),
            (row_of[matchings.arc_provider], np.arange(matchings.n_arcs)),
        ),
        shape=(len(groups), matchings.n_arcs),
    )
    upper = np.array(list(instance.group_capacity.values()), dtype=float)
    unlimited = np.full(len(groups), np.inf)
    return replace(problem, rows=Rows(matrix, -unlimited, upper, unlimited))


def value_of(instance: Instance, pairs: list[tuple[str, str]]) -> float | None:
    """Points of a matching by the format's own rules; None when they are broken."""
    held = [seeker for seeker, _ in pairs]
    if len(set(held)) < len(held) or any(pair not in instance.points for pair in pairs):
        return None
    taken = [provider for _, provider in pairs]
    if any(taken.count(name) > instance.capacity[name] for name in set(taken)):
        return None
    groups = [instance.group[name] for name in taken if name in instance.group]
    if any(groups.count(name) > instance.group_capacity[name] for name in set(groups)):
        return None
    left_out = len(instance.seekers) - len(pairs)
    return sum(instance.points[pair] for pair in pairs) - MISSING * left_out


@click.command()
@options
def main(files: tuple[Path, ...], time_limit: float, out: Path, workers: int, seed: int) -> None:
    """Solve hospital/residents and student/project instances."""
    results = []
    for path, instance in read_all(files, read):
        problem = as_problem(instance)
        control = run(problem, time_limit, workers, seed)
        pairs = []
        if control.best is not None:
            matchings, arcs = problem.matchings, control.best.arcs
            demand = np.searchsorted(matchings.arc_ptr, arcs, side="right") - 1
            pairs = [
                (instance.seekers[d], instance.providers[p])
                for d, p in zip(demand, matchings.arc_provider[arcs], strict=True)
            ]
        value = None if control.best is None else value_of(instance, pairs)
        if value is not None:
            write_rows(out / f"{path.stem}.csv", ["seeker", "provider"], pairs)
        known = value_of(instance, instance.published) if instance.published else None
        results.append(Result(path.stem, value, control.bound, control.seconds, known))
    write_results(out, results)


if __name__ == "__main__":
    main()
