"""Reading files of public formats so that a mistake in one is named with its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Malformed(ValueError):
    """A file that its format does not allow; the message says where and why."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}")


def mistake_in(path: Path, read: Callable[[Path], object]) -> str:
    """Read a file and say what is wrong with it; blank when nothing is."""
    try:
        read(path)
    except Malformed as error:
        return str(error)
    return ""


def text_of(path: Path) -> str:
    """Read a text file.

    Raises
    ------
    Malformed
        If it is not there, or no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Malformed(path, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise Malformed(path, "is not a text file in UTF-8") from error


def numbers_of(path: Path) -> np.ndarray:
    """Read all numbers of a file that holds nothing else, separated by blanks.

    Raises
    ------
    Malformed
        At the first cell that is no finite number.
    """
    text = text_of(path)
    try:
        numbers = np.array(text.split(), dtype=float)
    except ValueError:
        numbers = np.array([np.nan])
    if np.isfinite(numbers).all():
        return numbers
    for row, line in enumerate(text.splitlines(), start=1):
        for cell in line.split():
            if not _is_number(cell):
                raise Malformed(path, f"line {row}: {cell[:40]!r} is not a number")
    return numbers


def sizes_of(path: Path, numbers: np.ndarray, names: tuple[str, str]) -> tuple[int, int]:
    """Take the two sizes with which a file begins.

    Raises
    ------
    Malformed
        If they are not there, or not whole numbers above 0.
    """
    needed = f"must begin with the numbers of {names[0]} and {names[1]}"
    if len(numbers) < 2:
        raise Malformed(path, f"{needed}, but it holds {len(numbers)} numbers")
    first, second = numbers[:2]
    if min(first, second) < 1 or first % 1 or second % 1:
        raise Malformed(path, f"{needed}, whole and above 0, not {first:g} and {second:g}")
    return int(first), int(second)


def array_of(path: Path, shape: tuple[int | None, ...]) -> np.ndarray:
    """Read a ``.npy`` file of finite numbers.

    Parameters
    ----------
    path : Path
    shape : tuple of int or None
        None where any length will do.

    Raises
    ------
    Malformed
        If it is not there, is no such file, or has another shape.
    """
    try:
        array = np.load(path)
    except OSError as error:
        raise Malformed(path, f"cannot be read ({error.strerror or 'no array'})") from error
    except ValueError as error:
        raise Malformed(path, "is not an array of numbers as numpy saves it") from error
    wanted = " x ".join("any" if length is None else str(length) for length in shape)
    fits = isinstance(array, np.ndarray) and array.ndim == len(shape)
    if not fits or any(w not in (None, have) for w, have in zip(shape, array.shape, strict=True)):
        raise Malformed(path, f"has the shape {np.shape(array)}; {wanted} is needed")
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise Malformed(path, "holds something that is not a finite number")
    return array


def counts_of(path: Path, length: int) -> np.ndarray:
    """Read a ``.npy`` file of whole numbers from 0."""
    array = array_of(path, (length,))
    if (array < 0).any() or (array % 1 != 0).any():
        raise Malformed(path, "must hold whole numbers from 0")
    return array.astype(np.int64)


def json_of(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds one object.

    Raises
    ------
    Malformed
        With the line at which it breaks off.
    """
    try:
        found = json.loads(text_of(path))
    except json.JSONDecodeError as error:
        raise Malformed(path, f"line {error.lineno}: {error.msg}") from error
    if not isinstance(found, dict):
        raise Malformed(path, 'must hold one object: {"name": …}')
    return found


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
