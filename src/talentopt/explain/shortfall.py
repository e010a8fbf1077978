"""Everything that is missing: what binds, and which edits would cure it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.explain.answer import Section
from talentopt.explain.chains import chained
from talentopt.explain.cures import cure_placements
from talentopt.explain.cures_of_hours import cure_hours
from talentopt.explain.cures_of_pairs import cure_pairs
from talentopt.explain.groups import Grouped, tell_groups
from talentopt.explain.making_room import swapped, with_fewer_edits
from talentopt.explain.missing import missing
from talentopt.explain.together import cured_together
from talentopt.plan.shortages import shortages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from talentopt.explain.cures import Cure, Remedy
    from talentopt.explain.missing import Missing
    from talentopt.insight.standing import Standing

GROUPED = 0.8
"""Of the time, for curing people in groups; the rest is for fewer edits, one by one."""


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
    end = time.monotonic() + seconds
    table = shortages(
        standing.problem, standing.index, standing.scenario, standing.assignment, optimal=optimal
    )
    total = float(table["points"].sum())
    lines = [f"{len(table)} shortages cost {total:,.2f} points; what binds:"]
    facts = {"count": len(table), "points": total}
    table = table.sort_values("points", ascending=False, kind="stable", ignore_index=True)
    sections = [Section("shortages", tuple(lines), facts, table)]
    waiting = sorted(missing(standing), key=lambda one: -one.points)
    grouped = Grouped(standing, waiting, GROUPED * max(end - time.monotonic(), 0.0))
    alone = grouped.remedies()
    found: dict[Missing, Remedy | None] = dict(alone)
    for one, cure in find_cures(standing, waiting, end, alone).items():
        found[one] = _better(alone.get(one), cure)
    if len(waiting) > 1:
        sections.append(tell_groups(grouped.groups))
    return [*sections, _tell_cures(waiting, found)]


def _better(first: Remedy | None, second: Remedy | None) -> Remedy | None:
    """Choose what needs fewer edits, and of these what gains more."""
    known = [one for one in (first, second) if one is not None]
    return min(known, key=lambda one: (0 if one.free else len(one.edits), -one.gain), default=None)


def _tell_cures(waiting: Sequence[Missing], found: Mapping[Missing, Remedy | None]) -> Section:
    """Tell what cures each shortage on its own."""
    examined = [one for one in waiting if one in found]
    rows = [
        {
            "subject": one.subject,
            "kind": one.name,
            "edits": "; ".join(cure.edits) if cure else "no seat or place alone would cure it",
            "moving": " ".join(who for who in cure.moving if who != one.subject) if cure else "",
            "gain": cure.gain if cure else np.nan,
            "cured": cure.cured if cure else 0.0,
        }
        for one in examined
        for cure in (found[one],)
    ]
    how = (
        "Edits that would cure them, each on its own, everybody staying where they are but the "
        "person and those under `moving`; `gain` is what the whole plan is then worth more:"
    )
    lines = [how] if rows else ["Nothing that a seat or place could cure is missing."]
    free = sum(cure is not None and cure.free for cure in found.values())
    cured = sum(cure is not None for cure in found.values())
    if free:
        lines.append(
            f"{free} of {len(examined)} need no edit: `talentopt solve` with --warm and this plan "
            "can find what they miss."
        )
    if len(examined) < len(waiting):
        lines.append(
            f"{len(examined)} of {len(waiting)} were examined within the time limit; a longer "
            "--time-limit examines more."
        )
    facts = {
        "examined": len(examined),
        "of": len(waiting),
        "with_cure": cured,
        "without_edit": free,
    }
    return Section("cures", tuple(lines), facts, pd.DataFrame(rows))


def find_cures(
    standing: Standing,
    waiting: Sequence[Missing],
    until: float,
    known: Mapping[Missing, Remedy],
) -> dict[Missing, Cure | None]:
    """Look for the fewest edits: of all missing providers at once, then one by one.

    Parameters
    ----------
    standing : Standing
    waiting : sequence of Missing
        The dearest first.
    until : float
        Clock (`time.monotonic`) at which to stop.
    known : mapping
        What cures some of them: they are looked at last, for fewer edits.

    Returns
    -------
    dict
        Those looked at; None where nothing was found.
    """
    demands = [one.number for one in waiting if one.kind == "pair"]
    pairs = cure_pairs(standing, np.array(demands, dtype=np.int64))
    found = {one: pairs[one.number] for one in waiting if one.kind == "pair"}
    for one in waiting:
        if one not in found and one not in known and time.monotonic() < until:
            found[one] = cure(standing, one)
    for one in waiting:
        if time.monotonic() >= until:
            break
        if one not in known or not known[one].free:
            alone = found[one] if one in found else cure(standing, one)
            found[one] = with_others(standing, one, alone, until)
    return found


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
