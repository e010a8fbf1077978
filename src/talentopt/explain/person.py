"""One person's plan, its points rule by rule, and what else they could have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.explain.alternatives import find_alternatives
from talentopt.explain.answer import Section
from talentopt.explain.moves import movers
from talentopt.explain.wanted import find_person
from talentopt.plan.scores import scores

if TYPE_CHECKING:
    from talentopt.explain.alternatives import Alternative
    from talentopt.insight.standing import Standing
    from talentopt.plan.plan import Plan

NOT_THEIRS = ("team", "quota", "understaffed", "worst_off", "pair_change", "placement_change")
"""Rules whose points belong to nobody's total."""

PAIR = (
    "another provider replaces theirs (in the same role, and also where they have the same one "
    "and providers must differ); if that one has no place left, one other person moves to their "
    "own best provider with a place; all else stays"
)
BOOKING = (
    "all their exclusive placements are arranged anew at their best; a concurrent one is added or "
    "replaces one other; everybody else stays"
)


def explain_person(
    standing: Standing, plan: Plan, person_id: str, seconds: float, *, private: bool = False
) -> list[Section]:
    """Explain what one person got.

    Parameters
    ----------
    standing : Standing
    plan : Plan
    person_id : str
    seconds : float
        For the alternatives.
    private : bool
        Say nothing of other people: mentors who were not assigned, and who would have to move.

    Raises
    ------
    Unknown
    """
    person = find_person(standing, person_id)
    sections = [_plan(standing, plan, person), _points(standing, person)]
    found = find_alternatives(standing, person, seconds, pairs=not private)
    sections += _alternatives(standing, person_id, found, private=private)
    return sections


def _plan(standing: Standing, plan: Plan, person: int) -> Section:
    who = standing.index.people[person]
    name = standing.scenario.tables["participants"]["name"].iloc[person]
    table = plan.placements[plan.placements["participant"] == who]
    table = table.drop(columns="participant").rename(columns={"placement": "what"})
    table = table.rename(columns={"stage": "kind"})
    pairs = plan.pairs[plan.pairs["seeker"] == who].rename(
        columns={"matching": "kind", "provider": "what"}
    )
    roles = [
        role
        for role, model in standing.scenario.model.matchings.items()
        if model.seekers == "participants"
    ]
    pairs = pairs[pairs["kind"].isin(roles)]
    table = pd.concat([table, pairs.drop(columns="seeker").assign(start="", end="")])
    table = table[["kind", "what", "start", "end", "points"]].reset_index(drop=True)
    title = who if name in ("", who) else f"{who} ({name})"
    return Section("plan", (f"{title}: the plan",), {"person": who}, table)


def _points(standing: Standing, person: int) -> Section:
    who = standing.index.people[person]
    rows = scores(standing.problem, standing.index, standing.scenario, standing.assignment)
    pair = rows["rule"].isin(standing.index.matchings) & (rows["subject"] == who)
    booked = rows["rule"].isin(standing.index.stages) & (rows["subject"] == who)
    own = ~rows["rule"].isin([*standing.index.matchings, *standing.index.stages, *NOT_THEIRS])
    table = rows[pair | booked | (own & (rows["subject"] == who))].reset_index(drop=True)
    total = float(standing.evaluation.person_totals[person])
    lines = (f"Points, rule by rule; they add up to {who}'s total of {total:,.2f}:",)
    return Section("points", lines, {"total": total}, table.drop(columns="subject"))


def _alternatives(
    standing: Standing, person_id: str, found: list[Alternative], *, private: bool
) -> list[Section]:
    sections = []
    for kind in dict.fromkeys(one.kind for one in found):
        mine = [one for one in found if one.kind == kind]
        rows = []
        for rank, one in enumerate(mine, 1):
            reachable = one.assignment is not None
            others = _others(standing, person_id, one) if not private else ""
            rows.append(
                {
                    "rank": rank if reachable else "",
                    "option": one.option,
                    "points": one.points,
                    "change": one.change if reachable else np.nan,
                    "change_at_most": one.most if np.isfinite(one.most) else np.nan,
                    "exact": one.exact,
                    "others_moving": others,
                }
            )
        table = pd.DataFrame(rows)
        if private:
            table = table.drop(columns="others_moving")
        how = PAIR if kind in standing.index.matchings else BOOKING
        out = sum(one.assignment is None for one in mine)
        lines = [
            f"Other choices for {kind}: what the whole plan's value would change by, where {how}."
        ]
        if out:
            lines.append(f"{out} of {len(mine)} need more people to move (see --why-not).")
        sections.append(Section("alternatives", tuple(lines), {"kind": kind, "how": how}, table))
    return sections


def _others(standing: Standing, person_id: str, one: Alternative) -> str:
    if one.assignment is None:
        return ""
    moved = movers(standing.problem, standing.names, standing.assignment, one.assignment)
    return " ".join(sorted(moved - {person_id}))
