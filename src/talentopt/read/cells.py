"""From the text of cells to numbers and periods, whole columns at a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from talentopt.read.calendar import Calendar

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
"""A number as cells write it: no spaces, no commas, no underscores, no nan or inf."""


def figure(number: float | None) -> str:
    """Write a number for people: whole ones in full, with commas."""
    if number is None:
        return ""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,g}"


def numbers(series: pd.Series) -> np.ndarray:
    """Read cells that were checked to be numbers.

    Parameters
    ----------
    series : Series of str or float
        Cells of one column.

    Returns
    -------
    (n,) float64 array
        Blank cells are NaN.
    """
    return parse_numbers(series)[0]


def parse_numbers(series: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Read cells as numbers, and say which are none.

    Returns
    -------
    values : (n,) float64
        NaN where the cell is blank or no number.
    wrong : (n,) bool
        Cells that are neither blank nor finite numbers.
    """
    if series.dtype.kind in "fiu":
        return series.to_numpy(np.float64), np.zeros(len(series), bool)
    codes, texts = pd.factorize(series.to_numpy(object))
    value = np.full(len(texts) + 1, np.nan)
    bad = np.zeros(len(texts) + 1, bool)
    for i, text in enumerate(texts):
        if not text:
            continue
        if NUMBER.fullmatch(text):
            value[i] = float(text)
        bad[i] = not np.isfinite(value[i])
    value[bad] = np.nan
    return value[codes], bad[codes]


def parse_periods(series: pd.Series, calendar: Calendar) -> tuple[pd.Series, dict[str, str]]:
    """Read cells as periods of the calendar, and say which are none.

    Returns
    -------
    periods : Series of Int64
        0-based indices into the calendar; missing where the cell is blank
        or no period.
    wrong : dict of str to str
        Each text that is no period, and why.
    """
    codes, texts = pd.factorize(series.to_numpy(object))
    value = np.zeros(len(texts) + 1, np.int64)
    missing = np.ones(len(texts) + 1, bool)
    wrong: dict[str, str] = {}
    for i, text in enumerate(texts):
        if not text:
            continue
        try:
            value[i] = calendar.index(text)
            missing[i] = False
        except ValueError as error:
            wrong[text] = str(error)
    periods = pd.arrays.IntegerArray(value[codes], missing[codes])
    return pd.Series(periods, index=series.index), wrong
