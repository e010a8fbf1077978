"""What a plan misses that a seat or a place might cure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.problem import measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.insight.standing import Standing


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
