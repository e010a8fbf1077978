"""Skilled people that placements need over the horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.venues import understaffing_price

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.options import Options
    from talentopt.compile.programme import Programme
    from talentopt.compile.rows import RowBuilder
    from talentopt.compile.skills import Skills


def add_teams(
    rows: RowBuilder,
    placement_skills: pd.DataFrame,
    skills: Skills,
    programme: Programme,
) -> None:
    """Add one row per placement and skill that a team is asked of."""
    venues, options = programme.venues, programme.options
    price = understaffing_price(programme.model.understaffed)
    team = placement_skills["team"].to_numpy(dtype=np.float64, na_value=np.nan)
    placement = venues.side.find(placement_skills["placement"])
    asked = np.flatnonzero((team > 0) & (placement >= 0))
    if price == 0 or len(asked) == 0:
        return
    level = np.nan_to_num(
        placement_skills["team_level"].to_numpy(dtype=np.float64, na_value=np.nan)
    )
    skill_names = placement_skills["skill"].to_numpy(dtype=object)
    skill = skills.names.get_indexer(skill_names)
    people_levels = skills.levels(programme.people)
    booked_at = _options_by_placement(options, np.unique(placement[asked]))
    for row in asked:
        mine = booked_at[int(placement[row])]
        person = np.searchsorted(options.option_ptr, mine, side="right") - 1
        able = mine[people_levels[person, skill[row]] >= level[row]]
        rows.add(
            ("team", str(venues.side.ids[placement[row]]), str(skill_names[row])),
            rows.n_arcs + able,
            1.0,
            (float(team[row]), np.inf),
            price,
        )


def _options_by_placement(options: Options, placements: np.ndarray) -> dict[int, np.ndarray]:
    """Find the options of some placements, ascending."""
    wanted = np.zeros(int(placements.max()) + 1, dtype=bool)
    wanted[placements] = True
    place = options.option_placement
    inside = place < len(wanted)
    found = np.flatnonzero(inside & wanted[np.where(inside, place, 0)])
    order = np.argsort(place[found], kind="stable")
    ends = np.searchsorted(place[found][order], placements, side="right")
    parts = np.split(found[order], ends[:-1])
    return {int(placement): part for placement, part in zip(placements, parts, strict=True)}
