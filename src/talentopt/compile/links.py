"""Points for a provider and a placement that share a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.side import shared_codes
from talentopt.problem.problem import Links

if TYPE_CHECKING:
    from talentopt.compile.matchings import Market
    from talentopt.compile.programme import Programme
    from talentopt.read.model import Link


def compile_links(
    links: list[Link], markets: list[Market], n_providers: int, programme: Programme
) -> Links:
    """Code the values that every link compares."""
    by_name = {market.name: market for market in markets}
    stages = [block.stage for block in programme.model.stages]
    people, venues = programme.people, programme.venues
    provider_value = np.full((len(links), n_providers), -1, dtype=np.int32)
    placement_value = np.full((len(links), len(venues)), -1, dtype=np.int32)
    points = np.zeros((len(links), len(people)))
    for row, link in enumerate(links):
        market = by_name[link.matching]
        others = market.crossing.providers
        offered, visited = shared_codes(others.texts(link.column), venues.side.texts(link.column))
        first = market.first_provider
        provider_value[row, first : first + len(others)] = offered
        in_stage = venues.stage == stages.index(link.stage)
        placement_value[row] = np.where(in_stage, visited, -1)
        points[row] = people.amounts(link.points)
    return Links(
        np.array([by_name[link.matching].number for link in links], dtype=np.int32),
        np.array([stages.index(link.stage) for link in links], dtype=np.int32),
        provider_value,
        placement_value,
        points,
    )
