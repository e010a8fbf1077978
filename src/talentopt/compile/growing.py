"""An array that grows without being copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike


class Growing:
    """Collects pieces of one array; its memory grows in place.

    Joining a list of pieces at the end would need twice the memory, which
    matters with hundreds of millions of pairs.
    """

    def __init__(self, dtype: DTypeLike, width: int | None = None) -> None:
        self._tail = () if width is None else (width,)
        self._array = np.empty((1024, *self._tail), dtype=dtype)
        self._length = 0

    def append(self, piece: np.ndarray) -> None:
        """Add a piece at the end."""
        length = self._length + len(piece)
        if length > len(self._array):
            self._resize(length + length // 4)
        self._array[self._length : length] = piece
        self._length = length

    def finish(self) -> np.ndarray:
        """Return the array; nothing may be appended any more."""
        self._resize(self._length)
        return self._array

    def _resize(self, length: int) -> None:
        self._array.resize((length, *self._tail), refcheck=False)
