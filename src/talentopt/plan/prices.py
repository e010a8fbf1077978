"""Prices kept in a plan folder, by id, so that they outlive changes of the scenario."""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Prices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from talentopt.compile.compiler import Compiled
    from talentopt.read.calendar import Calendar

FILE = "warm.npz"
VERSION = 2
"""Of the file's layout; files of another one are left aside."""

SEPARATOR = "\x1f"
"""Joins the parts of a key; no text that a scenario may hold has it in practice, and a
mix-up would only give a search another start."""


AXES = {
    "seat_prices": ("placements", "periods"),
    "role_prices": ("matchings", "providers"),
    "total_prices": ("providers",),
    "row_prices": ("rows",),
    "link_prices": ("links", "people"),
}
"""The tables of the file, in the order of `Prices`, and the keys along their axes."""


def write_prices(prices: Prices, compiled: Compiled, calendar: Calendar, folder: Path) -> None:
    """Write prices into a plan folder: a few numbers of four bytes each, compressed.

    Parameters
    ----------
    prices : Prices
    compiled : Compiled
        What they belong to.
    calendar : Calendar
    folder : Path
    """
    index = compiled.index
    np.savez_compressed(
        folder / FILE,
        version=np.array(VERSION),
        placements=_texts(index.placements),
        periods=_texts([calendar.label(period) for period in range(calendar.n_periods)]),
        matchings=_texts(index.matchings),
        providers=_texts(map(SEPARATOR.join, index.providers)),
        rows=_texts(map(SEPARATOR.join, index.rows)),
        links=_texts(index.links),
        people=_texts(index.people),
        seat_prices=prices.seats.astype(np.float32),
        role_prices=prices.role.astype(np.float32),
        total_prices=prices.total.astype(np.float32),
        row_prices=prices.rows.astype(np.float32),
        link_prices=prices.links.astype(np.float32),
    )


def read_prices(folder: Path, compiled: Compiled, calendar: Calendar) -> Prices | None:
    """Read the prices of a plan folder for another, perhaps changed, scenario.

    Returns
    -------
    Prices or None
        NaN for what is new; None where there are no prices, or none that can be read:
        a plan without them is re-planned all the same.
    """
    try:
        with np.load(folder / FILE, allow_pickle=False) as file:
            known = dict(file)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    if not _sound(known):
        return None
    index = compiled.index
    today = {
        "placements": list(index.placements),
        "periods": [calendar.label(period) for period in range(calendar.n_periods)],
        "matchings": list(index.matchings),
        "providers": [SEPARATOR.join(provider) for provider in index.providers],
        "rows": [SEPARATOR.join(row) for row in index.rows],
        "links": list(index.links),
        "people": list(index.people),
    }
    where = {name: _positions(known[name], keys) for name, keys in today.items()}
    return Prices(
        *(_moved(known[table], [where[axis] for axis in axes]) for table, axes in AXES.items())
    )


def _sound(known: Mapping[str, np.ndarray]) -> bool:
    """Whether a file has this version's tables, each as long as its keys."""
    version = known.get("version")
    if version is None or version.shape or int(version) != VERSION:
        return False
    return all(
        table in known
        and all(axis in known and known[axis].ndim == 1 for axis in axes)
        and known[table].shape == tuple(len(known[axis]) for axis in axes)
        for table, axes in AXES.items()
    )


def _texts(values: Iterable[str]) -> np.ndarray:
    return np.array(list(values), dtype=np.str_)


def _positions(known: np.ndarray, today: Sequence[str]) -> np.ndarray:
    """(n,) int64: where each of today's keys stands in the file; -1 = nowhere."""
    numbers = {key: number for number, key in enumerate(known.tolist())}
    return np.array([numbers.get(key, -1) for key in today], dtype=np.int64)


def _moved(table: np.ndarray, where: Sequence[np.ndarray]) -> np.ndarray:
    """Bring prices into today's order along every axis; NaN for what is new."""
    found = table.astype(np.float64)
    for axis, positions in enumerate(where):
        if found.shape[axis] == 0:
            found = np.full((*found.shape[:axis], 1, *found.shape[axis + 1 :]), np.nan)
        found = np.take(found, positions, axis=axis)
        new = np.flatnonzero(positions < 0)
        found[(slice(None),) * axis + (new,)] = np.nan
    return found
