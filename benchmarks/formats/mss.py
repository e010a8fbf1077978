"""Medical student scheduling (``.dzn``): itineraries of disciplines in hospitals, satisfaction.

The rules are those of Zanazzo, Ceschia, Dovier and Schaerf, Journal of
Scheduling (2024), doi 10.1007/s10951-024-00806-z.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.common import matching_problem, write_rows
from benchmarks.reading import Malformed, mistake_in, text_of
from talentopt.bench.plugins import Loaded, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.problem import Assignment, Problem
    from talentopt.solve.control import Control

MISSING = 10_000.0
"""Lost for each discipline short, so that no complete plan is worth less than a part."""

SIZES = ("Students", "Disciplines", "Hospitals", "Horizon", "Groups", "Duration")

HEADER = ("student", "discipline", "hospital", "start")


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance; indices count from 0.

    Attributes
    ----------
    duration, horizon, most_per_hospital : int
    group : (n_disciplines,) int64
    needs : (n_students, n_groups) int64
    allowed : (n_students, n_disciplines) bool
    before : (n_disciplines, n_disciplines) bool
        ``before[d, e]``: whoever attends d has attended e before.
    available : (n_students, horizon) bool
    able : (n_students, n_hospitals, n_disciplines) bool
    most, least : (n_hospitals, n_disciplines, horizon) int64
    weight : (n_students, 4) int64
        Of discipline, hospital, change of hospital, waiting.
    wish : (n_students, n_disciplines) int64
    hospital_wish : (n_students, n_hospitals) int64
    school : (n_disciplines,) int64
    """

    duration: int
    horizon: int
    most_per_hospital: int
    group: np.ndarray
    needs: np.ndarray
    allowed: np.ndarray
    before: np.ndarray
    available: np.ndarray
    able: np.ndarray
    most: np.ndarray
    least: np.ndarray
    weight: np.ndarray
    wish: np.ndarray
    hospital_wish: np.ndarray
    school: np.ndarray


class _Data:
    """The ``Name = value;`` statements of a ``.dzn`` file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        text = re.sub(r"%.*", "", text_of(path))
        self.found = dict(re.findall(r"(\w+)\s*=\s*([^;]*);", text))

    def number(self, name: str) -> int:
        """Take one whole number from 0."""
        text = self._body(name).strip()
        if not text.isdigit():
            raise Malformed(self.path, f"{name} must be a whole number from 0, not {text[:20]!r}")
        return int(text)

    def array(self, name: str, *shape: int) -> np.ndarray:
        """Take an array; commas, bars and line breaks all separate."""
        body = re.sub(r"array[123]d\([^\[]*|\)\s*$", "", self._body(name))
        cells = re.sub(r"[\[\]|,]", " ", body).split()
        wrong = [cell for cell in cells if not re.fullmatch(r"[-+]?\d+", cell)]
        if wrong:
            raise Malformed(self.path, f"{name}: {wrong[0][:20]!r} is not a whole number")
        if len(cells) != np.prod(shape):
            sizes = " x ".join(map(str, shape))
            raise Malformed(self.path, f"{name}: {sizes} numbers are needed, not {len(cells)}")
        return np.array(cells, dtype=np.int64).reshape(shape)

    def check(self) -> None:
        """Refuse sizes of 0 and groups that do not exist."""
        for name in SIZES:
            if self.number(name) < 1:
                raise Malformed(self.path, f"{name} must be at least 1")
        groups = self.array("DiscGroup", self.number("Disciplines"))
        if groups.min() < 1 or groups.max() > self.number("Groups"):
            message = f"DiscGroup: groups are numbered from 1 to {self.number('Groups')}"
            raise Malformed(self.path, message)

    def _body(self, name: str) -> str:
        if name not in self.found:
            raise Malformed(self.path, f"{name} is missing")
        return str(self.found[name])


def read(path: Path) -> Instance:
    """Read one instance.

    Raises
    ------
    Malformed
        When something is missing, is no whole number, or has not as many
        numbers as the sizes say.
    """
    data = _Data(path)
    number, array = data.number, data.array
    students, disciplines = number("Students"), number("Disciplines")
    hospitals, horizon = number("Hospitals"), number("Horizon")
    data.check()
    return Instance(
        number("Duration"),
        horizon,
        number("MaxDiscPerHosp"),
        array("DiscGroup", disciplines) - 1,
        array("StudDiscGroup", students, number("Groups")),
        array("AllowedDisc", students, disciplines) > 0,
        array("Precededby", disciplines, disciplines) > 0,
        array("Availability", students, horizon) > 0,
        array("Ability", students, hospitals, disciplines) > 0,
        array("MaxPosHosp", hospitals, disciplines, horizon),
        array("MinPosHosp", hospitals, disciplines, horizon),
        array("WeightPref", students, 4),
        array("PrefStudDisc", students, disciplines),
        array("PrefStudHosp", students, hospitals),
        array("ManPref", disciplines),
    )


def points_of(instance: Instance) -> np.ndarray:
    """(n_students, n_hospitals, n_disciplines): satisfaction with one attendance."""
    weight = instance.weight[:, :, None, None]
    own = weight[:, 0] * instance.wish[:, None, :]
    place = weight[:, 1] * instance.hospital_wish[:, :, None]
    return own + place + instance.school[None, None, :]


def as_problem(instance: Instance) -> Problem:
    """State it as itineraries: a placement is a discipline in a hospital, a stage a group."""
    students = len(instance.needs)
    hospitals, disciplines = instance.most.shape[:2]
    nobody = matching_problem(
        np.zeros((students, 0)),
        np.zeros((students, 0), dtype=bool),
        load=None,
        need=0,
        missing=0.0,
        capacity=np.zeros(0),
        worst_off=1.0,
    )
    hospital = np.repeat(np.arange(hospitals, dtype=np.int32), disciplines)
    discipline = np.tile(np.arange(disciplines, dtype=np.int32), hospitals)
    placements, groups = len(hospital), instance.needs.shape[1]
    ptr, placement, starts = _options(instance)
    person = np.repeat(np.arange(students), np.diff(ptr))
    clause, needed = np.nonzero(instance.before[discipline])
    limits = np.full((1, students, hospitals), instance.most_per_hospital, dtype=np.int32)
    itineraries = replace(
        nobody.itineraries,
        n_periods=instance.horizon,
        n_placements=placements,
        n_stages=groups,
        stage_exclusive=np.ones(groups, dtype=bool),
        stage_min=instance.needs.astype(np.int32),
        stage_max=instance.needs.astype(np.int32),
        stage_missing=np.full((students, groups), MISSING),
        idle_price=-instance.weight[:, 3].astype(float),
        move_price=-instance.weight[:, 2].astype(float),
        placement_stage=instance.group[discipline].astype(np.int32),
        placement_duration=np.full(placements, instance.duration, dtype=np.int32),
        placement_load=np.ones(placements),
        placement_place=hospital,
        placement_distinct=discipline,
        seats=instance.most.reshape(placements, -1).astype(np.int32),
        min_seats=instance.least.reshape(placements, -1).astype(np.int32),
        understaffed_price=np.inf,
        option_ptr=ptr,
        option_placement=placement,
        option_points=points_of(instance).reshape(students, -1)[person, placement].astype(float),
        option_starts=starts,
        limit_value=hospital[None, :],
        limit_left=limits,
        clause_placement=clause.astype(np.int32),
        clause_ptr=(hospitals * np.arange(len(clause) + 1)).astype(np.int64),
        clause_met_by=(needed[:, None] + disciplines * np.arange(hospitals)[None, :])
        .astype(np.int32)
        .ravel(),
        clause_done=np.zeros((students, len(clause)), dtype=bool),
        hours_min=np.zeros((students, 0)),
        hours_missing=np.zeros((students, 0)),
        placement_hours_of=np.full(placements, -1, dtype=np.int32),
        placement_hours=np.zeros(placements),
    )
    links = replace(nobody.links, placement_value=np.zeros((0, placements), dtype=np.int32))
    return replace(nobody, itineraries=itineraries, links=links, rows=_no_rows(len(placement)))


def _no_rows(n_options: int) -> object:
    from scipy.sparse import csr_array

    from talentopt.problem import Rows

    return Rows(csr_array((0, n_options)), np.zeros(0), np.zeros(0), np.zeros(0))


def _options(instance: Instance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (option_ptr, option_placement, option_starts)."""
    students, (hospitals, disciplines) = len(instance.needs), instance.most.shape[:2]
    last = instance.horizon - instance.duration + 1
    window = np.arange(last)[:, None] + np.arange(instance.duration)
    open_ = (instance.most.reshape(-1, instance.horizon) > 0)[:, window].all(axis=2)
    there = instance.available[:, window].all(axis=2)
    may = instance.able & instance.allowed[:, None, :]
    may = may.reshape(students, hospitals * disciplines)
    starts = may[:, :, None] & open_[None, :, :] & there[:, None, :]
    person, placement = np.nonzero(starts.any(axis=2))
    words = np.zeros((len(person), (instance.horizon + 63) // 64), dtype=np.uint64)
    for start in range(last):
        bit = starts[person, placement, start].astype(np.uint64) << np.uint64(start % 64)
        words[:, start // 64] |= bit
    ptr = np.searchsorted(person, np.arange(students + 1)).astype(np.int64)
    return ptr, placement.astype(np.int32), words


def attendances(
    instance: Instance, problem: Problem, best: Assignment
) -> list[tuple[int, int, int, int]]:
    """(student, discipline, hospital, start) of every booking, from 0."""
    itineraries = problem.itineraries
    hospital, discipline = np.divmod(
        itineraries.option_placement[best.options], len(instance.group)
    )
    student = itineraries.option_person()[best.options]
    columns = (student, discipline, hospital, best.starts)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def write_attendances(path: Path, rows: list[tuple[int, int, int, int]]) -> None:
    """Write attendances, numbered from 1."""
    numbered = ([number + 1 for number in row] for row in rows)
    write_rows(path, list(HEADER), numbered)


def value_of(instance: Instance, rows: list[tuple[int, int, int, int]]) -> int | str:
    """Value of (student, discipline, hospital, start) rows, or the rule that they break."""
    used = np.zeros_like(instance.most)
    totals, points = [], points_of(instance)
    for student in range(len(instance.needs)):
        own = sorted((r[3], r[1], r[2]) for r in rows if r[0] == student)
        if broken := _broken(instance, student, own):
            return f"student {student + 1}: {broken}"
        total, free, before = 0, 0, -1
        for start, discipline, hospital in own:
            used[hospital, discipline, start : start + instance.duration] += 1
            total += int(points[student, hospital, discipline])
            total += int(instance.weight[student, 3]) * (start - free)
            free = start + instance.duration
            if before not in (-1, hospital):
                total += int(instance.weight[student, 2])
            before = hospital
        totals.append(total)
    if (used > instance.most).any():
        return "more students than seats"
    if (used < instance.least).any():
        return "fewer students than a hospital needs"
    return sum(totals) + min(totals)


def _broken(instance: Instance, student: int, own: list[tuple[int, int, int]]) -> str:
    """Say which of a student's own rules is broken; blank when none is."""
    attended: dict[int, int] = {}
    held = np.zeros(instance.most.shape[0], dtype=int)
    free = 0
    for start, discipline, hospital in own:
        end = start + instance.duration
        if start < free or end > instance.horizon or discipline in attended:
            return "two disciplines at once, one twice, or one beyond the horizon"
        if not instance.available[student, start:end].all():
            return "not available"
        if not (
            instance.allowed[student, discipline] & instance.able[student, hospital, discipline]
        ):
            return "not allowed or not able"
        if any(e not in attended for e in np.flatnonzero(instance.before[discipline])):
            return "a discipline before the one it needs"
        attended[discipline] = free = end
        held[hospital] += 1
    done = (
        np.bincount(instance.group[list(attended)], minlength=instance.needs.shape[1])
        if attended
        else np.zeros(instance.needs.shape[1], dtype=int)
    )
    if (done != instance.needs[student]).any():
        return "not the disciplines needed of each group"
    if (held > instance.most_per_hospital).any():
        return "too many disciplines in one hospital"
    return ""


class MssFormat:
    """Students attend disciplines in hospitals; total and lowest satisfaction, maximised."""

    name = "mss"
    sense = "max"
    files = ("*.dzn",)

    def check(self, path: Path) -> str:
        """Read it."""
        return mistake_in(path, read)

    def load(self, path: Path) -> Loaded:
        """Make it itineraries."""
        instance = read(path)
        return Loaded(as_problem(instance), instance)

    def write(self, loaded: Loaded, control: Control, solver: str, folder: Path) -> None:
        """Write ``student,discipline,hospital,start``, numbered from 1."""
        assert control.best is not None
        write_attendances(
            folder / "solution.csv", attendances(loaded.context, loaded.problem, control.best)
        )

    def judge(self, path: Path, folder: Path) -> Verdict:
        """Recompute every rule and the value from the file."""
        instance = read(path)
        with (folder / "solution.csv").open(newline="", encoding="utf-8") as stream:
            rows = [tuple(int(row[name]) - 1 for name in HEADER) for row in csv.DictReader(stream)]
        lacking = int(instance.needs.sum()) - len(rows)
        if lacking > 0:
            return Verdict(None, f"{lacking} disciplines are missing", complete=False)
        value = value_of(instance, rows)
        return Verdict(None, value) if isinstance(value, str) else Verdict(float(value))


FORMAT = MssFormat()
