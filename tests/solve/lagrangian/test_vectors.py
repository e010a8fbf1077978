"""Vector instructions do what the plain loops in their descriptions do."""

from __future__ import annotations

import numpy as np
import pytest

from talentopt.solve.compiled import compiled
from talentopt.solve.lagrangian.vectors import (
    highest_bit,
    lowest_bit,
    offer_starts,
    turn_block,
)


@compiled
def _offer(best, option, here, charge, first, word, count, worth, number, least):
    return offer_starts(best, option, here, charge, first, word, count, worth, number, least)


@compiled
def _turn(rows, first, length, turned, here, width):
    turn_block(rows, first, length, turned, here, width)


@compiled
def _bits(word):
    return lowest_bit(word), highest_bit(word)


@pytest.mark.parametrize("seed", range(20))
def test_an_option_is_taken_where_it_is_allowed_and_better(seed):
    rng = np.random.default_rng(seed)
    best, charge = rng.integers(-50, 50, (2, 80)).astype(np.int32)
    option = rng.integers(0, 9, 80).astype(np.int32)
    word = int(rng.integers(0, 2**63)) * 2 + 1
    here, first, count = 3, 5, int(rng.integers(1, 9)) * 8
    expected, who, taken = best.copy(), option.copy(), 0
    for i in range(count):
        offered = 20 - charge[first + i]
        if word >> i & 1 and offered > max(best[here + i], -10):
            expected[here + i], who[here + i] = offered, 77
            taken |= 1 << i
    found = _offer(best, option, here, charge, first, np.uint64(word), count, 20, 77, -10)
    assert int(found) == taken
    assert (best == expected).all()
    assert (option == who).all()


def test_a_block_is_turned():
    rows = np.arange(100, dtype=np.int32)
    turned = np.zeros(100, np.int32)
    _turn(rows, 2, 9, turned, 1, 6)
    for i in range(4):
        for j in range(4):
            assert turned[1 + i * 6 + j] == rows[2 + j * 9 + i]


@pytest.mark.parametrize(("word", "bits"), [(0, (64, -1)), (1, (0, 0)), (2**63 + 8, (3, 63))])
def test_the_lowest_and_the_highest_bit_are_found(word, bits):
    assert tuple(_bits(np.uint64(word))) == bits
