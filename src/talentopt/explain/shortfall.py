"""Everything that is missing: what binds, and which edits would cure it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.explain.answer import Section
from talentopt.explain.cures import Cure, cure_pair, cure_placements
from talentopt.plan.shortages import shortages
from talentopt.problem import measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.insight.standing import Standing

Cured = tuple[str, str, Cure | None]
"""Subject, kind (matching or stage) and what would cure it."""


def explain_shortages(standing: Standing, seconds: float, *, optimal: bool) -> list[Section]:
    """List what is missing, what binds, and the edits that would cure it.

    Parameters
    ----------
    standing : Standing
    seconds : float
        For looking for cures, the dearest shortages first.
    optimal : bool
        The plan is proven best.
    """
    table = shortages(
        standing.problem, standing.index, standing.scenario, standing.assignment, optimal=optimal
    )
    total = float(table["points"].sum())
    lines = [f"{len(table)} shortages cost {total:,.2f} points; what binds:"]
    facts = {"count": len(table), "points": total}
    table = table.sort_values("points", ascending=False, kind="stable", ignore_index=True)
    sections = [Section("shortages", tuple(lines), facts, table)]
    found, examined, every = find_cures(standing, seconds)
    rows = [
        {
            "subject": subject,
            "kind": kind,
            "edits": "; ".join(cure.edits) if cure else "no seat or place alone would cure it",
            "gain": cure.gain if cure else np.nan,
            "cured": cure.cured if cure else 0.0,
        }
        for subject, kind, cure in found
    ]
    how = (
        "Edits that would cure them, each on its own and confirmed by a plan that is allowed with "
        "the edit (only that person re-arranged):"
    )
    lines = [how] if rows else ["Nothing that a seat or place could cure is missing."]
    if examined < every:
        lines.append(f"{examined} of {every} were examined within the time limit.")
    facts = {"examined": examined, "of": every}
    sections.append(Section("cures", tuple(lines), facts, pd.DataFrame(rows)))
    return sections


def find_cures(standing: Standing, seconds: float) -> tuple[list[Cured], int, int]:
    """Look for cures, the dearest shortages first.

    Returns
    -------
    cures : list
    examined, every : int
        Shortages looked at, and all that a seat or place might cure.
    """
    end = time.monotonic() + seconds
    found: list[Cured] = []
    waiting = sorted(_missing(standing), key=lambda one: -one[0])
    for points, kind, subject, number in waiting:
        if time.monotonic() >= end or points <= 0:
            break
        if kind == "pair":
            matchings = standing.problem.matchings
            name = standing.index.matchings[matchings.demand_matching[number]]
            who = str(standing.names.seekers[matchings.demand_seeker[number]])
            found.append((who, name, cure_pair(standing, number)))
        else:
            name, who = standing.index.stages[number], standing.index.people[subject]
            found.append((who, name, cure_placements(standing, subject, number)))
    return found, len(found), len(waiting)


def _missing(standing: Standing) -> Iterator[tuple[float, str, int, int]]:
    """List missing providers and placements: points, what, person and demand or stage."""
    matchings, itineraries = standing.problem.matchings, standing.problem.itineraries
    short = measure.providers_missing(matchings, standing.assignment.arcs)
    points = np.maximum(short, 0) * matchings.demand_missing
    for demand in np.flatnonzero(points > 0).tolist():
        yield float(points[demand]), "pair", int(matchings.demand_person[demand]), demand
    held = measure.placements_held(itineraries, standing.assignment.options)
    points = np.maximum(itineraries.stage_min - held, 0) * itineraries.stage_missing
    for person, stage in np.argwhere(points > 0).tolist():
        yield float(points[person, stage]), "placement", person, stage
