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

    The code lies where ``NUMBA_CACHE_DIR`` says, else beside the source, else in
    the user's cache folder; where none can be written, every process compiles anew.

    Parameters
    ----------
    function : callable
        Of arrays, numbers and named tuples of them.

    Returns
    -------
    callable
        With the same signature.
    """
    try:
        return cast("F", njit(nogil=True, cache=True)(function))
    except RuntimeError:
        # No folder for caches can be written.
        return cast("F", njit(nogil=True)(function))


def cache_folder(function: object) -> Path | None:
    """Tell where the code of a compiled function is kept; None when nowhere.

    Parameters
    ----------
    function : callable
        That `compiled` returned.
    """
    path = cast("Any", function).stats.cache_path
    return None if path is None else Path(path)


def kept(function: object) -> bool:
    """Whether the code of a compiled function is on disk, from an earlier run.

    Parameters
    ----------
    function : callable
        That `compiled` returned.
    """
    # What numba keeps counts only while it fits the source, which its own index knows.
    file = getattr(cast("Any", function)._cache, "_cache_file", None)  # noqa: SLF001
    return file is not None and bool(file._load_index())  # noqa: SLF001
