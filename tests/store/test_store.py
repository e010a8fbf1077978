"""The plan store, on SQLite and, when TALENTOPT_TEST_POSTGRES is set, on PostgreSQL."""

from __future__ import annotations

import json
import os
import threading
import uuid

import pytest

from talentopt.store.store import KEPT, PlanStore, PublishedMeanwhileError, StoreError

POSTGRES = os.environ.get("TALENTOPT_TEST_POSTGRES")


@pytest.fixture(params=["sqlite", *(["postgres"] if POSTGRES else [])])
def address(request, tmp_path):
    if request.param == "postgres":
        return POSTGRES
    return str(tmp_path / "plans.sqlite")


@pytest.fixture
def store(address):
    opened = PlanStore(address)
    yield opened
    opened.close()


@pytest.fixture
def programme():
    """Name a programme that no other test uses, as a server keeps its tables."""
    return f"north {uuid.uuid4()}"


def plan_folder(folder, objective=1.0):
    folder.mkdir()
    for name in KEPT:
        (folder / name).write_text(f"{name}\n007,NA\n", encoding="utf-8")
    summary = {"objective": objective, "bound": 2.0, "status": "feasible", "scenario_hash": "ab"}
    (folder / "plan.json").write_text(json.dumps(summary), encoding="utf-8")
    return folder


def test_a_published_plan_comes_back_byte_by_byte(store, programme, tmp_path):
    plan = plan_folder(tmp_path / "plan")
    publication = store.publish(plan, programme, by="Li", note="first")
    back = store.restore(programme, 1, tmp_path / "back")
    assert publication.cycle == 1
    for name in KEPT:
        assert (back / name).read_bytes() == (plan / name).read_bytes()


def test_what_the_next_cycle_starts_from_is_kept_too(store, programme, tmp_path):
    plan = plan_folder(tmp_path / "plan")
    (plan / "warm.npz").write_bytes(b"\0prices")
    (plan / "report.html").write_text("made again when needed", encoding="utf-8")
    store.publish(plan, programme)
    back = store.restore(programme, 1, tmp_path / "back")
    assert (back / "warm.npz").read_bytes() == b"\0prices"
    assert not (back / "report.html").exists()


def test_history_lists_cycles_in_order(store, programme, tmp_path):
    plan = plan_folder(tmp_path / "plan", objective=5.5)
    store.publish(plan, programme, by="Li")
    store.publish(plan, programme, by="Wang", after=1)
    cycles = store.history(programme)
    assert [(p.cycle, p.published_by, p.objective) for p in cycles] == [
        (1, "Li", 5.5),
        (2, "Wang", 5.5),
    ]
    assert cycles[0].published_at.tzinfo is not None


def test_an_overtaken_planner_is_told_and_nothing_is_lost(store, programme, tmp_path):
    plan = plan_folder(tmp_path / "plan")
    store.publish(plan, programme, by="Li", after=0)
    with pytest.raises(PublishedMeanwhileError, match="published by Li"):
        store.publish(plan, programme, by="Wang", after=0)
    assert [p.published_by for p in store.history(programme)] == ["Li"]
    assert (plan / "plan.json").exists()


def test_of_simultaneous_publishers_exactly_one_wins_each_cycle(address, programme, tmp_path):
    plan = plan_folder(tmp_path / "plan")
    barrier = threading.Barrier(4)
    outcomes = []

    def publish(name):
        store = PlanStore(address)
        barrier.wait()
        try:
            outcomes.append(store.publish(plan, programme, by=name, after=0).published_by)
        except PublishedMeanwhileError:
            outcomes.append(None)
        store.close()

    PlanStore(address).close()
    threads = [threading.Thread(target=publish, args=(f"planner {i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [name for name in outcomes if name]
    store = PlanStore(address)
    assert len(outcomes) == 4
    assert len(winners) == 1
    assert [p.published_by for p in store.history(programme)] == winners
    store.close()


def test_missing_things_are_named(store, programme, tmp_path):
    with pytest.raises(StoreError, match="no plan folder"):
        store.publish(tmp_path, programme)
    with pytest.raises(StoreError, match="none yet"):
        store.show(programme, 3)
    plan = plan_folder(tmp_path / "plan")
    store.publish(plan, programme)
    with pytest.raises(StoreError, match="exists already"):
        store.restore(programme, 1, plan)
    with pytest.raises(StoreError, match="published: 1"):
        store.show(programme, 2)
