"""Demands, arcs and capacities of all matchings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile import rules
from talentopt.compile.crossing import Crossing
from talentopt.compile.growing import Growing
from talentopt.compile.pairs import Pairs
from talentopt.compile.rounding import rounded
from talentopt.problem.matchings import Matchings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talentopt.compile.preferences import Preferences
    from talentopt.compile.side import Side, Sides
    from talentopt.compile.skills import Skills
    from talentopt.read.model import Matching
    from talentopt.read.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Numbering:
    """Identities (table, id) of several tables, one table after the other.

    Attributes
    ----------
    first : dict of str to int
        The number of each table's first row.
    identities : tuple of (str, str)
    """

    first: dict[str, int]
    identities: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, tables: Iterable[str], sides: Sides) -> Numbering:
        """Give the rows of these tables numbers; a table named twice counts once."""
        first: dict[str, int] = {}
        identities: list[tuple[str, str]] = []
        for table in dict.fromkeys(tables):
            first[table] = len(identities)
            identities += [(table, str(row)) for row in sides[table].ids]
        return cls(first, tuple(identities))


@dataclass(frozen=True, slots=True)
class Market:
    """One matching with the tables it reads, before its arcs are made.

    Attributes
    ----------
    number : int
        Index of the matching.
    name : str
    model : Matching
    crossing : Crossing
    pairs : Pairs
    offered : (n_providers,) bool
        False where the matching's column of the provider is blank.
    need : (n_seekers,) int64
    first_demand : int
        The demand of the first seeker.
    first_provider : int
        Identity of the first provider.
    """

    number: int
    name: str
    model: Matching
    crossing: Crossing
    pairs: Pairs
    offered: np.ndarray
    need: np.ndarray
    first_demand: int
    first_provider: int


def find_markets(
    scenario: Scenario,
    sides: Sides,
    skills: Skills,
    preferences: Preferences,
    providers: Numbering,
) -> list[Market]:
    """Prepare every matching of the model."""
    markets = []
    first_demand = 0
    for number, (name, model) in enumerate(scenario.model.matchings.items()):
        mine, others = sides[model.seekers], sides[model.providers]
        markets.append(
            Market(
                number,
                name,
                model,
                Crossing(mine, others, skills, preferences),
                Pairs.of(scenario.tables["pairs"], name, mine, others),
                _offered(name, others),
                mine.counts(model.need),
                first_demand,
                providers.first[model.providers],
            )
        )
        first_demand += len(mine)
    return markets


def compile_matchings(
    markets: list[Market], seekers: Numbering, providers: Numbering, sides: Sides
) -> Matchings:
    """Make the arrays of all matchings, with nothing fixed or kept yet."""
    arc_ptr, arc_provider, arc_points = _arcs(markets)
    arc_load, unit_loads = _loads(markets, arc_ptr, arc_provider)
    none = np.zeros(0, dtype=np.int64)
    return Matchings(
        n_matchings=len(markets),
        n_seekers=len(seekers.identities),
        n_providers=len(providers.identities),
        demand_matching=_joined(
            [np.full(len(m.need), m.number, dtype=np.int32) for m in markets], np.int32
        ),
        demand_seeker=_joined(
            [seekers.first[m.model.seekers] + np.arange(len(m.need)) for m in markets], np.int32
        ),
        demand_person=_joined([_people(m) for m in markets], np.int32),
        demand_need=_joined([m.need for m in markets], np.int32),
        demand_missing=_joined(
            [m.crossing.seekers.amounts(m.model.missing) for m in markets], np.float64
        ),
        arc_ptr=arc_ptr,
        arc_provider=arc_provider,
        arc_points=arc_points,
        arc_load=arc_load,
        unit_loads=unit_loads,
        fixed_arcs=none,
        kept_arcs=none,
        kept_arc_points=np.zeros(0),
        capacity=_capacity(providers, sides),
        role_capacity=_role_capacity(markets, len(providers.identities)),
        distinct=_distinct(markets),
    )


def find_arcs(
    arc_ptr: np.ndarray, arc_provider: np.ndarray, demand: np.ndarray, provider: np.ndarray
) -> np.ndarray:
    """(n,) int64: the arc from each demand to each provider identity; -1 = none."""
    first, last = arc_ptr[demand], arc_ptr[demand + 1]
    # A demand's providers ascend: all of them are searched by halving at once.
    low, high = first.copy(), last.copy()
    while (wide := low < high).any():
        middle = (low[wide] + high[wide]) // 2
        smaller = arc_provider[middle] < provider[wide]
        low[wide] = np.where(smaller, middle + 1, low[wide])
        high[wide] = np.where(smaller, high[wide], middle)
    found = np.full(len(demand), -1, dtype=np.int64)
    there = np.flatnonzero(low < last)
    there = there[arc_provider[low[there]] == provider[there]]
    found[there] = low[there]
    return found


def _arcs(markets: list[Market]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    counts, providers, points = Growing(np.int64), Growing(np.int32), Growing(np.float64)
    counts.append(np.zeros(1, dtype=np.int64))
    for market in markets:
        forbidden, added = market.pairs.forbidden(), market.pairs.added_points()
        for rows in market.crossing.blocks():
            open_pairs = _open_pairs(market, rows)
            forbidden.clear(open_pairs, rows)
            worth = rules.points(market.model.points, market.crossing, rows)
            added.add(worth, rows)
            counts.append(open_pairs.sum(axis=1))
            arcs = np.flatnonzero(open_pairs)
            providers.append(arcs % open_pairs.shape[1] + market.first_provider)
            points.append(rounded(worth.take(arcs)))
    return np.cumsum(counts.finish()), providers.finish(), points.finish()


def _open_pairs(market: Market, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) bool: pairs that the model and the tables' ids allow."""
    crossing = market.crossing
    open_pairs = rules.allowed(market.model.eligible, crossing, rows)
    open_pairs &= market.offered[None, :]
    open_pairs &= (market.need[rows] > 0)[:, None]
    if market.model.seekers == market.model.providers:
        seekers = np.arange(rows.start, rows.stop)
        open_pairs[seekers - rows.start, seekers] = False
    return open_pairs


def _loads(
    markets: list[Market], arc_ptr: np.ndarray, arc_provider: np.ndarray
) -> tuple[np.ndarray, bool]:
    unit = np.broadcast_to(np.ones(1), (len(arc_provider),))
    loads = unit
    for market in markets:
        pairs = market.pairs
        if (pairs.load == 1).all():
            continue
        arcs = find_arcs(
            arc_ptr,
            arc_provider,
            market.first_demand + pairs.seeker,
            market.first_provider + pairs.provider,
        )
        loads = loads if loads.flags.writeable else unit.copy()
        loads[arcs[arcs >= 0]] = pairs.load[arcs >= 0]
    if (loads == 1).all():
        return unit, True
    return loads, False


def _people(market: Market) -> np.ndarray:
    people = np.arange(len(market.need))
    return people if market.model.seekers == "participants" else np.full(len(people), -1)


def _offered(matching: str, providers: Side) -> np.ndarray:
    if matching not in providers.frame:
        return np.ones(len(providers), dtype=bool)
    return np.asarray(~np.isnan(providers.numbers(matching)))


def _capacity(providers: Numbering, sides: Sides) -> np.ndarray:
    return _joined([_limit(sides[table], "capacity") for table in providers.first], np.float64)


def _role_capacity(markets: list[Market], n_providers: int) -> np.ndarray:
    limits = np.full((len(markets), n_providers), np.inf)
    for market in markets:
        others = market.crossing.providers
        first = market.first_provider
        limits[market.number, first : first + len(others)] = _limit(others, market.name)
    return limits


def _limit(side: Side, column: str) -> np.ndarray:
    limit = side.numbers(column)
    return np.where(np.isnan(limit), np.inf, limit)


def _distinct(markets: list[Market]) -> tuple[tuple[int, ...], ...]:
    numbers = {market.name: market.number for market in markets}
    groups = []
    for market in markets:
        group = {market.number, *(numbers[name] for name in market.model.distinct)}
        if len(group) > 1:
            groups.append(tuple(sorted(group)))
    return tuple(dict.fromkeys(groups))


def _joined(parts: list[np.ndarray], dtype: type) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype=dtype), *parts]).astype(dtype, copy=False)
