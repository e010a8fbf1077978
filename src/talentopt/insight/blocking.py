"""Blocking pairs: who would both rather have each other than what they have.

Each matching is looked at for itself. A seeker judges its eligible providers
by the preferences it stated among them (what it did not name is worth 0
points), or by the pairs' points when it stated none; a provider judges its
eligible seekers likewise. A pair that is not made blocks the plan when

- the seeker is short of its need and judges the provider at 0 or more, or
  judges it strictly better than its lowest pair of the matching;
- the provider has room and judges the seeker at 0 or more, or would have room
  without pairs of the matching that it judges strictly lower;
- neither has to give up a fixed pair, and the seeker has not the provider
  already in a matching that must differ.

The price is the exact change of the plan's value if the pair were made, the
seeker gave up that lowest pair and the provider those lower ones, and nothing
else changed. A planner who maximises points accepts blocking pairs whose price
is negative: the two would gain what others lose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.compile.preferences import Preferences
from talentopt.compile.side import Sides
from talentopt.insight.exchanges import Exchanges, price
from talentopt.insight.reserve import clashing, joined
from talentopt.problem import measure
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from talentopt.insight.standing import Standing

COLUMNS = ("matching", "seeker", "provider", "change", "leaves", "displaces", "breaks")


def blocking_pairs(standing: Standing, matchings: tuple[str, ...] = ()) -> pd.DataFrame:
    """List and price the blocking pairs.

    Parameters
    ----------
    standing : Standing
    matchings : tuple of str
        Only these; empty means all.

    Returns
    -------
    DataFrame
        Columns `matching`, `seeker`, `provider`, `change` (of the plan's
        value), `leaves` (the provider given up, or blank), `displaces` (the
        seekers who lose their place, joined by ``", "``), `breaks` (hard rules
        across people, such as budgets, that forbid the pair all the same, or
        blank); the dearest loss last, pairs that are forbidden after the others.
    """
    index = standing.index
    wanted = [index.matchings.index(name) for name in matchings or index.matchings]
    judging = _Judging(standing)
    frames = [_table(standing, _find(standing, judging, number), number) for number in wanted]
    return joined(frames, COLUMNS)


class _Judging:
    """How both sides judge the arcs of a matching."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._sides = Sides(standing.scenario)
        self._preferences = Preferences(standing.scenario.tables["preferences"])

    def of(self, matching: int, arcs: slice) -> tuple[np.ndarray, np.ndarray]:
        """(n,) and (n,) float64: the seekers' and the providers' judgement of each arc."""
        standing, matchings = self._standing, self._standing.problem.matchings
        model = standing.scenario.model.matchings[standing.index.matchings[matching]]
        seekers, providers = self._sides[model.seekers], self._sides[model.providers]
        demand = measure.demand_of(matchings, np.arange(arcs.start, arcs.stop))
        names = standing.names
        row = seekers.find(names.seekers)[matchings.demand_seeker[demand]]
        column = _rows_of(standing, model.providers)[matchings.arc_provider[arcs]]
        points = matchings.arc_points[arcs]
        given, named = self._preferences.of_seekers(seekers, providers, ("id",))
        by_seekers = _judged((given @ named).tocsr(), row, column, points, row)
        said = self._preferences.of_providers(seekers, providers)
        return by_seekers, _judged(said, row, column, points, column)


def _rows_of(standing: Standing, table: str) -> np.ndarray:
    """(n_providers,) int64: row of each provider identity in a table; -1 elsewhere."""
    rows = np.full(len(standing.index.providers), -1, dtype=np.int64)
    mine = np.array([of == table for of, _ in standing.index.providers], dtype=bool)
    rows[mine] = np.arange(mine.sum())
    return rows


def _judged(
    said: csr_array, row: np.ndarray, column: np.ndarray, points: np.ndarray, judge: np.ndarray
) -> np.ndarray:
    """(n,) float64: what was stated, or points where the judge stated nothing of these arcs."""
    entries = said.tocoo()
    key = entries.coords[0].astype(np.int64) * said.shape[1] + entries.coords[1]
    order = np.argsort(key)
    key, value = key[order], entries.data[order]
    wanted = row * said.shape[1] + column
    at = np.minimum(np.searchsorted(key, wanted), max(0, len(key) - 1))
    stated = key[at] == wanted if len(key) else np.zeros(len(wanted), dtype=bool)
    speaks = np.zeros(int(judge.max(initial=-1)) + 1, dtype=bool)
    speaks[judge[stated]] = True
    opinion = np.where(stated, value[at], 0.0) if len(key) else np.zeros(len(wanted))
    return np.where(speaks[judge], opinion, points)


def _find(standing: Standing, judging: _Judging, matching: int) -> Exchanges:
    """Find the blocking pairs of one matching, with what each undoes."""
    matchings, chosen = standing.problem.matchings, standing.assignment.arcs
    demands = np.flatnonzero(matchings.demand_matching == matching)
    if len(demands) == 0:
        none = np.zeros(0, np.int64)
        return Exchanges(none, none, none)
    first, last = int(matchings.arc_ptr[demands[0]]), int(matchings.arc_ptr[demands[-1] + 1])
    by_seeker, by_provider = judging.of(matching, slice(first, last))
    held = chosen[(chosen >= first) & (chosen < last)]
    loose = np.setdiff1d(held, matchings.fixed_arcs)
    leaves = _lowest_held(standing, loose, by_seeker[loose - first])
    arcs = np.setdiff1d(np.arange(first, last), held)
    arcs = arcs[_seeker_wants(standing, arcs, by_seeker, leaves, first)]
    provider_arcs = _Offers(standing, matching, loose, by_provider[loose - first])
    count = provider_arcs.displaced(arcs, by_provider[arcs - first])
    arcs, count = arcs[count >= 0], count[count >= 0]
    open_arcs = ~clashing(standing, arcs)
    arcs, count = arcs[open_arcs], count[open_arcs]
    return _exchanges(standing, arcs, leaves, provider_arcs.lowest(arcs, count))


def _lowest_held(standing: Standing, loose: np.ndarray, judged: np.ndarray) -> np.ndarray:
    """(n_demands, 2) float64: each seeker's lowest pair that is not fixed, and its judgement.

    Without one the arc is -1 and the judgement inf.
    """
    matchings = standing.problem.matchings
    lowest = np.tile([-1.0, np.inf], (matchings.n_demands, 1))
    order = np.lexsort((loose, -judged))
    demand = measure.demand_of(matchings, loose[order])
    lowest[demand, 0], lowest[demand, 1] = loose[order], judged[order]
    return lowest


def _seeker_wants(
    standing: Standing,
    arcs: np.ndarray,
    by_seeker: np.ndarray,
    leaves: np.ndarray,
    first: int,
) -> np.ndarray:
    matchings = standing.problem.matchings
    short = measure.providers_missing(matchings, standing.assignment.arcs) > 0
    demand, judged = measure.demand_of(matchings, arcs), by_seeker[arcs - first]
    better = (leaves[demand, 0] >= 0) & (judged > leaves[demand, 1])
    return np.asarray(np.where(short[demand], judged >= 0, better))


@dataclass(frozen=True, slots=True)
class _Held:
    """A provider's loose pairs of the matching, lowest judgement first."""

    arcs: np.ndarray
    judged: np.ndarray
    freed: np.ndarray
    """Load freed by giving up the first 1, 2, … of them."""


class _Offers:
    """What the providers of one matching hold, and the room they have."""

    def __init__(
        self, standing: Standing, matching: int, loose: np.ndarray, judged: np.ndarray
    ) -> None:
        self._matchings = matchings = standing.problem.matchings
        loads = measure.provider_loads(matchings, standing.assignment.arcs)
        self._room = np.minimum(
            matchings.role_capacity[matching] - loads[matching],
            matchings.capacity - loads.sum(axis=0),
        )
        self._held: dict[int, _Held] = {}
        provider = matchings.arc_provider[loose]
        order = np.lexsort((loose, judged, provider))
        for block in np.split(order, np.flatnonzero(np.diff(provider[order])) + 1):
            if len(block):
                freed = np.cumsum(matchings.arc_load[loose[block]])
                held = _Held(loose[block], judged[block], freed)
                self._held[int(provider[block[0]])] = held

    def displaced(self, arcs: np.ndarray, judged: np.ndarray) -> np.ndarray:
        """(n,) int64: pairs the provider gives up for each arc; -1 = it would rather not."""
        provider, load = self._matchings.arc_provider[arcs], self._matchings.arc_load[arcs]
        lacking = load - self._room[provider]
        count = np.where((lacking <= SLACK) & (judged >= 0), 0, -1)
        full = np.flatnonzero(lacking > SLACK)
        full = full[np.argsort(provider[full], kind="stable")]
        for block in np.split(full, np.flatnonzero(np.diff(provider[full])) + 1):
            held = self._held.get(int(provider[block[0]])) if len(block) else None
            if held is not None:
                last = np.searchsorted(held.freed, lacking[block] - SLACK)
                enough = last < len(held.freed)
                highest = held.judged[np.minimum(last, len(held.freed) - 1)]
                count[block] = np.where(enough & (judged[block] > highest), last + 1, -1)
        return count

    def lowest(self, arcs: np.ndarray, count: np.ndarray) -> list[np.ndarray]:
        """List the pairs that each arc's provider gives up."""
        none = np.zeros(0, dtype=np.int64)
        providers = self._matchings.arc_provider[arcs].tolist()
        return [
            self._held[provider].arcs[:most] if most else none
            for provider, most in zip(providers, count.tolist(), strict=True)
        ]


def _exchanges(
    standing: Standing, arcs: np.ndarray, leaves: np.ndarray, displaced: list[np.ndarray]
) -> Exchanges:
    """Join what seekers leave (first) and whom providers displace."""
    matchings = standing.problem.matchings
    demand = measure.demand_of(matchings, arcs)
    short = measure.providers_missing(matchings, standing.assignment.arcs) > 0
    giving = np.flatnonzero(~short[demand])
    left = leaves[demand[giving], 0].astype(np.int64)
    by = np.repeat(np.arange(len(arcs)), [len(some) for some in displaced])
    gone = np.concatenate([np.zeros(0, np.int64), *displaced])
    undone_by, undone = np.concatenate([giving, by]), np.concatenate([left, gone])
    order = np.argsort(undone_by, kind="stable")
    return Exchanges(arcs, undone[order], undone_by[order])


def _table(standing: Standing, exchanges: Exchanges, matching: int) -> pd.DataFrame:
    problem, names, matchings = standing.problem, standing.names, standing.problem.matchings
    priced = price(problem, standing.assignment, standing.evaluation, exchanges)
    demand = measure.demand_of(matchings, exchanges.made)
    leaves = [""] * len(exchanges)
    displaces: list[list[str]] = [[] for _ in range(len(exchanges))]
    undone_demand = measure.demand_of(matchings, exchanges.undone)
    for by, arc, of in zip(
        exchanges.undone_by.tolist(),
        exchanges.undone.tolist(),
        undone_demand.tolist(),
        strict=True,
    ):
        if of == demand[by]:
            leaves[by] = str(names.providers[matchings.arc_provider[arc]])
        else:
            displaces[by].append(str(names.seekers[matchings.demand_seeker[of]]))
    breaks: list[list[str]] = [[] for _ in range(len(exchanges))]
    for by, row in zip(priced.broken_by.tolist(), priced.broken_row.tolist(), strict=True):
        breaks[by].append(" ".join(filter(None, standing.index.rows[row])))
    columns = (
        standing.index.matchings[matching],
        names.seekers[matchings.demand_seeker[demand]],
        names.providers[matchings.arc_provider[exchanges.made]],
        priced.change.round(6) + 0.0,
        leaves,
        [", ".join(some) for some in displaces],
        [", ".join(some) for some in breaks],
    )
    table = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    return by_price(table)


def by_price(table: pd.DataFrame) -> pd.DataFrame:
    """Sort blocking pairs: those that hard rules forbid last, the dearest loss last."""
    order = np.lexsort((-table["change"].to_numpy(dtype=np.float64), table["breaks"] != ""))
    return table.iloc[order].reset_index(drop=True)
