"""One side's number is at least the other's, plus something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.compile.crossing import Crossing
    from talentopt.read.model import AtLeast


def allowed(rule: AtLeast, crossing: Crossing, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) bool: False where either number is blank."""
    seekers, providers = _numbers(rule, crossing)
    above = crossing.seekers.amounts(rule.above)[rows, None]
    if rule.of == "provider":
        return np.asarray(providers[None, :] >= seekers[rows, None] + above)
    return np.asarray(seekers[rows, None] >= providers[None, :] + above)


def reason(rule: AtLeast, crossing: Crossing, seeker: int, provider: int) -> str:
    """Say which two numbers are too close."""
    above = crossing.seekers.amounts(rule.above)[seeker]
    seekers, providers = _numbers(rule, crossing)
    mine = (str(crossing.seekers.ids[seeker]), seekers[seeker])
    other = (str(crossing.providers.ids[provider]), providers[provider])
    (high_id, high), (low_id, low) = (other, mine) if rule.of == "provider" else (mine, other)
    than = rule.than or rule.column
    margin = f" plus {above:g}" if above else ""
    return (
        f"{rule.column} of {high_id} ({_number(high)}) is not at least "
        f"{than} of {low_id} ({_number(low)}){margin}"
    )


def _numbers(rule: AtLeast, crossing: Crossing) -> tuple[np.ndarray, np.ndarray]:
    """(n_seekers,) and (n_providers,) float64: the numbers compared."""
    than = rule.than or rule.column
    mine, other = (than, rule.column) if rule.of == "provider" else (rule.column, than)
    return crossing.seekers.numbers(mine), crossing.providers.numbers(other)


def _number(value: float) -> str:
    return "blank" if np.isnan(value) else f"{value:g}"
