"""Everything that is missing: what binds, and which edits would cure it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from talentopt.explain.answer import Section
from talentopt.explain.chains import chained
from talentopt.explain.cures import Cure, cure_placements
from talentopt.explain.cures_of_hours import cure_hours
from talentopt.explain.cures_of_pairs import cure_pairs
from talentopt.explain.making_room import swapped, with_fewer_edits
from talentopt.explain.together import cured_together
from talentopt.plan.shortages import shortages
from talentopt.problem import measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.insight.standing import Standing

Cured = tuple[str, str, Cure | None]
"""Subject, kind (matching, stage, or stage and layer) and what would cure it."""


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
            "moving": " ".join(who for who in cure.moving if who != subject) if cure else "",
            "gain": cure.gain if cure else np.nan,
            "cured": cure.cured if cure else 0.0,
        }
        for subject, kind, cure in found
    ]
    how = (
        "Edits that would cure them, each on its own, everybody staying where they are but the "
        "person and those under `moving`; `gain` is what the whole plan is then worth more:"
    )
    lines = [how] if rows else ["Nothing that a seat or place could cure is missing."]
    free = sum(cure is not None and cure.free for _, _, cure in found)
    if free:
        lines.append(
            f"{free} of {len(found)} need no edit: `talentopt solve` with --warm and this plan "
            "can find what they miss."
        )
    if examined < every:
        lines.append(
            f"{examined} of {every} were examined within the time limit, missing mentors and the "
            "like first; a longer --time-limit examines more."
        )
    facts = {"examined": examined, "of": every, "without_edit": free}
    sections.append(Section("cures", tuple(lines), facts, pd.DataFrame(rows)))
    return sections


def find_cures(standing: Standing, seconds: float) -> tuple[list[Cured], int, int]:
    """Look for cures: of all missing providers at once, then the dearest others first.

    Returns
    -------
    cures : list
        The dearest shortages first.
    examined, every : int
        Shortages looked at, and all that a seat or place might cure.
    """
    end = time.monotonic() + seconds
    waiting = sorted(missing(standing), key=lambda one: (one.kind != "pair", -one.points))
    demands = [one.number for one in waiting if one.kind == "pair"]
    pairs = cure_pairs(standing, np.array(demands, dtype=np.int64))
    found: list[tuple[Missing, Cure | None]] = []
    for one in waiting:
        if one.kind == "pair":
            found.append((one, pairs[one.number]))
        elif time.monotonic() < end:
            found.append((one, cure(standing, one)))
    found.sort(key=lambda each: -each[0].points)
    cured = [
        (one.subject, one.name, with_others(standing, one, alone, end)) for one, alone in found
    ]
    return cured, len(found), len(waiting)


def with_others(
    standing: Standing, shortage: Missing, alone: Cure | None, until: float
) -> Cure | None:
    """Let others make room where a person's own moves need edits, while there is time.

    Parameters
    ----------
    standing : Standing
    shortage : Missing
    alone : Cure or None
        What cures it when nobody else moves.
    until : float
        Clock (`time.monotonic`) at which to stop.
    """
    if shortage.person < 0 or time.monotonic() >= until or (alone is not None and alone.free):
        return alone
    if shortage.kind == "pair":
        moved = swapped(standing, shortage.person, shortage.number)
        return moved or chained(standing, shortage.number) or alone
    if shortage.kind == "placement" and alone is not None:
        fewer = with_fewer_edits(standing, shortage.person, alone, until)
        if fewer.free:
            return fewer
        return cured_together(standing, shortage.person, shortage.number, fewer, until)
    return alone


def cure(standing: Standing, shortage: Missing) -> Cure | None:
    """Find the smallest edit that cures one shortage, everybody else staying.

    Parameters
    ----------
    standing : Standing
    shortage : Missing
        Of this plan; what is no longer missing is harmless.
    """
    if shortage.kind == "pair":
        return cure_pairs(standing, np.array([shortage.number]))[shortage.number]
    if shortage.kind == "hours":
        return cure_hours(standing, shortage.person, shortage.number)
    return cure_placements(standing, shortage.person, shortage.number)


class Missing(NamedTuple):
    """One shortage: the person (or -1), and the demand, stage or hours requirement."""

    points: float
    kind: str
    subject: str
    name: str
    person: int
    number: int


def missing(standing: Standing) -> Iterator[Missing]:
    """List missing providers, placements and hours."""
    matchings, itineraries = standing.problem.matchings, standing.problem.itineraries
    options = standing.assignment.options
    short = measure.providers_missing(matchings, standing.assignment.arcs)
    points = np.maximum(short, 0) * matchings.demand_missing
    for demand in np.flatnonzero(points > 0).tolist():
        name = standing.index.matchings[matchings.demand_matching[demand]]
        who = str(standing.names.seekers[matchings.demand_seeker[demand]])
        owner = int(matchings.demand_person[demand])
        yield Missing(float(points[demand]), "pair", who, name, owner, demand)
    held = measure.placements_held(itineraries, options)
    lost = np.maximum(itineraries.stage_min - held, 0) * itineraries.stage_missing
    for person, stage in np.argwhere(lost > 0).tolist():
        who, name = standing.index.people[person], standing.index.stages[stage]
        yield Missing(float(lost[person, stage]), "placement", who, name, person, stage)
    lost = measure.hours_missing(itineraries, options) * itineraries.hours_missing
    for person, hours in np.argwhere(lost > 0).tolist():
        who, name = standing.index.people[person], "/".join(standing.index.hours[hours])
        yield Missing(float(lost[person, hours]), "hours", who, name, person, hours)
