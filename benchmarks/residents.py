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
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click
import numpy as np
from scipy.sparse import csr_array

from benchmarks.common import (
    Result,
    matching_problem,
    options,
    present,
    run,
    write_results,
    write_rows,
)
from talentopt.problem import Rows

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.problem import Problem

MISSING = 1000.0


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


def read_residents(path: Path) -> Instance:
    """Read residents, hospitals and capacities."""
    residents, hospitals, capacities = (
        json.loads(path.with_name(name).read_text(encoding="utf-8"))
        for name in (path.name, "hospitals.json", "capacities.json")
    )
    theirs = {hospital: rank_points(ranked) for hospital, ranked in hospitals.items()}
    points = {}
    for resident, ranked in residents.items():
        for hospital, own in rank_points(ranked).items():
            if resident in theirs.get(hospital, {}):
                points[resident, hospital] = round(own + theirs[hospital][resident], 2)
    return Instance(
        list(residents),
        list(hospitals),
        points,
        {hospital: int(capacity) for hospital, capacity in capacities.items()},
        {},
        {},
        _published(path.with_name("resident_solution.json")),
    )


def read_students(path: Path) -> Instance:
    """Read students, projects and supervisors.

    Unknown projects, projects without capacity and students without choices
    are left out; a project's capacity is at most its supervisor's.
    Supervisors prefer students of better rank.
    """
    projects = {row["code"]: row for row in _table(path.with_name("projects.csv"))}
    supervisors = {
        row["name"]: int(row["capacity"] or 0) for row in _table(path.with_name("supervisors.csv"))
    }
    group = {code: row["supervisor"] for code, row in projects.items()}
    capacity = {
        code: min(int(row["capacity"] or 0), supervisors.get(group[code], 0))
        for code, row in projects.items()
    }
    students = {}
    for row in sorted(_table(path), key=lambda row: int(row["rank"])):
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


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def _published(path: Path) -> list[tuple[str, str]]:
    if not path.exists():
        return []
    held = json.loads(path.read_text(encoding="utf-8"))
    return [(str(seeker), provider) for provider, seekers in held.items() for seeker in seekers]


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
    for path in present(files):
        instance = read_students(path) if path.suffix == ".csv" else read_residents(path)
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
