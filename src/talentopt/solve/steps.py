"""Steps of the prices: Adam, relative to the size of each price."""

from __future__ import annotations

import numpy as np

from talentopt.solve.compiled import compiled

AROUND = 50.0
"""Prices of this size and above are moved in proportion to them."""

SMALL = 1e-3
"""People; keeps steps of prices that nothing moves small."""

FAST, SLOW = 0.2, 0.02
"""What a gradient counts for in its average, and its square in theirs."""


class Adam:
    """Moves a vector against a subgradient (Kingma and Ba, 2015).

    Parameters
    ----------
    size : int
    """

    def __init__(self, size: int) -> None:
        """Begin with no history."""
        self.mean = np.zeros(size)
        self.square = np.zeros(size)
        self._unseen = np.ones(2)

    def step(
        self, at: np.ndarray, rise: np.ndarray, length: float | np.ndarray, share: float = 1.0
    ) -> np.ndarray:
        """Move up where `rise` is positive.

        Parameters
        ----------
        at, rise : (size,) float64
        length : float or (size,) float64
            Of the step where prices are small.
        share : float
            Of the people from whom `rise` was heard; with fewer more of them are remembered.

        Returns
        -------
        (size,) float64
            The new vector; a price that crosses 0 stops there.
        """
        fast, slow = FAST * share**0.5, SLOW * share**0.5
        self._unseen *= (1 - fast, 1 - slow)
        _remember(rise, fast, slow, self.mean, self.square)
        lengths = np.broadcast_to(np.asarray(length, dtype=np.float64), at.shape)
        return _moved(at, lengths, self.mean, self.square, *(1 - self._unseen))


@compiled
def _remember(
    rise: np.ndarray, fast: float, slow: float, mean: np.ndarray, square: np.ndarray
) -> None:
    for i in range(len(rise)):
        mean[i] += fast * (rise[i] - mean[i])
        square[i] += slow * (rise[i] * rise[i] - square[i])


@compiled
def _moved(
    at: np.ndarray,
    length: np.ndarray,
    mean: np.ndarray,
    square: np.ndarray,
    seen: float,
    seen_squares: float,
) -> np.ndarray:
    new = np.empty_like(at)
    for i in range(len(at)):
        move = mean[i] / seen / (np.sqrt(square[i] / seen_squares) + SMALL)
        new[i] = at[i] + length[i] * (AROUND + abs(at[i])) / AROUND * move
        if at[i] * new[i] < 0:
            new[i] = 0.0
    return new
