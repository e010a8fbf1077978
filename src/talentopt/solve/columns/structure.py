"""The structure within each person's exclusive itinerary, laid out for the pricing kernels.

A person's itinerary is a path over the nodes of an automaton (`automaton.py`).
What a path must respect besides (distinct values, limits, the same placement
twice) is checked on the labels of the exact search, and relaxed with
multipliers in the backward recursion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.solve.columns.automaton import (
    Automata,
    AutomatonCache,
    Kind,
    counts_of,
)

if TYPE_CHECKING:
    from talentopt.problem import Itineraries, Problem


class Structure(NamedTuple):
    """Exclusive options and rules as flat arrays; a *slot* is one exclusive option.

    Slots are sorted by person, and within a person by *group*: the options of
    equal kind (effect on the node), place and duration. A *once* entry is a
    reward, or a loss, that a person gets once for a whole family of slots (an
    event that a row counts, a link).

    Attributes
    ----------
    words : (n_slots, n_words) uint64
        Allowed starts.
    group_ptr : (n_people + 1,) int64
        Groups of each person.
    group_start : (n_groups + 1,) int64
        Slots of each group.
    group_kind, group_place, group_duration : (n_groups,) int32
        A blank place is `n_places`.
    group_combination : (n_groups,) int32
        Numbers the different (kind, place, duration).
    slot_option, slot_placement, slot_points : (n_slots,)
    slot_alone : (n_slots,) bool
        No other rule forbids to hold the same placement twice.
    kept_start : (n_slots,) int32
        Start in the previous plan; -1 = not kept.
    kept_points : (n_slots,) float64
    distinct, duration : (n_placements,) int32
    limit_value : (n_limits, n_placements) int32
    limit_left : (n_limits, n_people, n_values) int32
    clause_ptr : (n_placements + 1,) int64
        Prerequisites of each placement that only exclusive placements meet.
    clause_of : (clause_ptr[-1],) int32
    clause_met : (n_clauses, n_placements) bool
    clause_done : (n_people, n_clauses) bool
    once_ptr : (n_slots + 1,) int64
    once_family, once_feature, once_latest : (once_ptr[-1],) int32
        The family, of which the largest amount is paid; what distinguishes
        amounts; the last start that counts.
    home : (n_people,) int32
    move_price, idle_price : (n_people,) float64
    idle_from : (n_people,) int32
    automaton : (n_people,) int32
    most_held : (n_people,) int64
        Most exclusive placements that one person can hold.
    """

    n_periods: int
    n_places: int
    n_distinct: int
    n_combinations: int
    words: np.ndarray
    group_ptr: np.ndarray
    group_start: np.ndarray
    group_kind: np.ndarray
    group_combination: np.ndarray
    group_place: np.ndarray
    group_duration: np.ndarray
    slot_option: np.ndarray
    slot_placement: np.ndarray
    slot_points: np.ndarray
    slot_alone: np.ndarray
    kept_start: np.ndarray
    kept_points: np.ndarray
    distinct: np.ndarray
    duration: np.ndarray
    limit_value: np.ndarray
    limit_left: np.ndarray
    clause_ptr: np.ndarray
    clause_of: np.ndarray
    clause_met: np.ndarray
    clause_done: np.ndarray
    once_ptr: np.ndarray
    once_family: np.ndarray
    once_feature: np.ndarray
    once_latest: np.ndarray
    home: np.ndarray
    move_price: np.ndarray
    idle_price: np.ndarray
    idle_from: np.ndarray
    automaton: np.ndarray
    most_held: np.ndarray


def build(problem: Problem) -> tuple[Structure, Automata]:
    """Lay out the exclusive side of a problem.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Structure
    Automata
    """
    itineraries = problem.itineraries
    exclusive = itineraries.placement_exclusive
    clauses = exclusive_clauses(itineraries)
    kinds, kind_of, facts = _kinds(itineraries, clauses)
    musts, must_of = _musts(itineraries, kind_of)
    most_musts = max((len(found) for found in musts.values()), default=0)
    cache = AutomatonCache(kinds, _windows(itineraries, kind_of, len(kinds)), most_musts)
    numbers, automata = _automata(itineraries, cache, kind_of, facts, musts)
    most_held = _most_held(itineraries)

    places, place = np.unique(itineraries.placement_place, return_inverse=True)
    offset = int(len(places) > 0 and places[0] == -1)
    n_places = len(places) - offset
    place = np.where(itineraries.placement_place < 0, n_places, place - offset)
    home = np.searchsorted(places[offset:], itineraries.home)
    known = np.isin(itineraries.home, places[offset:])
    # A home where no placement is differs from all of them, so it needs a number of its own.
    abroad = (itineraries.home >= 0) & ~known
    home = np.where(known, home, n_places)
    if abroad.any():
        place = np.where(place == n_places, n_places + 1, place)
        home = np.where(itineraries.home < 0, n_places + 1, home)
        n_places += 1

    options = np.flatnonzero(exclusive[itineraries.option_placement])
    person = itineraries.option_person()[options]
    placement = itineraries.option_placement[options]
    kind = kind_of[placement].astype(np.int64)
    for option, number in must_of.items():
        kind[np.searchsorted(options, option)] = len(kinds) + number
    duration = itineraries.placement_duration[placement]
    order = np.lexsort((placement, duration, place[placement], kind, person))
    options, person, placement = options[order], person[order], placement[order]
    keys = np.stack([person, kind[order], place[placement], duration[order]], axis=1)
    new = np.ones(len(options), dtype=bool)
    new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    first = np.flatnonzero(new)
    group_person = person[first]
    _, combination = np.unique(keys[first, 1:], axis=0, return_inverse=True)
    kept_start = np.full(itineraries.n_options, -1, np.int32)
    kept_start[itineraries.kept_options] = itineraries.kept_starts
    kept_points = np.zeros(itineraries.n_options)
    kept_points[itineraries.kept_options] = itineraries.kept_booking_points
    once_ptr, family, feature, latest = _once(problem, options)
    clause_ptr, clause_of, clause_met = _clause_tables(itineraries, clauses)
    structure = Structure(
        n_periods=itineraries.n_periods,
        n_places=n_places,
        n_distinct=int(itineraries.placement_distinct.max(initial=-1)) + 1,
        words=np.ascontiguousarray(itineraries.option_starts[options]),
        group_ptr=np.searchsorted(group_person, np.arange(itineraries.n_people + 1)).astype(
            np.int64
        ),
        group_start=np.append(first, len(options)).astype(np.int64),
        group_kind=keys[first, 1].astype(np.int32),
        group_combination=combination.astype(np.int32),
        n_combinations=int(combination.max(initial=-1)) + 1,
        group_place=keys[first, 2].astype(np.int32),
        group_duration=keys[first, 3].astype(np.int32),
        slot_option=options.astype(np.int64),
        slot_placement=placement.astype(np.int32),
        slot_points=np.ascontiguousarray(itineraries.option_points[options]),
        slot_alone=_alone(itineraries, person, placement),
        kept_start=kept_start[options],
        kept_points=kept_points[options],
        distinct=itineraries.placement_distinct.astype(np.int32),
        duration=itineraries.placement_duration.astype(np.int32),
        limit_value=itineraries.limit_value.astype(np.int32),
        limit_left=itineraries.limit_left.astype(np.int32),
        clause_ptr=clause_ptr,
        clause_of=clause_of,
        clause_met=clause_met,
        clause_done=np.ascontiguousarray(itineraries.clause_done),
        once_ptr=once_ptr,
        once_family=family,
        once_feature=feature,
        once_latest=latest,
        home=home.astype(np.int32),
        move_price=itineraries.move_price.astype(np.float64),
        idle_price=itineraries.idle_price.astype(np.float64),
        idle_from=itineraries.idle_from.astype(np.int32),
        automaton=numbers,
        most_held=most_held,
    )
    return structure, automata


def exclusive_clauses(itineraries: Itineraries) -> np.ndarray:
    """Prerequisites of exclusive placements that only exclusive placements meet."""
    exclusive = itineraries.placement_exclusive
    met = [
        bool(exclusive[_met_by(itineraries, clause)].all())
        for clause in range(len(itineraries.clause_placement))
    ]
    return np.flatnonzero(exclusive[itineraries.clause_placement] & np.array(met, dtype=bool))


def _met_by(itineraries: Itineraries, clause: int) -> np.ndarray:
    ptr = itineraries.clause_ptr
    return itineraries.clause_met_by[ptr[clause] : ptr[clause + 1]]


def _kinds(
    itineraries: Itineraries, clauses: np.ndarray
) -> tuple[list[Kind], np.ndarray, list[int]]:
    """Kinds, the kind of each placement, and a clause that stands for each fact."""
    fact_of: dict[tuple[bytes, bytes], int] = {}
    stands_for: list[int] = []
    gives = np.zeros(itineraries.n_placements, dtype=object)
    needs = np.zeros(itineraries.n_placements, dtype=object)
    for clause in clauses:
        met_by = np.sort(_met_by(itineraries, clause))
        key = (met_by.tobytes(), itineraries.clause_done[:, clause].tobytes())
        if key not in fact_of:
            fact_of[key] = len(stands_for)
            stands_for.append(int(clause))
            gives[met_by] |= 1 << fact_of[key]
        needs[itineraries.clause_placement[clause]] |= 1 << fact_of[key]
    kinds: dict[Kind, int] = {}
    values: dict[tuple[int, int], int] = {}
    kind_of = np.full(itineraries.n_placements, -1, np.int32)
    for placement in np.flatnonzero(itineraries.placement_exclusive):
        stage = int(itineraries.placement_stage[placement])
        value = int(itineraries.placement_distinct[placement])
        local = -1 if value < 0 else values.setdefault((stage, value), len(values))
        kind = Kind(stage, int(gives[placement]), int(needs[placement]), local)
        kind_of[placement] = kinds.setdefault(kind, len(kinds))
    return list(kinds), kind_of, stands_for


def _windows(itineraries: Itineraries, kind_of: np.ndarray, n_kinds: int) -> np.ndarray:
    """(n_kinds + 1, 2) int64: first start and fewest periods by kind; the last row is harmless."""
    windows = np.zeros((n_kinds + 1, 2), np.int64)
    if itineraries.n_options == 0:
        return windows
    ever = np.zeros((itineraries.n_placements, itineraries.option_starts.shape[1]), np.uint64)
    np.bitwise_or.at(ever, itineraries.option_placement, itineraries.option_starts)
    for kind in range(n_kinds):
        of_kind = np.flatnonzero(kind_of == kind)
        windows[kind, 0] = _first_start(np.bitwise_or.reduce(ever[of_kind], axis=0))
        windows[kind, 1] = itineraries.placement_duration[of_kind].min()
    windows[n_kinds, 1] = itineraries.placement_duration.min()
    return windows


def _musts(
    itineraries: Itineraries, kind_of: np.ndarray
) -> tuple[dict[int, list[tuple[int, bool]]], dict[int, int]]:
    """Find the fixed exclusive bookings of each person, and the number of each such option."""
    options = np.sort(itineraries.fixed_options)
    placement = itineraries.option_placement[options]
    options = options[itineraries.placement_exclusive[placement]]
    words = itineraries.option_starts[options]
    starts = np.array([sum(int(word).bit_count() for word in row) for row in words], dtype=int)
    first = np.array([_first_start(row) for row in words], dtype=int)
    person = np.searchsorted(itineraries.option_ptr, options, side="right") - 1
    musts: dict[int, list[tuple[int, bool]]] = {}
    number: dict[int, int] = {}
    for at in np.lexsort((first, person)):
        mine = musts.setdefault(int(person[at]), [])
        number[int(options[at])] = len(mine)
        base = int(kind_of[itineraries.option_placement[options[at]]])
        mine.append((base, bool(starts[at] == 1)))
    return musts, number


def _first_start(words: np.ndarray) -> int:
    for number, word in enumerate(map(int, words)):
        if word:
            return 64 * number + (word & -word).bit_length() - 1
    return 0


def _automata(
    itineraries: Itineraries,
    cache: AutomatonCache,
    kind_of: np.ndarray,
    facts: list[int],
    musts: dict[int, list[tuple[int, bool]]],
) -> tuple[np.ndarray, Automata]:
    """Everybody's automaton, (n_people,) int32, and all of them."""
    numbers: list[int] = []
    shortest = max(1, int(itineraries.placement_duration.min(initial=1)))
    most = min(itineraries.n_placements, itineraries.n_periods // shortest)
    for person in range(itineraries.n_people):
        done = 0
        for fact, clause in enumerate(facts):
            done |= int(itineraries.clause_done[person, clause]) << fact
        mine = slice(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
        offered = np.unique(kind_of[itineraries.option_placement[mine]])
        own = tuple(offered[offered >= 0].tolist())
        counts = counts_of(itineraries, person, most)
        numbers.append(cache.number(counts, done, tuple(musts.get(person, ())), own))
    return np.array(numbers, dtype=np.int32), cache.tables()


def _most_held(itineraries: Itineraries) -> np.ndarray:
    """(n_people,) int64: most exclusive placements that one person can hold."""
    placement = itineraries.option_placement
    person = itineraries.option_person()
    options = np.zeros((itineraries.n_people, itineraries.n_stages), np.int64)
    exclusive = itineraries.placement_exclusive[placement]
    np.add.at(options, (person[exclusive], itineraries.placement_stage[placement[exclusive]]), 1)
    most = np.minimum(options, np.maximum(itineraries.stage_max, 0)).sum(axis=1)
    shortest = int(itineraries.placement_duration.min(initial=itineraries.n_periods))
    return np.asarray(np.minimum(most, itineraries.n_periods // max(1, shortest)), dtype=np.int64)


def _alone(itineraries: Itineraries, person: np.ndarray, placement: np.ndarray) -> np.ndarray:
    """Whether only an own rule keeps each option's placement from being held twice."""
    stage = itineraries.placement_stage[placement]
    many = itineraries.stage_max[person, stage] > 1
    return np.asarray(many & (itineraries.placement_distinct[placement] < 0))


def _once(
    problem: Problem, slots: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Events first, then links: (family, feature, latest start) of every slot, as CSR."""
    events, links, itineraries = problem.events, problem.links, problem.itineraries
    owner = np.repeat(np.arange(len(events)), np.diff(events.ptr))
    option, family, latest = [events.options], [owner], [events.latest_start]
    feature = [owner]
    shift = len(events)
    for link in range(len(links)):
        value = links.placement_value[link][itineraries.option_placement]
        paying = np.flatnonzero(value >= 0)
        option.append(paying)
        family.append(np.full(len(paying), len(events) + link))
        latest.append(np.full(len(paying), itineraries.n_periods))
        feature.append(shift + value[paying])
        shift += int(links.placement_value[link].max(initial=-1)) + 1
    options = np.concatenate(option)
    slot_of = np.full(itineraries.n_options + 1, -1, np.int64)
    slot_of[slots] = np.arange(len(slots))
    slot = slot_of[options]
    kept = np.flatnonzero(slot >= 0)
    kept = kept[np.argsort(slot[kept], kind="stable")]
    ptr = np.searchsorted(slot[kept], np.arange(len(slots) + 1)).astype(np.int64)

    def column(parts: list[np.ndarray]) -> np.ndarray:
        return np.concatenate(parts)[kept].astype(np.int32)

    return ptr, column(family), column(feature), column(latest)


def _clause_tables(
    itineraries: Itineraries, clauses: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = clauses[np.argsort(itineraries.clause_placement[clauses], kind="stable")]
    placement = itineraries.clause_placement[order]
    ptr = np.searchsorted(placement, np.arange(itineraries.n_placements + 1)).astype(np.int64)
    met = np.zeros((len(itineraries.clause_placement), itineraries.n_placements), dtype=bool)
    for clause in order:
        met[clause, _met_by(itineraries, clause)] = True
    return ptr, order.astype(np.int32), met
