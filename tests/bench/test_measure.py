"""Real runs in processes of their own."""

from dataclasses import replace
from pathlib import Path

import pytest

from scenarios import small, write_scenario
from talentopt.bench.measure import measure
from talentopt.bench.plugins import Competitor, Instance
from talentopt.bench.registry import BenchError, Malformed, Registry, find_home
from talentopt.bench.runner import Plan, find_instances
from talentopt.bench.runs import Spec, Store

HOME = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def registry():
    return Registry(HOME)


@pytest.fixture
def spec(tmp_path, registry):
    tables, model = small()
    path = write_scenario(tmp_path / "scenario", tables, model)
    instance = Instance("mine/one", "scenario", path)
    return Spec(instance, registry.solvers()["greedy"], 0, 0.5, 1)


def test_a_run_is_measured_from_outside_audited_and_found_again(tmp_path, registry, spec):
    store = Store(tmp_path / "out")
    form = registry.format("scenario")
    record = measure(spec, form, HOME, store.run_folder(spec.name))
    assert record.outcome == "solved", record.message
    assert record.value == pytest.approx(record.claimed)
    assert record.wall > record.seconds
    assert record.cpu > 0
    assert record.memory > 20
    assert not record.flag
    trace = store.trace(record)
    assert trace[-1]["value"] == pytest.approx(record.value)
    store.save(record)
    assert store.find(spec) == record
    assert store.find(replace(spec, seconds=0.7)) is None
    with (spec.instance.path / "scenario.yaml").open("a") as file:
        file.write("# changed\n")
    assert store.find(spec) is None


def test_an_answer_that_breaks_a_rule_does_not_count(tmp_path, registry, spec):
    form = registry.format("scenario")

    class Lenient(type(form)):
        def judge(self, path, folder):
            (folder / "placements.csv").write_text("participant,placement,start\nnobody,x,1\n")
            return form.judge(path, folder)

    record = measure(spec, Lenient(), HOME, tmp_path / "run")
    assert record.outcome == "wrong"
    assert record.value is None


def test_a_process_that_dies_is_a_failed_run(tmp_path, registry, spec):
    unknown = Competitor("no-such-solver", "", lambda problem, control: None)
    record = measure(
        replace(spec, solver=unknown), registry.format("scenario"), HOME, tmp_path / "run"
    )
    assert record.outcome == "failed"
    assert "no-such-solver" in record.message


def test_absent_data_is_reported_and_unknown_names_are_refused(tmp_path, registry):
    plan = Plan(("gap", "reviewers"), ("greedy",), (0,), (1.0,), 1, 1, tmp_path, tmp_path / "out")
    instances, absent = find_instances(plan, registry)
    assert not instances
    assert set(absent) == {"gap", "reviewers"}
    with pytest.raises(BenchError, match="no set"):
        find_instances(replace(plan, sets=("nonsense",)), registry)
    with pytest.raises(BenchError, match="no benchmarks folder"):
        find_home(tmp_path)


def test_every_plugin_says_what_it_is(registry):
    assert {"small", "gap", "scenarios"} <= set(registry.sets())
    assert {"auto", "exact", "milp", "cbc", "scip", "sequential"} <= set(registry.solvers())
    for solver in registry.solvers().values():
        assert solver.setting
        assert isinstance(solver.absent(), str)


def test_named_files_are_read_before_anything_runs(tmp_path, registry):
    for folder, numbers in (("one", "1 1\n5\n1\n1\n"), ("two", "1 1\n7\n1\n1\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "g1").write_text(numbers)
        (tmp_path / folder / "README.md").write_text("about")
    sets = tuple(f"gap={tmp_path / folder}" for folder in ("one", "two"))
    plan = Plan(sets, ("greedy",), (0,), (1.0,), 1, 1, None, tmp_path / "out")
    instances, _ = find_instances(plan, registry)
    assert [instance.name for instance in instances] == ["gap/g1", "gap/g1-in-two"]
    (tmp_path / "two" / "g1").write_text("1 1\n7\nx\n1\n")
    with pytest.raises(Malformed, match="line 3: 'x' is not a number"):
        find_instances(plan, registry)
