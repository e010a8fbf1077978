"""What ``scenario.yaml`` (or the sheet ``scenario``) says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from talentopt.read.calendar import EXAMPLES, UNIT_NAMES, Calendar, Unit, label, ordinal
from talentopt.read.errors import Findings
from talentopt.read.model import Strict
from talentopt.read.shape import validated

if TYPE_CHECKING:
    from talentopt.read.document import Document

MOST_PERIODS = 10_000
"""Longest calendar, in periods."""


def _period_text(value: Any) -> Any:
    """Plain periods may be written as numbers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _named(text: str) -> str:
    if not text:
        raise ValueError("the name is blank; write one")
    return text


PeriodText = Annotated[str, BeforeValidator(_period_text)]
Name = Annotated[str, AfterValidator(_named)]


class CalendarSettings(Strict):
    """The calendar's block."""

    unit: Unit
    start: PeriodText
    periods: Annotated[int, Field(ge=1, le=MOST_PERIODS)]
    cycle: Annotated[int, Field(ge=1, le=MOST_PERIODS)] | None = None


class Settings(Strict):
    """A scenario's name, model, calendar, overrides and history."""

    name: Name
    model: Name
    calendar: CalendarSettings
    weights: dict[str, Any] = Field(default_factory=dict)
    previous: Name | None = None
    at: PeriodText | None = None
    publish_until: PeriodText | None = None


def read_settings(document: Document, findings: Findings) -> Settings | None:
    """Check the settings' shape.

    Wrong entries are noted; when calendar and model are right, the others are
    left out, so that the tables can be checked all the same.
    """
    before = len(findings.errors)
    settings = validated(Settings, document, findings)
    if settings is not None or not isinstance(document.value, dict):
        return settings
    wrong = {error.column.partition(".")[0] for error in findings.errors[before:]}
    rest = {key: value for key, value in document.value.items() if key not in wrong}
    rest.setdefault("name", "unnamed")
    return validated(Settings, replace(document, value=rest), Findings())


def make_calendar(settings: Settings, document: Document, findings: Findings) -> Calendar | None:
    """Build the calendar; None when its start is no period of its unit."""
    given = settings.calendar
    file, row = document.origin(("calendar", "start"))
    try:
        start = ordinal(given.unit, given.start)
    except ValueError:
        problem = f"{given.start!r} is no {UNIT_NAMES[given.unit]}"
        remedy = f"write it like {EXAMPLES[given.unit]}"
        findings.add(file, row, "calendar.start", problem, remedy)
        return None
    try:
        ordinal(given.unit, label(given.unit, start + given.periods - 1))
    except (ValueError, OverflowError):
        findings.add(file, row, "calendar.start", "the calendar ends after the year 9999")
        return None
    return Calendar(given.unit, start, given.periods, given.cycle)
