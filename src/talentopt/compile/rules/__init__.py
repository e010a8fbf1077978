"""Rules on one pair or booking: one file each, named as in the model.

A rule's module offers ``allowed`` when it may stand under ``eligible``, with
``reason`` to say why a pair is not, and ``points`` when it may stand under
``points``. Each takes the rule's block of the model, a `Crossing` and a slice
of its seekers, and returns an array that broadcasts to (n_rows, n_providers);
points may be sparse, with no pair twice.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import issparse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import ModuleType

    from talentopt.compile.crossing import Crossing
    from talentopt.read.model import Eligibility, Points


def allowed(rules: Iterable[Eligibility], crossing: Crossing, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) bool: pairs that every rule allows."""
    every = np.ones(crossing.shape(rows), dtype=bool)
    for rule, module, spec in _named(rules):
        concerned = _concerned(rule, spec, crossing)
        every &= module.allowed(spec, crossing, rows) | ~concerned
    return every


def points(rules: Iterable[Points], crossing: Crossing, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) float64: summed points of every pair, not rounded."""
    total = np.zeros(crossing.shape(rows))
    for rule, module, spec in _named(rules):
        concerned = _concerned(rule, spec, crossing)
        given = module.points(spec, crossing, rows)
        if issparse(given):
            given = given.tocoo()
            total[given.row, given.col] += given.data * concerned[given.col]
        else:
            total += given if concerned.all() else np.where(concerned, given, 0.0)
    return total


def reasons(
    rules: Iterable[Eligibility], crossing: Crossing, seeker: int, provider: int
) -> Iterator[str]:
    """Say of each rule that forbids one pair why it does."""
    row = slice(seeker, seeker + 1)
    for rule, module, spec in _named(rules):
        if not _concerned(rule, spec, crossing)[provider]:
            continue
        every = np.broadcast_to(module.allowed(spec, crossing, row), crossing.shape(row))
        if not every[0, provider]:
            yield module.reason(spec, crossing, seeker, provider)


def _named(rules: Iterable[Eligibility | Points]) -> Iterator[tuple[Any, ModuleType, Any]]:
    for rule in rules:
        for name in type(rule).model_fields:
            spec = getattr(rule, name)
            if name != "stage" and spec is not None:
                yield rule, import_module(f"{__name__}.{name}"), spec


def _concerned(rule: Any, spec: Any, crossing: Crossing) -> np.ndarray:
    """(n_providers,) bool: providers of the stage that the rule is for."""
    concerned = np.ones(len(crossing.providers), dtype=bool)
    for stage in (rule.stage, spec.stage):
        if stage is not None and crossing.stages is not None:
            concerned &= crossing.stages == stage
    return concerned
