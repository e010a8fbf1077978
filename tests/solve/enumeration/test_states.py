"""States merge what makes no difference later, and keep limits and prerequisites."""

from __future__ import annotations

import pytest

from talentopt.solve.enumeration import states
from talentopt.solve.enumeration.states import Kind, TooManyStates, Type, number_states


def kind(
    item: int, *, level: int = 0, needs: int = 0, meets: int = 0, limits=(), events: int = 0
) -> Kind:
    return Kind(level, level, item, needs, meets, tuple(limits), events)


def test_a_full_level_is_one_state() -> None:
    found = number_states(Type(tuple(kind(item) for item in range(4)), (2,), (), 0, 1))
    # Nothing held, one of four held, and full.
    assert len(found.level) == 1 + 4 + 1
    assert found.held[:, 0].tolist() == [0, 1, 1, 1, 1, 2]


def test_an_item_is_held_once() -> None:
    found = number_states(Type((kind(0), kind(0), kind(1)), (2,), (), 0, 1))
    held = found.grow[0, 0]
    assert found.grow[held, 1] == -1
    assert found.grow[held, 2] >= 0


def test_a_limit_forbids_the_next_one() -> None:
    kinds = tuple(kind(item, limits=(0,)) for item in range(3))
    found = number_states(Type(kinds, (3,), (2,), 0, 1))
    assert found.held[:, 0].max() == 2


def test_a_limit_is_remembered_across_levels() -> None:
    kinds = (kind(0, limits=(0,)), kind(1), kind(0, level=1, limits=(0,)))
    found = number_states(Type(kinds, (1, 1), (1,), 0, 2))
    used, unused = found.grow[0, 0], found.grow[0, 1]
    assert found.grow[found.enter[used, 1], 2] == -1
    assert found.grow[found.enter[unused, 1], 2] >= 0


def test_a_prerequisite_opens_what_needs_it() -> None:
    kinds = (kind(0, meets=1), kind(1, needs=1))
    found = number_states(Type(kinds, (2,), (), 0, 1))
    assert found.grow[0, 1] == -1
    assert found.grow[found.grow[0, 0], 1] >= 0
    assert number_states(Type(kinds, (2,), (), 1, 1)).grow[0, 1] >= 0


def test_an_event_is_new_once() -> None:
    kinds = (kind(0, events=1), kind(1, events=3), kind(0, level=1, events=2))
    found = number_states(Type(kinds, (2, 1), (), 0, 2))
    assert found.news[0, :2].tolist() == [1, 3]
    after = found.grow[0, 0]
    assert found.news[after, 1] == 2
    assert found.news[found.enter[after, 1], 2] == 2
    assert found.news[found.enter[found.grow[0, 1], 1], 2] == 0


def test_an_event_that_nothing_ahead_repeats_is_forgotten() -> None:
    kinds = (kind(0, events=1), kind(0, events=2), kind(1))
    found = number_states(Type(kinds, (2,), (), 0, 1))
    assert found.grow[0, 0] == found.grow[0, 1]


def test_followers_come_later() -> None:
    kinds = tuple(kind(item, level=item % 2) for item in range(6))
    found = number_states(Type(kinds, (2, 2), (), 0, 2))
    for state in range(len(found.level)):
        assert (found.grow[state][found.grow[state] >= 0] > state).all()
        assert (found.enter[state][found.enter[state] >= 0] >= state).all()


def test_too_many_states_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "MOST_STATES", 5)
    with pytest.raises(TooManyStates):
        number_states(Type(tuple(kind(item) for item in range(8)), (4,), (), 0, 1))
