"""A model without points allows the same plans, and prices what is missing alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from plan.cases import MODEL, tiny
from talentopt.compile.compiler import compile_scenario

PREFERRED = {"points": [{"preference": {}}]}


def test_the_same_is_possible(tmp_path):
    matching = MODEL["matchings"]["technical"] | PREFERRED
    model = MODEL | {
        "matchings": {"technical": matching},
        "itineraries": MODEL["itineraries"] | PREFERRED,
    }
    wishes = [
        {"chooser": "P1", "option": "M1", "points": 3},
        {"chooser": "P2", "option": "A", "points": 7},
    ]
    scenario = tiny(tmp_path, model=model, preferences=wishes)
    whole = compile_scenario(scenario).problem
    bare = compile_scenario(replace(scenario, model=scenario.model.without_points())).problem
    assert whole.matchings.arc_points.any()
    assert whole.itineraries.option_points.any()
    assert not bare.matchings.arc_points.any()
    assert not bare.itineraries.option_points.any()
    for name in ("arc_provider", "demand_missing", "capacity"):
        assert np.array_equal(getattr(bare.matchings, name), getattr(whole.matchings, name))
    for name in ("option_placement", "option_starts", "stage_missing", "seats"):
        assert np.array_equal(getattr(bare.itineraries, name), getattr(whole.itineraries, name))
