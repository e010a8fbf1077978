"""Reserve lists: who is next where there is no place left, and by how many points.

A provider has a reserve list when the plan leaves it no room for one more
pair, by its capacity or by a budget that it draws on. On the list is every
eligible seeker it was not given. `change` is the exact change of the plan's
value if the provider had one more place (and the money for it) and the seeker
got it: the pair's points, what is no longer missing, links, kept pairs,
priced quotas and the worst-off term, minus all that the seeker gives up, which
is nothing while its need is not met, and otherwise the pair of the same
matching whose loss costs least. Everybody else stays where they are; what a
place vacated thereby could bring to others is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.insight.exchanges import Exchanges, price
from talentopt.problem import measure
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from talentopt.insight.exchanges import Priced
    from talentopt.insight.standing import Standing

COLUMNS = (
    "matching",
    "provider",
    "place",
    "seeker",
    "change",
    "points",
    "behind",
    "leaves",
    "needs",
)


def reserve_lists(
    standing: Standing, matchings: tuple[str, ...] = (), most: int | None = None
) -> pd.DataFrame:
    """Rank the reserves of every provider that is full.

    Parameters
    ----------
    standing : Standing
    matchings : tuple of str
        Only these; empty means all.
    most : int, optional
        Longest list of one provider in one matching.

    Returns
    -------
    DataFrame
        Columns `matching`, `provider`, `place` (1 = next), `seeker`,
        `change` (points the plan would gain), `points` (of the pair),
        `behind` (points that the pair is worth less than the lowest pair the
        provider has in this matching; NaN when it has none), `leaves` (the
        provider given up, or blank), `needs` (what it would take besides the
        place, such as money of a budget; blank when nothing).
    """
    wanted = [
        standing.index.matchings.index(name) for name in matchings or standing.index.matchings
    ]
    frames = [_lists(standing, number, most) for number in wanted]
    return joined(frames, COLUMNS)


def joined(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    """Join tables with these columns; empty ones would spoil the columns' types."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame(columns=list(columns))
    return pd.concat(filled, ignore_index=True)


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Pairs not made, each with every pair that the seeker may give up for it.

    Attributes
    ----------
    arcs : (n,) int64
    exchanges : Exchanges
        One or more for each arc.
    number : (n_exchanges,) int64
        The arc (position in `arcs`) of each exchange.
    """

    arcs: np.ndarray
    exchanges: Exchanges
    number: np.ndarray


def _lists(standing: Standing, matching: int, most: int | None) -> pd.DataFrame:
    candidates = _candidates(standing, matching)
    exchanges = candidates.exchanges
    priced = price(standing.problem, standing.assignment, standing.evaluation, exchanges)
    best = _best(candidates.number, priced.change, len(candidates.arcs))
    leaves = np.full(len(exchanges), -1, dtype=np.int64)
    leaves[exchanges.undone_by] = exchanges.undone
    return _table(standing, matching, candidates.arcs, priced, best, leaves, most)


def _candidates(standing: Standing, matching: int) -> _Candidates:
    """Find the pairs of providers without room, and what their seekers may leave."""
    matchings, chosen = standing.problem.matchings, standing.assignment.arcs
    demands = np.flatnonzero(matchings.demand_matching == matching)
    first, last = _span(matchings.arc_ptr, demands)
    arcs = np.setdiff1d(np.arange(first, last), chosen)
    arcs = arcs[full(standing, matching)[matchings.arc_provider[arcs]]]
    arcs = arcs[~clashing(standing, arcs)]
    demand = measure.demand_of(matchings, arcs)
    short = measure.providers_missing(matchings, chosen)
    mine = chosen[(chosen >= first) & (chosen < last)]
    loose = np.setdiff1d(mine, matchings.fixed_arcs)
    loose_ptr = np.searchsorted(loose, matchings.arc_ptr)
    choices = np.where(short[demand] > 0, 0, loose_ptr[demand + 1] - loose_ptr[demand])
    # Whoever is short leaves nothing; whoever holds only fixed pairs cannot come.
    possible = (short[demand] > 0) | (choices > 0)
    arcs, demand, choices = arcs[possible], demand[possible], choices[possible]
    copies = np.maximum(choices, 1)
    number = np.repeat(np.arange(len(arcs)), copies)
    offset = np.arange(len(number)) - np.repeat(np.cumsum(copies) - copies, copies)
    gives = np.flatnonzero(choices[number] > 0)
    undone = loose[loose_ptr[demand[number[gives]]] + offset[gives]]
    return _Candidates(arcs, Exchanges(arcs[number], undone, gives), number)


def _span(arc_ptr: np.ndarray, demands: np.ndarray) -> tuple[int, int]:
    if len(demands) == 0:
        return 0, 0
    return int(arc_ptr[demands[0]]), int(arc_ptr[demands[-1] + 1])


def full(standing: Standing, matching: int) -> np.ndarray:
    """(n_providers,) bool: no room for one more, by capacity or by a budget."""
    problem = standing.problem
    loads = measure.provider_loads(problem.matchings, standing.assignment.arcs)
    room = np.minimum(
        problem.matchings.role_capacity[matching] - loads[matching],
        problem.matchings.capacity - loads.sum(axis=0),
    )
    crowded = np.asarray(room < 1 - SLACK)
    rows = problem.rows
    if len(rows):
        activity = measure.row_activity(problem, standing.assignment)
        for row, (kind, _, _) in enumerate(standing.index.rows):
            if kind != "budget":
                continue
            cells = slice(rows.matrix.indptr[row], rows.matrix.indptr[row + 1])
            columns, costs = rows.matrix.indices[cells], rows.matrix.data[cells]
            dear = columns[costs > rows.upper[row] - activity[row] + SLACK]
            crowded[problem.matchings.arc_provider[dear[dear < problem.matchings.n_arcs]]] = True
    return crowded


def clashing(standing: Standing, arcs: np.ndarray) -> np.ndarray:
    """(n,) bool: the seeker has the arc's provider in a matching that must differ."""
    matchings, chosen = standing.problem.matchings, standing.assignment.arcs

    def keys(of: np.ndarray) -> np.ndarray:
        seeker = matchings.demand_seeker[measure.demand_of(matchings, of)].astype(np.int64)
        return np.asarray(seeker * matchings.n_providers + matchings.arc_provider[of])

    clash = np.zeros(len(arcs), dtype=bool)
    roles = matchings.demand_matching[measure.demand_of(matchings, arcs)]
    held = matchings.demand_matching[measure.demand_of(matchings, chosen)]
    for group in matchings.distinct:
        for role in group:
            others = chosen[np.isin(held, group) & (held != role)]
            mine = roles == role
            clash[mine] |= np.isin(keys(arcs[mine]), keys(others))
    return clash


def _best(number: np.ndarray, change: np.ndarray, n: int) -> np.ndarray:
    """(n,) int64: the exchange of highest value of each arc."""
    order = np.lexsort((np.arange(len(number)), -change, number))
    first = np.searchsorted(number[order], np.arange(n))
    return np.asarray(order[first])


def _table(
    standing: Standing,
    matching: int,
    arcs: np.ndarray,
    priced: Priced,
    best: np.ndarray,
    leaves: np.ndarray,
    most: int | None,
) -> pd.DataFrame:
    matchings, names = standing.problem.matchings, standing.names
    change, given_up = priced.change[best], leaves[best]
    provider = matchings.arc_provider[arcs].astype(np.int64)
    points = matchings.arc_points[arcs]
    order = np.lexsort((arcs, -points, -change.round(6), provider))
    place = np.arange(len(order)) - np.searchsorted(provider[order], provider[order]) + 1
    order = order if most is None else order[place <= most]
    place = place if most is None else place[place <= most]
    seeker = matchings.demand_seeker[measure.demand_of(matchings, arcs[order])]
    left = matchings.arc_provider[np.maximum(given_up[order], 0)] if len(order) else seeker
    columns = (
        standing.index.matchings[matching],
        names.providers[provider[order]],
        place,
        names.seekers[seeker],
        change[order].round(6) + 0.0,
        points[order] + 0.0,
        _lowest(standing, matching)[provider[order]] - points[order],
        np.where(given_up[order] >= 0, names.providers[left], ""),
        _needs(standing, priced, best[order]),
    )
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def _lowest(standing: Standing, matching: int) -> np.ndarray:
    """(n_providers,) float64: points of each provider's lowest pair; NaN without one."""
    matchings, chosen = standing.problem.matchings, standing.assignment.arcs
    chosen = chosen[matchings.demand_matching[measure.demand_of(matchings, chosen)] == matching]
    lowest = np.full(matchings.n_providers, np.inf)
    np.minimum.at(lowest, matchings.arc_provider[chosen], matchings.arc_points[chosen])
    return np.where(np.isinf(lowest), np.nan, lowest)


def _needs(standing: Standing, priced: Priced, exchanges: np.ndarray) -> list[str]:
    """Name the hard rows that each exchange would break."""
    words: dict[int, list[str]] = {}
    for exchange, row, units in zip(
        priced.broken_by.tolist(),
        priced.broken_row.tolist(),
        priced.broken_units.tolist(),
        strict=True,
    ):
        kind, name, detail = standing.index.rows[row]
        fact = " ".join(filter(None, (kind, name, detail)))
        words.setdefault(exchange, []).append(f"{units:g} more of {fact}")
    return [", ".join(words.get(exchange, ())) for exchange in exchanges.tolist()]
