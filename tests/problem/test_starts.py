import numpy as np
import pytest

from talentopt.problem.starts import free_runs, holds, only, pack, unpack


@pytest.mark.parametrize("n_periods", [1, 12, 64, 65, 130])
def test_masks_keep_every_period(n_periods):
    allowed = np.random.default_rng(n_periods).random((5, n_periods)) < 0.5
    masks = pack(allowed)
    assert masks.shape == (5, -(-n_periods // 64))
    assert (unpack(masks, n_periods) == allowed).all()
    for period in range(n_periods):
        assert (holds(masks, np.full(5, period)) == allowed[:, period]).all()
        assert holds(only(period, masks.shape[1])[None], np.array([period])).all()


def test_nothing_outside_the_masks():
    masks = pack(np.ones((2, 3), dtype=bool))
    assert not holds(masks, np.array([-1, 64])).any()
    assert not only(-1, 1).any()
    assert not only(64, 1).any()


def test_runs_need_every_period_free():
    free = np.array([[1, 1, 0, 1, 1, 1]], dtype=bool)
    assert free_runs(free, 1).nonzero()[1].tolist() == [0, 1, 3, 4, 5]
    assert free_runs(free, 2).nonzero()[1].tolist() == [0, 3, 4]
    assert free_runs(free, 3).nonzero()[1].tolist() == [3]
    assert not free_runs(free, 7).any()
