"""A plan folder's files, checked against the scenario's ids; every error at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from talentopt.audit.summary import read_summary
from talentopt.read.csvfile import decode, read_csv
from talentopt.read.errors import Findings, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from talentopt.audit.facts import Facts

NAMES = ("pairs.csv", "placements.csv", "shortages.csv", "scores.csv", "plan.json")
"""Files of a plan; a plan made by hand needs one of the first two."""


class Pair(NamedTuple):
    """A row of ``pairs.csv``; `points` is None where the file says nothing."""

    matching: str
    seeker: str
    provider: str
    points: float | None
    line: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it this pair."""
        return self.matching, self.seeker, self.provider


class Booking(NamedTuple):
    """A row of ``placements.csv``, with the last period that its placement's duration gives."""

    participant: str
    placement: str
    start: int
    end: int
    line: int
    stage: str
    claimed_end: str
    points: float | None

    @property
    def key(self) -> tuple[str, str, int]:
        """What makes it this booking."""
        return self.participant, self.placement, self.start

    @property
    def periods(self) -> range:
        """The periods it takes."""
        return range(self.start, self.end + 1)


class Claim(NamedTuple):
    """A row of ``scores.csv`` or ``shortages.csv``: what the plan says of its points."""

    key: tuple[str, ...]
    points: float
    amount: float
    line: int


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """What a plan folder holds; None where a file is absent."""

    path: Path
    pairs: list[Pair]
    bookings: list[Booking]
    shortages: list[Claim] | None
    scores: list[Claim] | None
    summary: dict[str, Any] | None


def read_plan(facts: Facts, folder: Path) -> PlanFiles:
    """Read a plan folder.

    Raises
    ------
    InputErrors
        With everything that is wrong in any file: its shape, numbers, periods, and ids that
        the scenario does not know.
    """
    findings = Findings()
    if not folder.is_dir():
        findings.add(str(folder), None, "", "there is no such folder", "name a plan's folder")
    elif not any((folder / name).is_file() for name in NAMES):
        remedy = "a plan has at least pairs.csv or placements.csv"
        findings.add(str(folder), None, "", "the folder holds no plan", remedy)
    findings.stop_if_any()
    pairs = _pairs(facts, _Table(folder, "pairs.csv", findings))
    bookings = _bookings(facts, _Table(folder, "placements.csv", findings))
    shortages = _claims(
        _Table(folder, "shortages.csv", findings), ("rule", "subject"), amounts=True
    )
    scores = _claims(
        _Table(folder, "scores.csv", findings), ("rule", "subject", "object", "period")
    )
    summary = read_summary(folder / "plan.json", findings)
    findings.stop_if_any()
    return PlanFiles(folder, pairs or [], bookings or [], shortages, scores, summary)


class _Table:
    """One CSV file of the plan; without rows when it is absent or of no use."""

    def __init__(self, folder: Path, name: str, findings: Findings) -> None:
        self.name, self.findings = name, findings
        path = folder / name
        self.present = path.is_file()
        self._cells = None
        text = decode(name, path.read_bytes(), findings) if self.present else None
        raw = None if text is None else read_csv(name, text, findings)
        if raw is not None:
            self._cells = raw.cells

    def rows(self, required: tuple[str, ...]) -> Iterator[_Cells]:
        """Go through the rows, once the required columns are there."""
        if self._cells is None:
            return
        columns = [str(column) for column in self._cells.columns]
        absent = [name for name in required if name not in columns]
        for name in absent:
            problem = f"the column {name!r} is missing"
            remedy = suggestion(name, columns, "add it")
            self.findings.add(self.name, 1, name, problem, remedy)
        if absent:
            return
        lines = self._cells.index.tolist()
        values = zip(*(self._cells[column].tolist() for column in columns), strict=True)
        for line, row in zip(lines, values, strict=True):
            yield _Cells(self, int(line), dict(zip(columns, row, strict=True)))


class _Cells:
    """One row, whose cells are read one by one and noted when they are wrong."""

    def __init__(self, table: _Table, line: int, cells: dict[str, str]) -> None:
        self._table, self.line, self._cells = table, line, cells
        self.sound = True

    def wrong(self, column: str, problem: str, remedy: str) -> None:
        """Note an error."""
        self.sound = False
        self._table.findings.add(self._table.name, self.line, column, problem, remedy)

    def text(self, column: str) -> str:
        """Read a cell; blank when there is no such column."""
        return self._cells.get(column, "")

    def known(self, column: str, known: Collection[str], what: str) -> str:
        """Read a cell that must name one of the known ids."""
        text = self.text(column)
        if text not in known:
            self.wrong(column, f"{text!r} is no {what}", suggestion(text, known))
        return text

    def number(self, column: str) -> float | None:
        """Read a number; None when blank."""
        text = self.text(column)
        if not text:
            return None
        value = plain_number(text)
        if value is None:
            self.wrong(column, f"{text!r} is no number", "write it like 12.5")
        return value

    def period(self, column: str, index: Callable[[str], int]) -> int:
        """Read a period as its index in the calendar."""
        try:
            return index(self.text(column))
        except ValueError as error:
            self.wrong(column, str(error), "write a period of the scenario's calendar")
            return 0


def plain_number(text: str) -> float | None:
    """Read a finite number written without spaces or underscores."""
    if "_" in text or text != text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def _pairs(facts: Facts, table: _Table) -> list[Pair]:
    found = []
    matchings = facts.model.matchings
    for row in table.rows(("matching", "seeker", "provider")):
        name = row.known("matching", matchings, "matching of the model")
        if name not in matchings:
            continue
        seekers, providers = matchings[name].seekers, matchings[name].providers
        seeker = row.known("seeker", facts.entities[seekers], f"id in {seekers}")
        provider = row.known("provider", facts.entities[providers], f"id in {providers}")
        points = row.number("points")
        if row.sound:
            found.append(Pair(name, seeker, provider, points, row.line))
    return found


def _bookings(facts: Facts, table: _Table) -> list[Booking]:
    found = []
    for row in table.rows(("participant", "placement", "start")):
        participant = row.known("participant", facts.participants, "id in participants")
        placement = row.known("placement", facts.placements, "id in placements")
        start = row.period("start", facts.calendar.index)
        if row.text("end"):
            row.period("end", facts.calendar.index)
        points = row.number("points")
        if row.sound:
            duration = facts.placements[placement].number("duration") or 1.0
            end = start + int(duration) - 1
            stage, claimed = row.text("stage"), row.text("end")
            found.append(
                Booking(participant, placement, start, end, row.line, stage, claimed, points)
            )
    return found


def _claims(table: _Table, key: tuple[str, ...], *, amounts: bool = False) -> list[Claim] | None:
    if not table.present:
        return None
    found = []
    numbers = ("amount", "points") if amounts else ("points",)
    for row in table.rows((*key, *numbers)):
        values = {column: row.number(column) for column in numbers}
        for column, value in values.items():
            if value is None and row.sound:
                row.wrong(column, "the cell is blank", "fill in the number")
        parts = tuple(row.text(column) for column in key)
        points, amount = values["points"] or 0.0, values.get("amount") or 0.0
        found.append(Claim(parts, points, amount, row.line))
    return found
