"""Measure how long compiling takes, and how much memory.

Usage: ``python -m benchmarks.compile_speed --people 1400 --mentors 1600 --placements 165``
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from talentopt.compile.compiler import compile_scenario
from talentopt.read.reader import read

ROLES = ("technical", "career", "peer")

ROLE = """
  {role}:
    seekers: participants
    providers: mentors
    need: 1
    missing: 1000
    distinct: [{others}]
    eligible:
      - at_least: {{column: grade, above: 2}}
      - different: {{column: unit}}
      - skill_fit: {{min: 0.1}}
    points:
      - skill_fit: {{weight: 60}}
      - preference: {{weight: 1}}
      - same: {{column: site, weight: 10}}
"""

ITINERARIES = """
itineraries:
  stages:
    - {stage: onboarding, min: 1, max: 1, missing: 1000}
    - {stage: rotation, min: 5, max: 5, missing: 1000, distinct: area}
    - {stage: targeted, min: 1, max: 2, missing: 1000}
  limits: [{column: unit, max: 2}]
  idle: {points: 2}
  move: {column: site, points: 5, from_home: true}
  points:
    - skill_fit: {weight: 60}
    - preference: {weight: 1}
links:
  - {matching: technical, column: domain, stage: targeted, points: 30}
"""


def write(folder: Path, n_people: int, n_mentors: int, n_placements: int, seed: int) -> None:
    """Write a scenario of this size."""
    random = np.random.default_rng(seed)
    skills = np.array([f"skill {number}" for number in range(30)])
    people = [f"P{number}" for number in range(n_people)]
    mentors = [f"M{number}" for number in range(n_mentors)]
    placements = [f"R{number}" for number in range(n_placements)]
    units = np.array([f"unit {number}" for number in range(16)])
    stages = np.array(["onboarding", *["rotation"] * 7, "targeted", "targeted"])

    def places(n: int) -> dict[str, np.ndarray]:
        unit = random.integers(0, 16, n)
        return {"unit": units[unit], "site": units[unit // 4], "domain": units[unit // 2]}

    def levels(owner: str, ids: list[str], n_each: int, *columns: str) -> pd.DataFrame:
        n = len(ids) * n_each
        chosen = np.concatenate([random.choice(skills, n_each, replace=False) for _ in ids])
        values = {column: random.integers(0, 6, n) for column in columns}
        return pd.DataFrame({owner: np.repeat(ids, n_each), "skill": chosen, **values})

    tables = {
        "participants": pd.DataFrame(
            {"id": people, "grade": random.integers(1, 4, n_people), **places(n_people)}
        ),
        "mentors": pd.DataFrame(
            {
                "id": mentors,
                "grade": random.integers(2, 8, n_mentors),
                "capacity": 3,
                **places(n_mentors),
            }
        ),
        "placements": pd.DataFrame(
            {
                "id": placements,
                "stage": random.choice(stages, n_placements),
                "area": random.choice(units, n_placements),
                "duration": random.integers(1, 4, n_placements),
                "seats": 3,
                **places(n_placements),
            }
        ),
        "participant_skills": levels("participant", people, 10, "level", "target"),
        "mentor_skills": levels("mentor", mentors, 8, "level"),
        "placement_skills": levels("placement", placements, 4, "develops"),
    }
    options = [*random.choice(mentors, 5, replace=False), *random.choice(placements, 5)]
    tables["preferences"] = pd.DataFrame(
        [(p, o, 20) for p in people for o in dict.fromkeys(options)],
        columns=["chooser", "option", "points"],
    )
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    roles = [
        ROLE.format(role=role, others=", ".join(other for other in ROLES if other != role))
        for role in ROLES
    ]
    model = "".join(["name: speed\nmatchings:", *roles, ITINERARIES])
    (folder / "model.yaml").write_text(model, encoding="utf-8")
    (folder / "scenario.yaml").write_text(
        "name: speed\nmodel: model.yaml\n"
        'calendar: {unit: month, start: "2026-07", periods: 24, cycle: 6}\n',
        encoding="utf-8",
    )


def main() -> None:
    """Write, read and compile one scenario; print what each took."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=1400)
    arguments.add_argument("--mentors", type=int, default=1600)
    arguments.add_argument("--placements", type=int, default=165)
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), given.people, given.mentors, given.placements, given.seed)
        clock = time.process_time()
        scenario = read(name)
        print(f"read     {time.process_time() - clock:8.2f} s CPU")
        clock = time.process_time()
        problem = compile_scenario(scenario).problem
        print(f"compile  {time.process_time() - clock:8.2f} s CPU")
    print(f"arcs     {problem.matchings.n_arcs:,}")
    print(f"options  {problem.itineraries.n_options:,}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak     {peak:,.0f} MB")


if __name__ == "__main__":
    main()
