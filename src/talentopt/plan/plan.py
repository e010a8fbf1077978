"""A plan in memory: the tables of a plan folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

PAIRS = ("matching", "seeker", "provider", "points")
PLACEMENTS = ("participant", "placement", "stage", "start", "end", "points")
SHORTAGES = ("rule", "subject", "amount", "points", "reason")
SCORES = ("rule", "subject", "object", "period", "points")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is handed to the planner; periods are written as the calendar writes them.

    Attributes
    ----------
    pairs, placements, shortages, scores : DataFrame
        With the columns named in `PAIRS`, `PLACEMENTS`, `SHORTAGES` and
        `SCORES`; ids are `str`, points float64.

        Rows of `scores` are: a pair (matching, seeker, provider); a booking
        (stage, participant, placement, start); ``missing`` (seeker, matching)
        or (participant, stage) or (participant, ``stage/layer``);
        ``idle`` (participant); ``move`` (participant, placement moved to,
        its start); ``understaffed`` (placement, blank, period); ``team``
        (placement, skill); ``link`` (participant, ``matching/column/stage``);
        ``quota`` (quota); ``pair_change`` (seeker, ``matching/provider``);
        ``placement_change`` (participant, placement, previous start);
        ``worst_off`` (participant with the lowest total). Zero rows are left out,
        except pairs and bookings. Losses are negative.
    summary : mapping
        The content of ``plan.json``.
    """

    pairs: pd.DataFrame
    placements: pd.DataFrame
    shortages: pd.DataFrame
    scores: pd.DataFrame
    summary: Mapping[str, Any]
