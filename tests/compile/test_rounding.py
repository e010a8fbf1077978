import numpy as np
import pytest

from talentopt.compile.rounding import rounded


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.005, 0.0), (0.015, 0.02), (0.025, 0.02), (1.005, 1.0), (2.675, 2.68), (-0.015, -0.02)],
)
def test_halves_go_to_even_in_decimals(value, expected):
    assert rounded(np.array([value]))[0] == expected
