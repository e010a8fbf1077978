"""The choice-rank ledger: what everybody's wishes came to, cycle by cycle.

``ledger.csv`` in a plan's folder has a row for every pair and every booking of
the plan's cycle of somebody who had possible wishes, and for every kind of
which they got nothing; the rows of the previous plan's ledger stand before
them. A plan's cycle begins at ``at`` (or with the calendar) and lasts
``calendar.cycle`` periods (or to the calendar's end): bookings that start
later are counted when their cycle comes.

`credit` is what the next cycle may weigh: everybody begins with 1, and each
cycle adds how much better the others fared, the mean score of all minus the
own mean score, never falling below 0. So credits average about 1, and who got
little twice is weighed more than who got little once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.insight.wishes import obtained
from talentopt.plan.files import write_csv
from talentopt.read.cells import parse_numbers
from talentopt.read.csvfile import decode, read_csv
from talentopt.read.errors import Findings

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.insight.standing import Standing
    from talentopt.read.calendar import Calendar
    from talentopt.read.scenario import Scenario

FILE = "ledger.csv"
COLUMNS = ("participant", "cycle", "kind", "option", "rank", "of", "score", "credit")
NUMBERS = ("rank", "of", "score", "credit")
FIRST_CREDIT = 1.0
DECIMALS = 6


def ledger(standing: Standing, earlier: pd.DataFrame) -> pd.DataFrame:
    """Keep the ledger of a plan.

    Parameters
    ----------
    standing : Standing
        The plan.
    earlier : DataFrame
        The ledger of the plan before; see `previous_ledger`.

    Returns
    -------
    DataFrame
        Columns `participant`, `cycle` (its first period), `kind` (matching or
        stage), `option` (blank = nothing obtained), `rank` obtained, `of` so
        many possible wishes, `score` (1 = the best that could be had, 0 =
        nothing; see `talentopt.insight.wishes.Obtained`) and `credit` (after
        that cycle).
    """
    scenario, calendar = standing.scenario, standing.scenario.calendar
    begins = scenario.at or 0
    ends = begins + (calendar.cycle or calendar.n_periods)
    rows = obtained(standing)
    rows = rows[rows["table"] == "participants"]
    timely = (rows["start"] < 0) | ((rows["start"] >= begins) & (rows["start"] < ends))
    rows = rows[timely].rename(columns={"seeker": "participant"})
    earlier = earlier[_before(earlier, calendar, begins)]
    before = credits(earlier)
    mean = rows.groupby("participant")["score"].mean().dropna()
    gained = (mean.mean() - mean).to_dict()
    after = {
        person: max(0.0, before.get(person, FIRST_CREDIT) + float(gained.get(person, 0.0)))
        for person in rows["participant"].unique()
    }
    rows = rows.assign(
        cycle=calendar.label(begins),
        credit=rows["participant"].map(after),
    )
    new = rows[list(COLUMNS)].astype({name: np.float64 for name in NUMBERS})
    new[["score", "credit"]] = new[["score", "credit"]].round(DECIMALS)
    return (
        pd.concat([earlier, new], ignore_index=True)
        if len(earlier)
        else new.reset_index(drop=True)
    )


def credits(ledger: pd.DataFrame) -> dict[str, float]:
    """Find the latest credit of everybody in a ledger."""
    return dict(zip(ledger["participant"], ledger["credit"].tolist(), strict=True))


def with_credits(participants: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Fill the column `credit` of a participants table; who is not in the ledger has 1.

    Parameters
    ----------
    participants : DataFrame of str
        As its file has it.
    ledger : DataFrame

    Returns
    -------
    DataFrame
    """
    latest = credits(ledger)
    written = [f"{latest.get(person, FIRST_CREDIT):g}" for person in participants["id"]]
    return participants.assign(credit=written)


def write_ledger(ledger: pd.DataFrame, folder: Path) -> None:
    """Write ``ledger.csv`` into a plan's folder, in one step."""
    work = folder / f".{FILE}.new"
    write_csv(ledger, work)
    work.replace(folder / FILE)


def read_ledger(folder: Path) -> pd.DataFrame:
    """Read a plan's ledger; an empty table where there is none.

    Raises
    ------
    InputErrors
        If it is damaged.
    """
    path, findings = folder / FILE, Findings()
    if not path.is_file():
        return _empty()
    text = decode(str(path), path.read_bytes(), findings)
    raw = None if text is None else read_csv(str(path), text, findings)
    findings.stop_if_any()
    if raw is None:
        raise AssertionError("the ledger is missing for no reason that an error explains")
    for name in COLUMNS:
        if name not in raw.cells:
            findings.add(str(path), None, name, "the column is missing", "restore the file")
    findings.stop_if_any()
    table = pd.DataFrame(index=raw.cells.index)
    for name in COLUMNS:
        table[name] = raw.cells[name].astype(object)
        if name in NUMBERS:
            table[name], wrong = parse_numbers(raw.cells[name])
            for line in raw.cells.index[wrong]:
                findings.add(str(path), int(line), name, "this is no number", "restore the file")
    findings.stop_if_any()
    return table.reset_index(drop=True)


def _dtype(column: str) -> str:
    return "float64" if column in NUMBERS else "object"


def previous_ledger(scenario: Scenario) -> pd.DataFrame:
    """Read the ledger of the scenario's previous plan; an empty table where there is none.

    Raises
    ------
    InputErrors
        If it is damaged.
    """
    if scenario.previous is None:
        return _empty()
    return read_ledger(scenario.previous.path)


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=_dtype(name)) for name in COLUMNS})


def _before(ledger: pd.DataFrame, calendar: Calendar, begins: int) -> np.ndarray:
    """(n,) bool: rows of earlier cycles; a cycle that is planned anew counts once."""

    def earlier(cycle: str) -> bool:
        try:
            return calendar.index(cycle) < begins
        except ValueError:  # a period of another unit: an older calendar
            return True

    return np.array([earlier(cycle) for cycle in ledger["cycle"]], dtype=bool)
