import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from talentopt.generate.seats import seat


@given(st.integers(1, 12), st.integers(1, 400), st.integers(0, 2**31), st.integers(1, 4))
def test_turns_are_what_was_wanted(n_placements, wanted, seed, longest):
    rng = np.random.default_rng(seed)
    durations = rng.integers(1, longest + 1, size=n_placements)
    opens = rng.integers(0, 6, size=n_placements)
    closes = opens + rng.integers(4, 20, size=n_placements)
    seating = seat(rng, 0.5 + rng.random(n_placements), durations, opens, closes, wanted)
    turns = (closes - opens + 1) // durations
    assert seating.turns == int(seating.seats @ turns) - len(seating.closed)
    assert seating.turns >= wanted
    if wanted >= 4 * turns.sum():
        assert seating.turns == wanted
    for placement, first, length in seating.closed:
        assert opens[placement] <= first
        assert first + length - 1 <= closes[placement]
        assert length == durations[placement]
