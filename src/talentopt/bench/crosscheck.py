"""Holds all runs on an instance against each other: a bound must allow every known value."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talentopt.bench.runs import Record

TOLERANCE = 1e-6
"""Relative to the value: what rounding may change."""


def best_values(records: Iterable[Record]) -> dict[str, float]:
    """Best value known of each instance: published, stored or found here.

    Parameters
    ----------
    records : iterable of Record

    Returns
    -------
    dict of str to float
        Instances without any solution are left out.
    """
    known: dict[str, list[float]] = defaultdict(list)
    senses = {}
    for record in records:
        senses[record.instance] = max if record.sense == "max" else min
        found = (record.best_known, record.value if record.outcome == "solved" else None)
        known[record.instance] += [value for value in found if value is not None]
    return {instance: senses[instance](values) for instance, values in known.items() if values}


def flag_wrong_bounds(records: Iterable[Record]) -> list[Record]:
    """Flag every bound that excludes a value known to be possible.

    Returns
    -------
    list of Record
        All that carry a flag, also for other reasons.
    """
    records = list(records)
    best = best_values(records)
    for record in records:
        value = best.get(record.instance)
        if record.bound is None or value is None:
            continue
        beyond = value - record.bound if record.sense == "max" else record.bound - value
        if beyond > TOLERANCE * max(1.0, abs(value)):
            record.flag = f"WRONG BOUND: {record.bound:.6f} excludes the known value {value:.6f}"
    return [record for record in records if record.flag]
