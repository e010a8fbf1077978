"""Fewest and most pairs of a matching, or people in a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.problem.problem import Events

if TYPE_CHECKING:
    from talentopt.compile.history import History
    from talentopt.compile.matchings import Market
    from talentopt.compile.options import Options
    from talentopt.compile.programme import Programme
    from talentopt.compile.rows import RowBuilder
    from talentopt.compile.side import Side
    from talentopt.problem.matchings import Matchings

DEMANDS_PER_BLOCK = 1024


class EventBuilder:
    """Collects events, one for each person and quota."""

    def __init__(self) -> None:
        self._person: list[np.ndarray] = []
        self._size: list[np.ndarray] = []
        self._options: list[np.ndarray] = []
        self._latest: list[np.ndarray] = []
        self._length = 0

    def add(self, person: np.ndarray, options: np.ndarray, latest: np.ndarray) -> np.ndarray:
        """Add one event per person among ascending options; return the events' numbers."""
        owners, size = np.unique(person, return_counts=True)
        self._person.append(owners)
        self._size.append(size)
        self._options.append(options)
        self._latest.append(latest)
        first, self._length = self._length, self._length + len(owners)
        return np.arange(first, self._length)

    def add_each(self, options: Options, option: np.ndarray, latest: np.ndarray) -> np.ndarray:
        """Add one event per option; return the events' numbers."""
        person = np.searchsorted(options.option_ptr, option, side="right") - 1
        self._person.append(person)
        self._size.append(np.ones(len(option), dtype=np.int64))
        self._options.append(option)
        self._latest.append(latest)
        first, self._length = self._length, self._length + len(option)
        return np.arange(first, self._length)

    def finish(self) -> Events:
        """Join all events."""
        sizes = np.concatenate([np.zeros(0, np.int64), *self._size])
        return Events(
            np.concatenate([np.zeros(0, np.int32), *self._person]).astype(np.int32),
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            np.concatenate([np.zeros(0, np.int64), *self._options]).astype(np.int64),
            np.concatenate([np.zeros(0, np.int32), *self._latest]).astype(np.int32),
        )


def add_matching_quotas(
    rows: RowBuilder,
    quotas: pd.DataFrame,
    markets: list[Market],
    matchings: Matchings,
) -> None:
    """Add a row over pairs for every quota on a matching."""
    by_name = {market.name: market for market in markets}
    for _, quota in quotas.iterrows():
        market = by_name.get(quota["on"])
        if market is None:
            continue
        seekers = _selected(market.crossing.seekers, quota, "seeker")
        providers = _selected(market.crossing.providers, quota, "provider")
        demands = market.first_demand + np.flatnonzero(seekers)
        arcs = _arcs_of(demands, providers, market.first_provider, matchings)
        rows.add(("quota", quota["quota"], ""), arcs, 1.0, _bounds(quota, 0), _price(quota))


def add_stage_quotas(
    rows: RowBuilder,
    events: EventBuilder,
    quotas: pd.DataFrame,
    programme: Programme,
    n_periods: int,
) -> None:
    """Add a row over people's events for every quota on a stage.

    Whoever counts already by history has no event; they are subtracted from the bounds.
    """
    people, venues, history = programme.people, programme.venues, programme.history
    options = programme.options
    stages = {block.stage: number for number, block in enumerate(programme.model.stages)}
    owner = np.repeat(np.arange(len(people), dtype=np.int32), np.diff(options.option_ptr))
    for _, quota in quotas.iterrows():
        if quota["on"] not in stages:
            continue
        counted = _selected(people, quota, "seeker")
        places = _selected(venues.side, quota, "provider")
        places &= venues.stage == stages[quota["on"]]
        last_period = n_periods if pd.isna(quota["by"]) else int(quota["by"])
        latest = np.minimum(last_period + 1 - venues.duration, n_periods)
        latest = np.where(places, latest, -1)
        done = counted & _done_by(history, people, places)
        open_people = counted & ~done
        mine = np.flatnonzero((latest >= 0)[options.option_placement])
        mine = mine[open_people[owner[mine]]]
        happening = events.add(owner[mine], mine, latest[options.option_placement[mine]])
        rows.add(
            ("quota", quota["quota"], ""),
            rows.n_arcs + rows.n_options + happening,
            1.0,
            _bounds(quota, int(done.sum())),
            _price(quota),
        )


def _selected(side: Side, quota: pd.Series, part: str) -> np.ndarray:
    """(n,) bool: rows whose column equals the quota's text; all without a column."""
    column = quota[f"{part}_column"]
    if not column:
        return np.ones(len(side), dtype=bool)
    return np.asarray(side.texts(column) == quota[f"{part}_value"])


def _done_by(history: History, people: Side, places: np.ndarray) -> np.ndarray:
    """(n_people,) bool: who has finished one of the places; history is over by any date."""
    done = np.zeros(len(people), dtype=bool)
    done[history.person[places[history.placement]]] = True
    return done


def _bounds(quota: pd.Series, done: int) -> tuple[float, float]:
    """Lower and upper bound, less what history counts.

    More history than a hard maximum allows is no violation, but nothing may
    be added; above a priced maximum it costs its price.
    """
    least = -np.inf if pd.isna(quota["min"]) else float(quota["min"]) - done
    most = np.inf if pd.isna(quota["max"]) else float(quota["max"]) - done
    return least, max(most, 0.0) if np.isinf(_price(quota)) else most


def _price(quota: pd.Series) -> float:
    return np.inf if pd.isna(quota["points"]) else float(quota["points"])


def _arcs_of(
    demands: np.ndarray,
    providers: np.ndarray,
    first_provider: int,
    matchings: Matchings,
) -> np.ndarray:
    """(n,) int64: arcs of some demands to some providers, ascending, in blocks."""
    arc_ptr, arc_provider = matchings.arc_ptr, matchings.arc_provider
    found = [np.zeros(0, dtype=np.int64)]
    for first in range(0, len(demands), DEMANDS_PER_BLOCK):
        block = demands[first : first + DEMANDS_PER_BLOCK]
        arcs = np.concatenate([np.arange(arc_ptr[d], arc_ptr[d + 1]) for d in block])
        found.append(arcs[providers[arc_provider[arcs] - first_provider]])
    return np.concatenate(found)
