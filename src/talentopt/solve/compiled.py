"""The one way in which functions are compiled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

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


def kept(function: object) -> bool:
    """Whether the code of a compiled function is on disk, from an earlier run.

    Parameters
    ----------
    function : callable
        That `compiled` returned.
    """
    dispatcher = cast("Any", function)
    folder = Path(dispatcher.stats.cache_path)
    return any(folder.glob(f"*.{dispatcher.__name__}-*.nbi"))
