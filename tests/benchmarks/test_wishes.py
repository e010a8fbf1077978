"""Changed wishes: as many people as asked for, each with the options of before."""

from __future__ import annotations

import numpy as np
import pandas as pd
from benchmarks.wishes import shuffled


def test_only_the_order_of_some_peoples_own_wishes_changes():
    people = [f"P{n}" for n in range(10)]
    options = ["M1", "M2", "M3", "M4", "K1", "K2", "K3", "K4", "an area"]
    wishes = pd.DataFrame(
        [(who, option, str(rank)) for who in people for rank, option in enumerate(options)],
        columns=["chooser", "option", "rank"],
    )
    tables = {
        "participants": pd.DataFrame({"id": people}),
        "mentors": pd.DataFrame({"id": options[:4]}),
        "placements": pd.DataFrame({"id": options[4:8]}),
        "preferences": wishes,
    }
    found = shuffled(tables, 0.3, np.random.default_rng(1))
    moved = found["option"] != wishes["option"]
    assert 1 <= found["chooser"][moved].nunique() <= 3
    for who in people:
        mine = found["option"][found["chooser"] == who].tolist()
        assert sorted(mine[:4]) == options[:4]
        assert sorted(mine[4:8]) == options[4:8]
        assert mine[8] == "an area"
