"""A scenario in memory: checked tables, a model and a calendar."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from talentopt.read.calendar import Calendar
    from talentopt.read.model import Model


@dataclass(frozen=True, slots=True)
class PreviousPlan:
    """The plan that this one replaces.

    Attributes
    ----------
    path : Path
    pairs : DataFrame
        Columns `matching`, `seeker`, `provider`, text.
    placements : DataFrame
        Columns `participant`, `placement` (text) and `start` (int period
        index in this scenario's calendar, negative before it).
    """

    path: Path
    pairs: pd.DataFrame
    placements: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Scenario:
    """A valid scenario: everything that could be wrong has been refused.

    Attributes
    ----------
    name : str
    path : Path
        The folder or workbook.
    model : Model
        With the scenario's `weights` applied.
    calendar : Calendar
    tables : mapping of str to DataFrame
        Every standard table (empty where the file is absent) and every table
        the model names. The index is the line number in the file, as an
        editor shows it. Every standard column is present, with defaults
        filled in:

        - ids, names and attributes are `str`; blank is ``""``;
        - numbers are float64; blank without a default is NaN (`capacity`,
          role capacities of a provider table (a column named after a
          matching), overrides in `seats`, `min` and `max`, `points`, `rank`,
          `develops`, `requires`, `team`, `team_level`); `cost`, `hours`,
          `min_seats`, `level` and `target` are 0 when blank, `load` is 1;
        - periods are Int64 indices into the calendar, 0-based, outside it
          where the file says so; `participants.start/end` and
          `placements.opens/closes` default to the calendar's first and last
          period; ``bookings.start`` is missing (pd.NA) when blank;
        - `status` is filled in with ``open``.

        Tables of providers also have `capacity`, `budget` and `cost`,
        whatever their file has, and a number column for each of their
        matchings whose name is a column of the file.

        Attributes that rules compare as numbers are checked to be numbers but
        stay text; use `talentopt.read.cells.numbers`.
    files : mapping of str to str
        Where each table was read from: ``participants.csv`` or ``sheet 'participants'``.
    previous : PreviousPlan or None
    at : int or None
        First period that may still change; with `previous` only.
    hash : str
        SHA-256 over the parsed content, hex: equal for a folder and a
        workbook that mean the same.
    notes : tuple of str
        What was left out, because it names rows of a table that is not there.
    publish_until : int or None
        With `previous` only: its bookings that start in this period or later are drafts,
        free to move; None = all of them are published.
    """

    name: str
    path: Path
    model: Model
    calendar: Calendar
    tables: Mapping[str, pd.DataFrame]
    files: Mapping[str, str]
    previous: PreviousPlan | None
    at: int | None
    hash: str
    notes: tuple[str, ...] = ()
    publish_until: int | None = None

    @property
    def published_before(self) -> float:
        """Period from which on the previous plan's bookings are drafts; inf = none is."""
        return math.inf if self.publish_until is None else self.publish_until
