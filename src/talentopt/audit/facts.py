"""A scenario's tables as plain dictionaries, one lookup per question."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from talentopt.audit.rows import Row, number, rows_of, whole
from talentopt.read.model import ColumnNumber

if TYPE_CHECKING:
    from talentopt.read.calendar import Calendar
    from talentopt.read.model import Model, Stage
    from talentopt.read.scenario import Scenario


class Absence(NamedTuple):
    """Periods in which somebody is away."""

    first: int
    last: int
    reason: str
    line: int


class Prerequisite(NamedTuple):
    """What must be finished before a placement starts: any one of `met_by`."""

    requires: str
    met_by: frozenset[str]
    line: int


@dataclass(frozen=True)
class Facts:
    """Everything the rules ask of a scenario.

    Parameters
    ----------
    scenario : Scenario
    """

    scenario: Scenario

    @property
    def model(self) -> Model:
        """The programme."""
        return self.scenario.model

    @property
    def calendar(self) -> Calendar:
        """The planning horizon."""
        return self.scenario.calendar

    @property
    def n_periods(self) -> int:
        """Number of periods planned."""
        return self.scenario.calendar.n_periods

    # ------------------------------------------------------------------ rows

    @cached_property
    def entities(self) -> dict[str, dict[str, Row]]:
        """Rows by id, of every table that has ids."""
        return {
            name: {row.id: row for row in rows_of(name, frame)}
            for name, frame in self.scenario.tables.items()
            if "id" in frame.columns
        }

    @cached_property
    def participants(self) -> dict[str, Row]:
        """People by id."""
        return self.entities.get("participants", {})

    @cached_property
    def placements(self) -> dict[str, Row]:
        """Placements by id; none where the model plans no itineraries."""
        return self.entities.get("placements", {}) if self.model.itineraries else {}

    def rows(self, table: str) -> list[Row]:
        """Rows of a table in file order; none where it is absent."""
        frame = self.scenario.tables.get(table)
        return [] if frame is None else rows_of(table, frame)

    def source(self, table: str, line: int) -> str:
        """Say where a row was read from, as a planner finds it."""
        return f"{self.scenario.files.get(table, table)} line {line}"

    def who(self, table: str, key: str) -> str:
        """Name a person, placement or provider: the id, and the name if there is one."""
        row = self.entities.get(table, {}).get(key)
        name = row.text("name") if row else ""
        return f"{name} ({key})" if name and name != key else key

    def person(self, participant: str) -> str:
        """Name a participant."""
        return self.who("participants", participant)

    def placement(self, placement: str) -> str:
        """Name a placement."""
        return self.who("placements", placement)

    def span(self, first: int, last: int) -> str:
        """Write a stretch of periods."""
        if first == last:
            return f"in {self.calendar.label(first)}"
        return f"from {self.calendar.label(first)} to {self.calendar.label(last)}"

    # ------------------------------------------------------- skills and wishes

    @cached_property
    def levels(self) -> dict[tuple[str, str], dict[str, float]]:
        """What each person can do, and what each placement develops, by (table, id)."""
        found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for table, key, level in (
            ("participant", "participant", "level"),
            ("mentor", "mentor", "level"),
            ("placement", "placement", "develops"),
        ):
            for row in self.rows(f"{table}_skills"):
                identity = (f"{table}s", row.text(key))
                found[identity][row.text("skill")] = row.number(level) or 0.0
        return dict(found)

    @cached_property
    def gaps(self) -> dict[str, dict[str, float]]:
        """Positive differences between target and level, by participant and skill."""
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for row in self.rows("participant_skills"):
            gap = (row.number("target") or 0.0) - (row.number("level") or 0.0)
            if gap > 0:
                found[row.text("participant")][row.text("skill")] = gap
        return dict(found)

    @cached_property
    def placement_skills(self) -> dict[str, list[Row]]:
        """Rows of `placement_skills` by placement."""
        return self._by("placement_skills", "placement")

    @cached_property
    def wishes(self) -> dict[tuple[str, str], float]:
        """Points that a chooser gives to an option."""
        rows = self.rows("preferences")
        largest: dict[str, float] = {}
        for row in rows:
            chooser = row.text("chooser")
            largest[chooser] = max(largest.get(chooser, 1.0), row.number("rank") or 1.0)
        found = {}
        for row in rows:
            chooser, rank = row.text("chooser"), row.number("rank")
            if rank is None:
                worth = row.number("points") or 0.0
            elif largest[chooser] == 1:
                worth = 100.0
            else:
                worth = 100.0 * (largest[chooser] - rank) / (largest[chooser] - 1)
            found[chooser, row.text("option")] = worth
        return found

    # ------------------------------------------------------ known pairs, bookings

    @cached_property
    def known_pairs(self) -> dict[tuple[str, str], list[Row]]:
        """Rows of `pairs` by (seeker, provider), of any matching."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.rows("pairs"):
            found[row.text("seeker"), row.text("provider")].append(row)
        return dict(found)

    def pair_rows(self, matching: str, seeker: str, provider: str) -> list[Row]:
        """Rows of `pairs` about one pair: those of all matchings first, then its own."""
        rows = self.known_pairs.get((seeker, provider), [])
        relevant = [row for row in rows if row.text("matching") in ("", matching)]
        return sorted(relevant, key=lambda row: bool(row.text("matching")))

    @cached_property
    def known_bookings(self) -> dict[tuple[str, str], list[Row]]:
        """Rows of `bookings` by (participant, placement)."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.rows("bookings"):
            found[row.text("participant"), row.text("placement")].append(row)
        return dict(found)

    @cached_property
    def done(self) -> dict[str, list[str]]:
        """Placements that each participant has behind them."""
        found: dict[str, list[str]] = defaultdict(list)
        for (participant, placement), rows in self.known_bookings.items():
            if any(row.text("status") == "done" for row in rows):
                found[participant].append(placement)
        return dict(found)

    @cached_property
    def begun(self) -> set[tuple[str, str, int]]:
        """Bookings of the previous plan that have begun and are kept exactly."""
        previous, at = self.scenario.previous, self.scenario.at
        if previous is None or at is None:
            return set()
        return {
            (participant, placement, start)
            for participant, placement, start in self.previous_bookings
            if 0 <= start < at
        }

    @cached_property
    def previous_bookings(self) -> list[tuple[str, str, int]]:
        """Bookings of the previous plan within the calendar, possible by id and not done.

        Published ones and drafts alike.
        """
        previous = self.scenario.previous
        if previous is None:
            return []
        frame = previous.placements
        rows = zip(frame["participant"], frame["placement"], frame["start"], strict=True)
        return [
            (participant, placement, int(start))
            for participant, placement, start in rows
            if participant in self.participants
            and placement in self.placements
            and int(start) >= 0
            and placement not in self.done.get(participant, [])
        ]

    # ------------------------------------------------------------ time and seats

    @cached_property
    def absences(self) -> dict[str, list[Absence]]:
        """When each person is away."""
        found: dict[str, list[Absence]] = defaultdict(list)
        for row in self.rows("absences"):
            first, last = whole(row.number("from")), whole(row.number("to"))
            absence = Absence(first, last, row.text("reason"), row.line)
            found[row.text("person")].append(absence)
        return dict(found)

    @cached_property
    def _seat_overrides(self) -> dict[tuple[str, int], Row]:
        return {
            (row.text("placement"), whole(row.number("period"))): row for row in self.rows("seats")
        }

    def seats(self, placement: str, period: int) -> int:
        """Most people at a placement in one period of its window."""
        return self._seats(placement, period, "seats")

    def min_seats(self, placement: str, period: int) -> int:
        """Fewest people at a placement in one period of its window, never above its seats."""
        least = self._seats(placement, period, "min_seats")
        return min(least, self.seats(placement, period))

    def _seats(self, placement: str, period: int, column: str) -> int:
        override = self._seat_overrides.get((placement, period))
        value = override.number(column) if override else None
        if value is None:
            value = self.placements[placement].number(column)
        return whole(value)

    def window(self, row: Row, first: str, last: str) -> tuple[int, int]:
        """Give the first and last period of a row's window, clipped to the calendar."""
        opens, closes = row.number(first), row.number(last)
        final = self.n_periods - 1
        return (
            0 if opens is None else max(0, int(opens)),
            final if closes is None else min(final, int(closes)),
        )

    def open_periods(self, placement: str) -> range:
        """Give the periods in which a placement is open."""
        first, last = self.window(self.placements[placement], "opens", "closes")
        return range(first, last + 1)

    # ------------------------------------------------------------------ stages

    @cached_property
    def stages(self) -> dict[str, Stage]:
        """Stages by name, in the model's order."""
        itineraries = self.model.itineraries
        return {stage.stage: stage for stage in itineraries.stages} if itineraries else {}

    def stage_of(self, placement: str) -> str:
        """Name the stage that a placement belongs to."""
        return self.placements[placement].text("stage")

    def exclusive(self, placement: str) -> bool:
        """Whether nothing else exclusive may run at the same time."""
        stage = self.stages.get(self.stage_of(placement))
        return stage is not None and not stage.concurrent

    def history(self, participant: str, stage: str) -> list[str]:
        """Placements of a stage that a participant has done."""
        return [
            placement
            for placement in self.done.get(participant, [])
            if placement in self.placements and self.stage_of(placement) == stage
        ]

    @cached_property
    def _requirements(self) -> dict[tuple[str, str], Row]:
        return {
            (row.text("participant"), row.text("stage")): row for row in self.rows("requirements")
        }

    def fewest(self, participant: str, stage: Stage) -> float:
        """Count the placements of a stage that a participant needs."""
        row = self._requirements.get((participant, stage.stage))
        own = row.number("min") if row else None
        return amount(stage.min, self.participants[participant]) if own is None else own

    def most(self, participant: str, stage: Stage) -> float:
        """Count the placements of a stage that a participant may hold; inf = no limit."""
        row = self._requirements.get((participant, stage.stage))
        own = row.number("max") if row else None
        if own is not None:
            return own
        if stage.max is None:
            return float("inf")
        return amount(stage.max, self.participants[participant])

    @cached_property
    def prerequisites(self) -> dict[str, list[Prerequisite]]:
        """What must be finished before each placement starts; all of the list is needed."""
        by_area: dict[str, set[str]] = defaultdict(set)
        for key, row in self.placements.items():
            if row.text("area"):
                by_area[row.text("area")].add(key)
        found: dict[str, list[Prerequisite]] = defaultdict(list)
        for row in self.rows("prerequisites"):
            requires = row.text("requires")
            known = requires in self.placements
            met_by = frozenset({requires} if known else by_area.get(requires, set()))
            needy = set(by_area.get(row.text("area"), set()))
            if row.text("placement"):
                needy.add(row.text("placement"))
            for placement in needy:
                found[placement].append(Prerequisite(requires, met_by, row.line))
        return dict(found)

    def _by(self, table: str, column: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(table):
            found[row.text(column)].append(row)
        return dict(found)


def amount(value: float | ColumnNumber, row: Row) -> float:
    """Read a number of the model for one seeker: its own, or the one of the seeker's row."""
    if not isinstance(value, ColumnNumber):
        return float(value)
    own = number(row.cells.get(value.column, ""))
    return float(value.default) if own is None else own
