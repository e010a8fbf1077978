"""Steps of the prices: Adam, relative to the size of each price."""

from __future__ import annotations

import numpy as np

AROUND = 5.0


class Adam:
    """Moves a vector against a subgradient (Kingma and Ba, 2015).

    Parameters
    ----------
    size : int
    fast, slow : float
        Decay of the averages of the gradient and of its square.
    around : float
        Prices of this size and above are moved in proportion to them.
    """

    def __init__(
        self, size: int, fast: float = 0.8, slow: float = 0.98, around: float = AROUND
    ) -> None:
        """Begin with no history."""
        self.fast, self.slow, self.around = fast, slow, around
        self.mean = np.zeros(size)
        self.square = np.zeros(size)
        self.count = 0

    def step(self, at: np.ndarray, rise: np.ndarray, length: float | np.ndarray) -> np.ndarray:
        """Move up where `rise` is positive.

        Parameters
        ----------
        at, rise : (size,) float64
        length : float or (size,) float64
            Of the step where prices are small.

        Returns
        -------
        (size,) float64
            The new vector; a price that crosses 0 stops there.
        """
        self.count += 1
        self.mean += (1 - self.fast) * (rise - self.mean)
        self.square += (1 - self.slow) * (rise * rise - self.square)
        mean = self.mean / (1 - self.fast**self.count)
        square = self.square / (1 - self.slow**self.count)
        move = mean / (np.sqrt(square) + 1e-3)
        new = at + length * (self.around + np.abs(at)) / self.around * move
        return np.where(at * new < 0, 0.0, new)
