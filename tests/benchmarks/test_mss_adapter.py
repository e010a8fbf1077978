"""The command for medical student scheduling, against brute force over the format's own rules."""

from __future__ import annotations

import csv
from itertools import permutations, product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from benchmarks.formats.mss import Instance, read, value_of
from click.testing import CliRunner

from benchmarks import mss

if TYPE_CHECKING:
    from pathlib import Path


def _matrix(values: np.ndarray) -> str:
    return "[|" + " | ".join(",".join(map(str, row)) for row in values.tolist()) + " |]"


def _cube(values: np.ndarray) -> str:
    return "array3d(1..A,1..B,1..C,[" + ",".join(map(str, values.ravel().tolist())) + "])"


def instance_text(seed: int) -> str:
    """Three students, three disciplines in two groups, two hospitals, four periods."""
    rng = np.random.default_rng(seed)
    least = np.zeros((2, 3, 4), int)
    least[rng.integers(2), rng.integers(3), 1] = 1
    return f"""Students=3; Disciplines=3; Hospitals=2; Duration=1; Horizon=4; Groups=2;
MaxDiscPerHosp=2; DiscGroup=[1,1,2];
StudDiscGroup={_matrix(rng.integers(1, [3, 2], (3, 2)))};
AllowedDisc={_matrix(np.ones((3, 3), int))};
Precededby=[| 0,0,0 | 0,0,0 | 1,0,0 |];
Availability={_matrix((rng.random((3, 4)) < 0.9).astype(int))};
Ability={_cube((rng.random((3, 2, 3)) < 0.9).astype(int))};
MaxPosHosp={_cube(np.full((2, 3, 4), 1))};
MinPosHosp={_cube(least)};
WeightPref={_matrix(rng.integers(1, 4, (3, 4)) * [1, 1, -1, -1])};
PrefStudDisc={_matrix(rng.integers(1, 6, (3, 3)))};
PrefStudHosp={_matrix(rng.integers(1, 6, (3, 2)))};
ManPref=[0,3,1];
"""


def _brute_force(path: Path) -> float | None:
    instance = read(path)
    horizon, hospitals = instance.horizon, len(instance.most)
    each = []
    for student, needs in enumerate(instance.needs):
        own = []
        for starts in permutations(range(horizon), int(needs.sum())):
            for disciplines in ([0, 2], [1, 2], [0, 1, 2]):
                if len(disciplines) != len(starts):
                    continue
                for where in product(range(hospitals), repeat=len(starts)):
                    rows = list(zip(disciplines, where, starts, strict=True))
                    own.append([(student, d, h, s) for d, h, s in rows])
        each.append([rows for rows in own if _allowed_alone(instance, rows)])
    values = [value_of(instance, [row for own in plan for row in own]) for plan in product(*each)]
    return max((value for value in values if not isinstance(value, str)), default=None)


def _allowed_alone(instance: Instance, rows: list[tuple[int, int, int, int]]) -> bool:
    student = rows[0][0]
    for _, discipline, hospital, start in rows:
        if not instance.available[student, start]:
            return False
        if not instance.able[student, hospital, discipline]:
            return False
    when = {discipline: start for _, discipline, _, start in rows}
    if 0 not in when or when[0] > when[2]:
        return False
    held = np.bincount([hospital for _, _, hospital, _ in rows])
    return bool(held.max() <= instance.most_per_hospital)


@pytest.mark.parametrize(("seed", "solver"), [(3, "auto"), (1, "columns"), (4, "columns")])
def test_the_command_finds_the_best_schedule(tmp_path: Path, seed: int, solver: str) -> None:
    file, out = tmp_path / "I.dzn", tmp_path / "out"
    file.write_text(instance_text(seed), encoding="utf-8")
    best = _brute_force(file)
    arguments = [str(file), "--time-limit", "20", "--out", str(out), "--solver", solver]
    outcome = CliRunner().invoke(mss.main, arguments)
    assert outcome.exit_code == 0, outcome.output
    with (out / "results.csv").open(newline="", encoding="utf-8") as stream:
        (result,) = csv.DictReader(stream)
    if best is None:
        assert result["value"] == ""
        return
    assert float(result["value"]) == best
    assert float(result["bound"]) >= best - 1e-6
    with (out / "I.csv").open(newline="", encoding="utf-8") as stream:
        rows = [tuple(int(cell) - 1 for cell in row.values()) for row in csv.DictReader(stream)]
    assert value_of(read(file), rows) == best
