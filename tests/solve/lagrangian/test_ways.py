"""Which way to improve takes the next turn."""

from __future__ import annotations

from types import SimpleNamespace

from talentopt.solve.lagrangian.ways import LONGEST_WAIT, Way, next_way


def ways_that_gain(*points):
    """Ways that gain so many points a turn, and the control that they report to."""
    control = SimpleNamespace(value=0.0, limits=SimpleNamespace(reproducible=True))

    def run(gain):
        control.value += gain
        return gain > 0

    return [Way(lambda gain=gain: run(gain), 1) for gain in points], control


def test_every_way_is_tried_and_then_the_best_one():
    ways, control = ways_that_gain(1.0, 5.0, 0.0)
    taken = []
    for turn in range(8):
        way = next_way(ways, turn)
        way.take(turn, control)
        taken.append(ways.index(way))
    assert set(taken[:3]) == {0, 1, 2}
    assert set(taken[3:]) == {1}


def test_a_way_that_waited_long_is_tried_again():
    ways, control = ways_that_gain(1.0, 5.0)
    taken = []
    for turn in range(LONGEST_WAIT + 4):
        way = next_way(ways, turn)
        way.take(turn, control)
        taken.append(ways.index(way))
    assert taken.count(0) == 2
