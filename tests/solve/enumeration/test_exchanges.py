"""Exchanges: the best combination of a small pool is found, and plans only ever gain."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from random_problems import SOFT_RULES, random_problem
from talentopt.problem import Assignment
from talentopt.problem.encode import encode
from talentopt.solve.control import Control, Limits
from talentopt.solve.enumeration.exchange import Cells, Pool, anneal
from talentopt.solve.enumeration.exchanges import exchange
from talentopt.solve.enumeration.generation import Generation, converge
from talentopt.solve.enumeration.structure import divide
from talentopt.solve.enumeration.work import Work
from talentopt.solve.integers import finite_bounds

ORDERED = tuple(rule for rule in SOFT_RULES if rule not in ("concurrent", "hours"))
PARTS, EACH, CELLS = 4, 4, 70


def random_pool(seed: int) -> tuple[Pool, Cells]:
    """Make a pool whose first itinerary of each part uses nothing."""
    random = np.random.default_rng(seed)
    uses = random.random((PARTS * EACH, CELLS)) < 0.06
    worth = np.sort(random.integers(1, 30, (PARTS, EACH)))[:, ::-1].astype(float).ravel()
    uses[EACH - 1 :: EACH] = False
    ptr = np.arange(0, PARTS * EACH + 1, EACH)
    owner, cells = map(np.ascontiguousarray, np.nonzero(uses))
    bits = np.zeros((len(uses), 2), np.uint64)
    np.bitwise_or.at(bits, (owner, cells >> 6), np.uint64(1) << (cells & 63).astype(np.uint64))
    cell_ptr = np.concatenate([[0], np.cumsum(uses.sum(axis=1))])
    least = (random.random(CELLS) < 0.2).astype(np.int64)
    limits = Cells(
        np.ones(CELLS, np.int64),
        least,
        np.ones(CELLS, np.int64),
        np.full(CELLS, 2.0),
        np.zeros(CELLS),
        np.full(2, np.iinfo(np.uint64).max),
    )
    return Pool(ptr, worth, worth, cell_ptr, cells, bits), limits


def worth_of(pool: Pool, cells: Cells, held: tuple[int, ...]) -> float:
    """Worth of a plan, -inf when it uses a cell twice."""
    used = np.zeros(CELLS, np.int64)
    for row in held:
        used[pool.cells[pool.cell_ptr[row] : pool.cell_ptr[row + 1]]] += 1
    if (used > cells.most).any():
        return -np.inf
    met = np.minimum(used, cells.least)
    return float(pool.worth[list(held)].sum() + met @ cells.short)


@pytest.mark.parametrize("seed", range(8))
def test_the_best_combination_is_found(seed: int) -> None:
    pool, cells = random_pool(seed)
    rows = [range(first, first + EACH) for first in pool.ptr[:-1].tolist()]
    expected = max(worth_of(pool, cells, held) for held in product(*rows))
    nothing = pool.ptr[1:] - 1
    random = np.random.default_rng(seed)
    held, best, value = anneal(pool, cells, nothing, PARTS, 300, (30.0, 1.0), random)
    assert value == pytest.approx(expected)
    assert worth_of(pool, cells, tuple(best.tolist())) == pytest.approx(expected)
    assert worth_of(pool, cells, tuple(held.tolist())) > -np.inf


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plan_only_ever_gains(seed: int) -> None:
    problem = random_problem(seed, ORDERED, people=6, placements=6, periods=8)
    model = encode(problem)
    control = Control(problem, Limits(seconds=2.0), warm=Assignment.of())
    before = control.value
    structure = divide(problem, model)
    generation = Generation(model, structure, finite_bounds(model), 1, Work())
    generation.begin(generation.prices)
    converge(generation, np.zeros(model.n_rows, dtype=bool), lambda: False, lambda _: None)
    exchange(generation, control, control.finished)
    assert control.value >= before
    assert control.value <= generation.bound + 1e-6
