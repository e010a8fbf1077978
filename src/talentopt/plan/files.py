"""Plan folders: written whole or not at all, and read back.

Cells of the CSV files are exactly the scenario's ids, also where one begins
like a formula: another program must find the same ids. Workbooks and pages
made from a plan hold them as text that no program evaluates.
"""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from talentopt.plan.folder import written_whole
from talentopt.plan.plan import PAIRS, PLACEMENTS, SCORES, SHORTAGES, Plan
from talentopt.read.cells import parse_numbers
from talentopt.read.csvfile import decode, read_csv
from talentopt.read.errors import Findings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

TABLES = {
    "pairs": PAIRS,
    "placements": PLACEMENTS,
    "shortages": SHORTAGES,
    "scores": SCORES,
}
REQUIRED = {
    "pairs": ("matching", "seeker", "provider"),
    "placements": ("participant", "placement", "start"),
    "shortages": ("rule", "subject"),
    "scores": ("rule", "subject"),
}
NUMBERS = ("points", "amount")


def refuse_occupied(folder: Path, *, force: bool) -> None:
    """Make sure that a plan may be written there.

    Raises
    ------
    FileExistsError
        If there is something already; with `force`, if it is no plan.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not force:
        raise FileExistsError(f"{folder} already exists; name another folder, or use --force")
    if not any((folder / name).is_file() for name in ("plan.json", "pairs.csv")):
        raise FileExistsError(f"{folder} holds no plan, so it is not replaced")


def write_plan(
    plan: Plan,
    folder: Path,
    *,
    force: bool = False,
    extras: Callable[[Path], None] | None = None,
) -> None:
    """Write a plan folder; a reader never sees half of it.

    Parameters
    ----------
    plan : Plan
    folder : Path
    force : bool
        Replace a plan that is there, in one step.
    extras : callable, optional
        Writes further files into the folder before it gets its name.

    Raises
    ------
    FileExistsError
        If there is something already; with `force`, if it is no plan.
    """
    refuse_occupied(folder, force=force)
    with written_whole(folder, replace=force) as work:
        for name in TABLES:
            write_csv(getattr(plan, name), work / f"{name}.csv")
        write_summary(plan.summary, work)
        if extras is not None:
            extras(work)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table so that every cell can be read back exactly."""
    # The csv module leaves a bare carriage return unquoted before Python 3.13.
    texts = table.select_dtypes(exclude="number")
    tricky = any(column.str.contains("\r", regex=False).any() for _, column in texts.items())
    table.to_csv(
        path,
        index=False,
        lineterminator="\n",
        encoding="utf-8",
        quoting=csv.QUOTE_ALL if tricky else csv.QUOTE_MINIMAL,
    )


def read_plan(folder: Path) -> Plan:
    """Read a plan folder; files that are absent are empty tables.

    Raises
    ------
    InputErrors
        If there is no plan, or a file is damaged.
    """
    findings = Findings()
    if not any((folder / f"{name}.csv").is_file() for name in ("pairs", "placements")):
        remedy = "a plan has at least pairs.csv or placements.csv"
        findings.add(str(folder), None, "", "this is no plan folder", remedy)
    findings.stop_if_any()
    tables = {name: _read_table(folder, name, findings) for name in TABLES}
    summary = read_summary(folder, findings)
    findings.stop_if_any()
    return Plan(**tables, summary=summary)


def _read_table(folder: Path, name: str, findings: Findings) -> pd.DataFrame:
    path, columns = folder / f"{name}.csv", TABLES[name]
    empty = pd.DataFrame({column: pd.Series(dtype=_dtype(column)) for column in columns})
    if not path.is_file():
        return empty
    text = decode(str(path), path.read_bytes(), findings)
    raw = None if text is None else read_csv(str(path), text, findings)
    if raw is None:
        return empty
    cells = raw.cells
    for column in REQUIRED[name]:
        if column not in cells:
            findings.add(str(path), None, column, "the column is missing", "add it")
    table = pd.DataFrame(index=cells.index)
    for column in columns:
        if column not in NUMBERS:
            table[column] = cells[column].astype(object) if column in cells else ""
            continue
        values = np.full(len(cells), np.nan)
        if column in cells:
            values, wrong = parse_numbers(cells[column])
            for line in cells.index[wrong]:
                findings.add(str(path), int(line), column, "this is no number", "write 12.5")
        table[column] = values
    return table


def _dtype(column: str) -> str:
    return "float64" if column in NUMBERS else "object"


def write_summary(summary: Mapping[str, Any], folder: Path) -> None:
    """Write ``plan.json`` into a folder."""
    text = json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    (folder / "plan.json").write_text(text, encoding="utf-8", newline="\n")


def read_summary(folder: Path, findings: Findings) -> dict[str, Any]:
    """Read ``plan.json``; empty when it is absent or damaged."""
    path = folder / "plan.json"
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        findings.add(str(path), None, "", f"the file is no JSON: {error}", "restore the file")
        return {}
    if not isinstance(content, dict):
        findings.add(str(path), None, "", "the file is no JSON object", "restore the file")
        return {}
    return content
