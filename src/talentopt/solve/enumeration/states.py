"""What a person may hold within a level, as a numbered set of states.

A state is a level, the items held in it, which prerequisites are met and which events
have happened. Once a level is full its items no longer matter, and events no longer once
nothing that may follow makes them happen, so that states which differ in these only are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

MOST_STATES = 40_000
"""Most states of one person; beyond them enumeration is refused."""


class TooManyStates(Exception):
    """A person may hold too many different sets."""


class Kind(NamedTuple):
    """Choices that lead from a state to the same state.

    Attributes
    ----------
    level, stage, item : int
        An item is what may be held once: a distinct value or a placement.
    needs, meets : int
        Prerequisites as bits.
    limits : tuple of int
        Limits that count it.
    events : int
        Events that it makes happen, as bits.
    """

    level: int
    stage: int
    item: int
    needs: int
    meets: int
    limits: tuple[int, ...]
    events: int = 0


class Type(NamedTuple):
    """All that decides a person's states.

    Attributes
    ----------
    kinds : tuple of Kind
    most : tuple of int
        Most placements of each stage.
    room : tuple of int
        Most placements that each limit allows.
    done : int
        Prerequisites met by history, as bits.
    n_levels : int
    """

    kinds: tuple[Kind, ...]
    most: tuple[int, ...]
    room: tuple[int, ...]
    done: int
    n_levels: int


@dataclass(frozen=True, slots=True)
class States:
    """Numbered so that a state comes before all that follow it; the first is the beginning.

    Attributes
    ----------
    level : (n_states,) int64
    held : (n_states, n_stages) int64
        Placements held of each stage of the level.
    grow : (n_states, n_kinds) int64
        The state after a choice of a kind; -1 where it may not follow.
    enter : (n_states, n_levels) int64
        The state in which a level is begun, or continued if it is the same; -1 for earlier ones.
    news : (n_states, n_kinds) int64
        Events that happen for the first time with a choice of a kind, as bits.
    """

    level: np.ndarray
    held: np.ndarray
    grow: np.ndarray
    enter: np.ndarray
    news: np.ndarray


class Key(NamedTuple):
    """What tells states apart.

    Attributes
    ----------
    level : int
    held : tuple of int
        Number held of each stage of the level.
    items : frozenset of int
    met : int
        Prerequisites, as bits.
    room : tuple of int
        What limits leave.
    happened : int
        Events, as bits.
    """

    level: int
    held: tuple[int, ...]
    items: frozenset[int]
    met: int
    room: tuple[int, ...]
    happened: int


def number_states(kind: Type) -> States:
    """List the states that people of a type can reach.

    Raises
    ------
    TooManyStates
        If there are more than `MOST_STATES`.
    """
    return _Walk(kind).states()


class _Walk:
    """Visits every state once."""

    def __init__(self, kind: Type) -> None:
        self.type = kind
        self.of_level = [
            [(number, one) for number, one in enumerate(kind.kinds) if one.level == level]
            for level in range(kind.n_levels)
        ]
        needs = [_union([one.needs for _, one in mine]) for mine in self.of_level]
        self.needed = [_union(needs[level:]) for level in range(kind.n_levels + 1)]
        self.nothing = (0,) * len(kind.most)
        self.after: dict[Key, dict[int, Key]] = {}
        counted = [{limit for _, one in mine for limit in one.limits} for mine in self.of_level]
        self.counted = [set().union(*counted[level:]) for level in range(kind.n_levels + 1)]
        events = [_union([one.events for _, one in mine]) for mine in self.of_level]
        self.events = [_union(events[level:]) for level in range(kind.n_levels + 1)]
        done = kind.done & self.needed[0]
        self._visit(Key(0, self.nothing, frozenset(), done, self._room(kind.room, 0), 0))

    def _room(self, room: tuple[int, ...], level: int) -> tuple[int, ...]:
        """Forget limits that nothing from a level on counts towards."""
        counted = self.counted[level]
        return tuple(left if limit in counted else 0 for limit, left in enumerate(room))

    def _visit(self, start: Key) -> None:
        waiting, self.after[start] = [start], {}
        while waiting:
            key = waiting.pop()
            grown = {number: self._grown(key, one) for number, one in self._open(key)}
            self.after[key] = grown
            for following in (*grown.values(), *self._entered(key)):
                if following not in self.after:
                    self.after[following] = {}
                    waiting.append(following)
            if len(self.after) > MOST_STATES:
                raise TooManyStates

    def _open(self, key: Key) -> list[tuple[int, Kind]]:
        """Kinds that may follow within the level."""
        return [
            (number, one)
            for number, one in self.of_level[key.level]
            if key.held[one.stage] < self.type.most[one.stage]
            and one.item not in key.items
            and not one.needs & ~key.met
            and all(key.room[limit] > 0 for limit in one.limits)
        ]

    def _grown(self, key: Key, one: Kind) -> Key:
        level = key.level
        more = tuple(n + (stage == one.stage) for stage, n in enumerate(key.held))
        full = {stage for stage, n in enumerate(more) if n >= self.type.most[stage]}
        open_ = [other for _, other in self.of_level[level] if other.stage not in full]
        useful = {other.item for other in open_}
        items = (key.items | {one.item}) & useful
        after = level if useful else level + 1
        left = tuple(n - (limit in one.limits) for limit, n in enumerate(key.room))
        met = (key.met | one.meets) & self.needed[after]
        ahead = _union([other.events for other in open_ if other.item not in items])
        happened = (key.happened | one.events) & (ahead | self.events[level + 1])
        return Key(level, more, items, met, self._room(left, after), happened)

    def _entered(self, key: Key) -> list[Key]:
        return [
            Key(
                other,
                self.nothing,
                frozenset(),
                key.met & self.needed[other],
                self._room(key.room, other),
                key.happened & self.events[other],
            )
            for other in range(key.level + 1, self.type.n_levels)
        ]

    def states(self) -> States:
        """Give every state visited its number."""
        keys = sorted(self.after, key=lambda key: (key.level, sum(key.held)))
        index = {key: state for state, key in enumerate(keys)}
        grow = np.full((len(keys), max(1, len(self.type.kinds))), -1)
        enter = np.full((len(keys), self.type.n_levels), -1)
        news = np.zeros(grow.shape, dtype=np.int64)
        for state, key in enumerate(keys):
            for number, following in self.after[key].items():
                grow[state, number] = index[following]
                news[state, number] = self.type.kinds[number].events & ~key.happened
            enter[state, key.level] = state
            for entered in self._entered(key):
                enter[state, entered.level] = index[entered]
        level = np.array([key.level for key in keys])
        return States(level, np.array([key.held for key in keys]), grow, enter, news)


def _union(bits: list[int]) -> int:
    together = 0
    for some in bits:
        together |= some
    return together
