"""The share of a seeker's skill gaps that a provider can close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.compile.crossing import Crossing
    from talentopt.read.model import Number, SkillFit

SLACK = 1e-9
"""Fits are fractions: a fit that misses the minimum by this much meets it."""


def allowed(rule: SkillFit, crossing: Crossing, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) bool: False for seekers without gaps."""
    least = crossing.seekers.amounts(_least(rule))[rows, None]
    enough = crossing.fit.block(rows) >= least - SLACK
    return np.asarray(enough & crossing.fit.has_gaps(rows)[:, None])


def points(rule: SkillFit, crossing: Crossing, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) float64."""
    weight = crossing.seekers.amounts(1.0 if rule.weight is None else rule.weight)
    return np.asarray(crossing.fit.block(rows) * weight[rows, None])


def reason(rule: SkillFit, crossing: Crossing, seeker: int, provider: int) -> str:
    """Say how small the fit is."""
    row = slice(seeker, seeker + 1)
    seeker_id = crossing.seekers.ids[seeker]
    if not crossing.fit.has_gaps(row)[0]:
        return f"{seeker_id} has no skill gaps, so no provider fits"
    fit = crossing.fit.block(row)[0, provider]
    least = crossing.seekers.amounts(_least(rule))[seeker]
    provider_id = crossing.providers.ids[provider]
    return f"the skill fit of {seeker_id} with {provider_id} is {fit:.3g}, below {least:g}"


def _least(rule: SkillFit) -> Number:
    return 0.0 if rule.min is None else rule.min
