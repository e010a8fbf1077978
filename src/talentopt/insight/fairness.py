"""Who got how much: the worst off, ranks of preferences obtained, totals by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.insight.wishes import obtained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.insight.standing import Standing

GROUPS = ("track", "unit", "site")
"""Columns of the seekers by which ranks and totals are told apart."""

QUANTILES = {"lowest": 0.0, "tenth": 0.1, "median": 0.5, "ninetieth": 0.9, "highest": 1.0}
"""Columns of `totals` that are quantiles (linear between people)."""


@dataclass(frozen=True, slots=True)
class WorstOff:
    """The person with the lowest total, and what that is worth to the plan.

    Attributes
    ----------
    person : str
    total : float
        Points of this person.
    weight : float
        The model's ``fairness.worst_off``.
    next_total : float
        Second lowest total: lifting the worst-off person counts up to there. NaN
        when there is nobody else.
    """

    person: str
    total: float
    weight: float
    next_total: float

    @property
    def term(self) -> float:
        """Points of the worst-off term in the plan's value."""
        return self.weight * self.total


def worst_off(standing: Standing) -> WorstOff | None:
    """Find the worst-off person; None without participants."""
    totals = standing.evaluation.person_totals
    if len(totals) == 0:
        return None
    order = np.argsort(totals, kind="stable")
    beyond = float(totals[order[1]]) if len(totals) > 1 else float("nan")
    person = standing.index.people[order[0]]
    return WorstOff(person, float(totals[order[0]]), standing.problem.worst_off, beyond)


def ranks(standing: Standing) -> pd.DataFrame:
    """Count which of their wishes people got.

    Returns
    -------
    DataFrame
        One row per matching or stage (`kind`) and group: `column` is blank for
        everybody, else one of `GROUPS`, with its `value`; `seekers` with a
        possible wish; `places` they got; how many of these were the `first`,
        `second`, `third` or a `later` wish, or `unwished`; `nothing`: seekers
        who got none; `first_share`: share of seekers with their first choice;
        `mean_rank` of wishes obtained; `mean_score` (see `Obtained.score`).
    """
    rows = obtained(standing)
    frames = [_counted(rows, "", "")]
    for column in GROUPS:
        values = _values(standing, rows, column)
        frames += [
            _counted(rows[values == value], column, value) for value in sorted(set(values) - {""})
        ]
    return pd.concat(frames, ignore_index=True)


def totals(standing: Standing) -> pd.DataFrame:
    """Spread of people's totals.

    Returns
    -------
    DataFrame
        One row for everybody and one per group (`column`, `value`): `people`,
        `mean` and the columns of `QUANTILES`.
    """
    points = standing.evaluation.person_totals
    people = standing.scenario.tables["participants"]
    columns = ["column", "value", "people", "mean", *QUANTILES]
    return pd.DataFrame(list(_spread(points, people)), columns=columns)


def _spread(points: np.ndarray, people: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    groups = [("", "", np.ones(len(points), dtype=bool))]
    for column in GROUPS:
        texts = people[column].to_numpy(dtype=object)
        groups += [(column, value, texts == value) for value in sorted(set(texts) - {""})]
    for column, value, members in groups:
        mine = points[members]
        if len(mine):
            spread = np.quantile(mine, list(QUANTILES.values())).round(6).tolist()
            yield (column, value, len(mine), round(float(mine.mean()), 6), *spread)


def _values(standing: Standing, rows: pd.DataFrame, column: str) -> np.ndarray:
    """(n,) object: the seekers' text in a column of their table; blank where there is none."""
    texts: dict[tuple[str, str], str] = {}
    for table in rows["table"].unique():
        frame = standing.scenario.tables[table]
        if column in frame:
            texts |= {(table, i): text for i, text in zip(frame["id"], frame[column], strict=True)}
    keys = zip(rows["table"], rows["seeker"], strict=True)
    return np.array([texts.get(key, "") for key in keys], dtype=object)


def _counted(rows: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    counted = []
    for kind, mine in rows.groupby("kind", sort=False):
        rank, got = mine["rank"], mine["option"] != ""
        seekers = mine.groupby(["table", "seeker"], sort=False)
        counted.append(
            {
                "kind": kind,
                "column": column,
                "value": value,
                "seekers": seekers.ngroups,
                "places": int(got.sum()),
                "first": int((rank == 1).sum()),
                "second": int((rank == 2).sum()),
                "third": int((rank == 3).sum()),
                "later": int((rank > 3).sum()),
                "unwished": int((got & rank.isna()).sum()),
                "nothing": int((~got).sum()),
                "first_share": float((seekers["rank"].min() == 1).mean()),
                "mean_rank": float(rank.mean()),
                "mean_score": float(mine["score"].mean()),
            }
        )
    return pd.DataFrame(counted)
