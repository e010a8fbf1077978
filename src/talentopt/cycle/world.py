"""The tables of a scenario while time passes."""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from talentopt.plan.files import write_csv
from talentopt.read.csvfile import RawTable
from talentopt.read.errors import Findings
from talentopt.read.folder import SETTINGS
from talentopt.read.opening import open_source
from talentopt.read.rowedits import edit_rows
from talentopt.read.tables import STANDARD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


class World:
    """A scenario's tables as text, changed step by step and written as folders.

    Parameters
    ----------
    path : Path
        A valid scenario.
    """

    def __init__(self, path: Path) -> None:
        findings = Findings()
        self._source = open_source(path, findings)
        findings.stop_if_any()
        assert self._source.settings is not None
        self._settings: dict[str, Any] = copy.deepcopy(self._source.settings.value)
        if self._settings.get("previous"):
            previous = self._source.folder / self._settings["previous"]
            self._settings["previous"] = str(previous.absolute())

    def cells(self, table: str) -> pd.DataFrame:
        """Look at a table; empty when it is not there."""
        raw = self._source.tables.get(table)
        return RawTable.empty(STANDARD[table]).cells if raw is None else raw.cells

    def ids(self, table: str) -> list[str]:
        """List the ids of a table in file order."""
        return [str(name) for name in self.cells(table)["id"]]

    def remove(self, table: str, name: str) -> None:
        """Remove a row, and what other tables say of its id."""
        findings = Findings()
        edit_rows(self._source, (), [(table, name)], findings)
        findings.stop_if_any()

    def add(self, table: str, rows: Sequence[Mapping[str, str]]) -> None:
        """Add rows; columns that they don't name are blank, new columns are added."""
        if not rows:
            return
        known = self.cells(table)
        first = int(known.index.max()) + 1 if len(known) else 2
        more = pd.DataFrame(list(rows), index=range(first, first + len(rows)), dtype=object)
        if known.empty:
            columns = [name for name in known.columns if name in more]
            columns += [name for name in more.columns if name not in columns]
            cells = more[columns].fillna("")
        else:
            cells = pd.concat([known, more]).fillna("")
        self._put(table, cells)

    def copy(self, table: str, column: str, value: str, changed: Mapping[str, str]) -> None:
        """Add the rows with this value once more, with other cells."""
        cells = self.cells(table)
        mine = cells[cells[column] == value].assign(**changed)
        names = [str(name) for name in mine.columns]
        self.add(table, [dict(zip(names, row, strict=True)) for row in mine.to_numpy().tolist()])

    def set(self, table: str, name: str, column: str, value: str) -> None:
        """Change one cell of the row with this id."""
        cells = self.cells(table).copy()
        if column not in cells:
            cells[column] = ""
        cells.loc[cells["id"] == name, column] = value
        self._put(table, cells)

    def drop(self, table: str, keys: Mapping[str, str]) -> None:
        """Drop the rows that hold all these cells; a column that is not there is blank."""
        cells = self.cells(table)
        mine = pd.Series(True, index=cells.index)
        for column, value in keys.items():
            mine &= cells[column] == value if column in cells else value == ""
        self._put(table, cells[~mine])

    def stay_open(self, label: Callable[[str], str]) -> None:
        """Move the end of every placement's window; `label` gives the new period for the old."""
        cells = self.cells("placements").copy()
        if "closes" in cells:
            cells["closes"] = [label(text) if text else "" for text in cells["closes"]]
            self._put("placements", cells)

    def forget_previous(self) -> None:
        """Drop what the settings say of re-planning."""
        for key in ("previous", "at", "publish_until"):
            self._settings.pop(key, None)

    def write(self, folder: Path, periods: int) -> Path:
        """Write the scenario as it is now, with a calendar of so many periods."""
        folder.mkdir(parents=True)
        for name, raw in self._source.tables.items():
            if len(raw.cells):
                write_csv(raw.cells, folder / f"{name}.csv")
        model = self._source.folder / str(self._settings["model"])
        settings = {**self._settings, "calendar": {**self._settings["calendar"]}}
        settings["calendar"]["periods"] = periods
        if model.is_file():
            shutil.copyfile(model, folder / model.name)
            settings["model"] = model.name
        text = json.dumps(settings, indent=1, ensure_ascii=False)
        (folder / SETTINGS).write_text(text + "\n", encoding="utf-8", newline="\n")
        return folder

    def _put(self, table: str, cells: pd.DataFrame) -> None:
        raw = self._source.tables.get(table) or RawTable.empty(STANDARD[table], f"{table}.csv")
        self._source.tables[table] = replace(raw, cells=cells)
