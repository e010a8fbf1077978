"""What people wished, what of it was possible, and which of their wishes they got.

A *wish* is a row of the preferences table. For a matching it names a provider,
for a stage a placement, an area or a unit. A wish is *possible* when the
person may be paired with that provider (may be booked at a placement of that
name) by eligibility and windows alone. The *rank obtained* is one more than
the number of possible wishes of the person, in that matching or stage, that
they wanted strictly more; a booking answers to the best of its names.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from talentopt.compile.preferences import worth
from talentopt.problem import measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from talentopt.insight.standing import Standing

Wishes = dict[str, float]
"""Points by option."""


class Obtained(NamedTuple):
    """One pair or booking of somebody with possible wishes, or the lack of any.

    Attributes
    ----------
    table : str
        The seekers' table; ``participants`` for bookings.
    seeker, kind, option : str
        `kind` is the matching or the stage; `option` is blank when nothing was obtained.
    start : int
        Period of a booking; -1 otherwise.
    rank : float
        1 = first choice; NaN when the option was no wish, or nothing was obtained.
    of : int
        Possible wishes.
    score : float
        1 for the best that could be had, falling evenly to 0 for the last
        wish, for something else and for nothing; NaN for something else
        once every possible wish was obtained. Of several bookings the k-th
        best counts as the best when its rank is k.
    """

    table: str
    seeker: str
    kind: str
    option: str
    start: int
    rank: float
    of: int
    score: float


def obtained(standing: Standing) -> pd.DataFrame:
    """List what everybody with possible wishes got; columns as in `Obtained`."""
    wishes = _stated(standing)
    rows = [*_pairs(standing, wishes), *_bookings(standing, wishes)]
    return pd.DataFrame(rows, columns=list(Obtained._fields))


def _stated(standing: Standing) -> dict[str, Wishes]:
    """Wishes by chooser."""
    frame = standing.scenario.tables["preferences"]
    wishes: dict[str, Wishes] = defaultdict(dict)
    rows = zip(frame["chooser"], frame["option"], worth(frame).tolist(), strict=True)
    for chooser, option, points in rows:
        wishes[chooser][option] = points
    return wishes


def _pairs(standing: Standing, wishes: Mapping[str, Wishes]) -> Iterator[Obtained]:
    matchings, index = standing.problem.matchings, standing.index
    held = defaultdict(list)
    chosen = standing.assignment.arcs
    for demand, provider in zip(
        measure.demand_of(matchings, chosen).tolist(),
        matchings.arc_provider[chosen].tolist(),
        strict=True,
    ):
        held[demand].append(str(standing.names.providers[provider]))
    number = _numbers(index.providers)
    for demand in np.flatnonzero(matchings.demand_need > 0).tolist():
        table, seeker = index.seekers[matchings.demand_seeker[demand]]
        stated = wishes.get(seeker)
        if not stated:
            continue
        kind = index.matchings[matchings.demand_matching[demand]]
        known = number[standing.scenario.model.matchings[kind].providers]
        named = [option for option in stated if option in known]
        open_to = matchings.arc_provider[matchings.arc_ptr[demand] : matchings.arc_ptr[demand + 1]]
        wanted = np.array([known[option] for option in named], dtype=open_to.dtype)
        at = np.searchsorted(open_to, wanted)
        possible = {
            option: stated[option]
            for option, place, number_of in zip(named, at.tolist(), wanted.tolist(), strict=True)
            if place < len(open_to) and open_to[place] == number_of
        }
        got = [(option, -1, possible.get(option)) for option in held.get(demand, ())]
        yield from _ranked((table, seeker, kind), possible, got)


def _numbers(identities: tuple[tuple[str, str], ...]) -> dict[str, dict[str, int]]:
    """Numbers of identities by table and id."""
    numbers: dict[str, dict[str, int]] = defaultdict(dict)
    for number, (table, identity) in enumerate(identities):
        numbers[table][identity] = number
    return numbers


def _bookings(standing: Standing, wishes: Mapping[str, Wishes]) -> Iterator[Obtained]:
    itineraries, index = standing.problem.itineraries, standing.index
    answers = _answers(standing)
    answering = _answering(answers)
    booked = _booked(standing)
    for person, seeker in enumerate(index.people):
        stated = wishes.get(seeker)
        if not stated:
            continue
        mine = np.zeros(itineraries.n_placements, dtype=bool)
        options = slice(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
        mine[itineraries.option_placement[options]] = True
        possible: list[Wishes] = [{} for _ in index.stages]
        for name, points in stated.items():
            places = answering.get(name, _NONE)
            for stage in set(itineraries.placement_stage[places[mine[places]]].tolist()):
                possible[stage][name] = points
        got: list[list[tuple[str, int, float | None]]] = [[] for _ in index.stages]
        for placement, start in booked.get(person, ()):
            stage = int(itineraries.placement_stage[placement])
            named = [stated[name] for name in answers[placement] if name in stated]
            got[stage].append((index.placements[placement], start, max(named, default=None)))
        for stage, kind in enumerate(index.stages):
            if itineraries.stage_max[person, stage] > 0:
                yield from _ranked(("participants", seeker, kind), possible[stage], got[stage])


_NONE = np.zeros(0, dtype=np.int64)


def _booked(standing: Standing) -> dict[int, list[tuple[int, int]]]:
    """Placements and starts by person."""
    itineraries, assignment = standing.problem.itineraries, standing.assignment
    booked: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for person, placement, start in zip(
        measure.person_of(itineraries, assignment.options).tolist(),
        itineraries.option_placement[assignment.options].tolist(),
        assignment.starts.tolist(),
        strict=True,
    ):
        booked[person].append((placement, start))
    return booked


def _answers(standing: Standing) -> list[tuple[str, ...]]:
    """Names that each placement answers to: its id, area and unit."""
    table = standing.scenario.tables["placements"]
    names = {
        row[0]: tuple(filter(None, row))
        for row in zip(table["id"], table["area"], table["unit"], strict=True)
    }
    return [names[placement] for placement in standing.index.placements]


def _answering(answers: list[tuple[str, ...]]) -> dict[str, np.ndarray]:
    """Placements by the names that they answer to."""
    places: dict[str, list[int]] = defaultdict(list)
    for placement, names in enumerate(answers):
        for name in dict.fromkeys(names):
            places[name].append(placement)
    return {name: np.array(some, dtype=np.int64) for name, some in places.items()}


def _ranked(
    who: tuple[str, str, str], possible: Wishes, got: list[tuple[str, int, float | None]]
) -> Iterator[Obtained]:
    """Rank what one seeker got of one kind; nothing when no wish was possible."""
    if not possible:
        return
    of = len(possible)
    if not got:
        yield Obtained(*who, "", -1, np.nan, of, 0.0)
    wished = sorted(
        (1 + sum(other > points for other in possible.values()), start, option)
        for option, start, points in got
        if points is not None
    )
    for better, (rank, start, option) in enumerate(wished):
        score = 1.0 if of == 1 else min(1.0, (of - rank + better) / (of - 1))
        yield Obtained(*who, option, start, rank, of, score)
    others = sorted((start, option) for option, start, points in got if points is None)
    for number, (start, option) in enumerate(others):
        score = 0.0 if len(wished) + number < of else np.nan
        yield Obtained(*who, option, start, np.nan, of, score)
