"""Names, for planners, of the facts that a contradiction consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from talentopt.problem import measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from talentopt.compile.index import Index
    from talentopt.problem import Problem


@dataclass(frozen=True, slots=True)
class Item:
    """One fact of a contradiction.

    Attributes
    ----------
    kind : str
        ``booking`` (participant, placement), ``pair`` (matching, seeker,
        provider), ``seats`` and ``min_seats`` (placement, period),
        ``capacity`` (provider), ``role_capacity`` (matching, provider), or a row's
        own kind with its name: ``budget``, ``team``, ``quota``, ``cap``.
    ids : tuple of str
    sentence : str
    """

    kind: str
    ids: tuple[str, ...]
    sentence: str


def name_items(
    problem: Problem,
    index: Index,
    periods: Sequence[str],
    facts: Sequence[tuple[str, tuple[int, ...]]],
) -> tuple[Item, ...]:
    """Name facts by their ids and say what each of them asks for."""
    return tuple(_item(problem, index, periods, kind, ids) for kind, ids in facts)


def _item(
    problem: Problem, index: Index, periods: Sequence[str], kind: str, ids: tuple[int, ...]
) -> Item:
    if kind == "fixed/option":
        return _booking(problem, index, periods, ids[0])
    if kind == "fixed/arc":
        return _pair(problem, index, ids[0])
    if kind in ("row_min/row", "row_max/row"):
        return _row(problem, index, ids[0], kind)
    if kind in ("seats/placement/period", "min_seats/placement/period"):
        return _seats(problem, index, periods, ids, kind)
    return _capacity(problem, index, ids)


def _booking(problem: Problem, index: Index, periods: Sequence[str], option: int) -> Item:
    itineraries = problem.itineraries
    person = index.people[int(itineraries.option_person()[option])]
    placement = index.placements[int(itineraries.option_placement[option])]
    starts = [start for start in range(itineraries.n_periods) if _may(problem, option, start)]
    when = "in no period that is possible"
    if len(starts) == 1:
        when = f"starting {periods[starts[0]]}"
    elif starts:
        when = f"starting between {periods[starts[0]]} and {periods[starts[-1]]}"
    sentence = f"{person} must be at {placement}, {when} (fixed, or begun in the previous plan)."
    return Item("booking", (person, placement), sentence)


def _may(problem: Problem, option: int, start: int) -> bool:
    words = problem.itineraries.option_starts[option]
    return bool(int(words[start // 64]) >> (start % 64) & 1)


def _pair(problem: Problem, index: Index, arc: int) -> Item:
    matchings = problem.matchings
    demand = int(measure.demand_of(matchings, _array(arc))[0])
    matching = index.matchings[int(matchings.demand_matching[demand])]
    seeker = index.seekers[int(matchings.demand_seeker[demand])][1]
    provider = index.providers[int(matchings.arc_provider[arc])][1]
    sentence = f"{seeker} must have {provider} in the matching {matching} (fixed)."
    return Item("pair", (matching, seeker, provider), sentence)


def _array(arc: int) -> np.ndarray:
    import numpy as np

    return np.array([arc])


def _row(problem: Problem, index: Index, row: int, kind: str) -> Item:
    what, name, detail = index.rows[row]
    label = f"{what} {name}" + (f" ({detail})" if detail else "")
    if what == "cap":
        sentence = (
            f"The cap on changes ({name}) keeps at least {problem.rows.lower[row]:g} promises of "
            "the previous plan."
        )
    elif kind == "row_min/row":
        sentence = f"The {label} asks for at least {problem.rows.lower[row]:g} more."
    else:
        sentence = f"The {label} allows at most {problem.rows.upper[row]:g} more."
    return Item(what, (name, detail) if detail else (name,), sentence)


def _seats(
    problem: Problem, index: Index, periods: Sequence[str], ids: tuple[int, ...], kind: str
) -> Item:
    placement, period = index.placements[ids[0]], periods[ids[1]]
    if kind.startswith("min_seats"):
        count = int(problem.itineraries.min_seats[ids])
        sentence = f"{placement} needs {_counted(count, 'person', 'people')} or more in {period}."
        return Item("min_seats", (placement, period), sentence)
    count = int(problem.itineraries.seats[ids])
    sentence = f"{placement} has {_counted(count, 'seat', 'seats')} in {period}."
    return Item("seats", (placement, period), sentence)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _capacity(problem: Problem, index: Index, ids: tuple[int, ...]) -> Item:
    provider = index.providers[ids[-1]][1]
    if len(ids) == 1:
        most = problem.matchings.capacity[ids[0]]
        sentence = f"{provider} has room for {most:g} over all matchings."
        return Item("capacity", (provider,), sentence)
    matching = index.matchings[ids[0]]
    most = problem.matchings.role_capacity[ids]
    sentence = f"{provider} has room for {most:g} in the matching {matching}."
    return Item("role_capacity", (matching, provider), sentence)
