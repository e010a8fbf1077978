"""The one way in which functions are compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., object]")


def compiled(function: F) -> F:
    """Compile on the first call, keep the code on disk, release the interpreter lock.

    Parameters
    ----------
    function : callable
        Of arrays, numbers and named tuples of them.

    Returns
    -------
    callable
        With the same signature.
    """
    return cast("F", njit(nogil=True, cache=True)(function))
