"""What options are worth in whole units."""

from __future__ import annotations

import numpy as np

from talentopt.solve.lagrangian.worth import MOST_WORTH, Extras, add_up


def added(points, each=(), value=((-1, -1),), gains=(((0.0,),),)):
    """Worth of two options of one person, one per placement, at 100 units per point."""
    worth = np.empty(2, np.int32)
    extras = Extras(np.array(each, float), np.array(value, np.int32), np.array(gains, float))
    ptr, placement = np.array([0, 2]), np.array([0, 1], np.int32)
    add_up(0, 1, ptr, placement, np.array(points, float), extras, 100.0, worth)
    return worth.tolist()


def test_points_become_units_and_are_rounded_up():
    assert added([1.5, 0.001]) == [150, 1]


def test_sums_that_are_whole_but_for_rounding_stay_whole():
    assert added([0.1 + 0.2, 0.3]) == [30, 30]


def test_every_option_may_have_points_of_its_own():
    assert added([1.0, 2.0], each=[0.5, -3.0]) == [150, -100]


def test_points_by_value_go_to_the_placements_that_have_it():
    assert added([1.0, 1.0], value=[[1, -1]], gains=[[[7.0, 2.0]]]) == [300, 100]
    assert added([1.0, 1.0], value=[[0, 0], [1, 0]], gains=[[[1, 0]], [[5, -2]]]) == [0, 700]


def test_what_is_beyond_whole_numbers_is_cut():
    assert added([1e30, -np.inf]) == [MOST_WORTH, -MOST_WORTH]
