"""Steps of the prices: Adam, relative to the size of each price."""

from __future__ import annotations

import numpy as np

AROUND = 50.0
"""Prices of this size and above are moved in proportion to them."""

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
        self.mean += fast * (rise - self.mean)
        self.square += slow * (rise * rise - self.square)
        mean, square = (self.mean, self.square) / (1 - self._unseen)[:, None]
        move = mean / (np.sqrt(square) + 1e-3)
        new = at + length * (AROUND + np.abs(at)) / AROUND * move
        return np.where(at * new < 0, 0.0, new)
