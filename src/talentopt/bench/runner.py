"""Runs sets × solvers × seeds × limits, skipping what is finished."""

from __future__ import annotations

import csv
import fcntl
import io
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from talentopt.bench.crosscheck import flag_wrong_bounds
from talentopt.bench.measure import blank_record, measure
from talentopt.bench.plugins import Absent, Instance, Places
from talentopt.bench.registry import BenchError, Malformed, Registry
from talentopt.bench.runs import Record, Spec, Store, sources_hash, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from talentopt.bench.plugins import Competitor


@dataclass(frozen=True, slots=True)
class Plan:
    """What is benchmarked.

    Attributes
    ----------
    sets : tuple of str
        ``SET``, ``SET:PATTERN`` (of instance names), ``FORMAT=PATH`` or the
        path of a scenario.
    solvers : tuple of str
    seeds : tuple of int
    limits : tuple of float
        Seconds.
    workers, jobs : int
        Threads of one run; runs at a time.
    data : Path or None
    folder : Path
    """

    sets: tuple[str, ...]
    solvers: tuple[str, ...]
    seeds: tuple[int, ...]
    limits: tuple[float, ...]
    workers: int
    jobs: int
    data: Path | None
    folder: Path


def find_instances(plan: Plan, registry: Registry) -> tuple[list[Instance], dict[str, str]]:
    """Collect the instances, and the sets that are absent with the reason.

    Raises
    ------
    BenchError
        If there is no such set, or a pattern matches nothing of a set that is there.
    Malformed
        If a file that was named cannot be read, with all that is wrong.
    """
    made = plan.folder / "instances"
    made.mkdir(parents=True, exist_ok=True)
    places = Places(plan.data, made, registry.home)
    found: dict[str, Instance] = {}
    absent = {}
    for wanted in plan.sets:
        try:
            for instance in _find(wanted, registry, places):
                name = instance.name
                if name in found and found[name].path != instance.path:
                    # Some formats name all their files alike.
                    name += f"-in-{instance.path.resolve().parent.name}"
                found[name] = replace(instance, name=name)
        except Absent as reason:
            absent[wanted] = str(reason)
    return list(found.values()), absent


def _find(wanted: str, registry: Registry, places: Places) -> list[Instance]:
    sets = registry.sets()
    name, _, pattern = wanted.partition(":")
    if name in sets:
        instances = sets[name].find(places)
        if not instances:
            raise Absent(f"the set {name} has no instances there")
        if not pattern:
            return instances
        chosen = [i for i in instances if fnmatch(i.name.partition("/")[2], pattern)]
        if not chosen:
            raise BenchError(f"no instance of {name} matches {pattern!r}")
        return chosen
    form, equals, text = wanted.partition("=")
    path = Path(text if equals else wanted)
    if not path.exists():
        raise BenchError(
            f"{wanted!r} is no set, no FORMAT=PATH and no scenario; sets: {', '.join(sets)}"
        )
    form = form if equals else "scenario"
    reader = registry.format(form)
    files = [path]
    if path.is_dir() and reader.files:
        files = sorted({file for names in reader.files for file in path.rglob(names)})
        files = [file for file in files if file.is_file()]
        if not files:
            raise BenchError(f"{path} holds no files named {' or '.join(reader.files)}")
    if mistakes := [mistake for file in files if (mistake := reader.check(file))]:
        raise Malformed("\n".join(mistakes))
    return [Instance(f"{form}/{file.resolve().name}", form, file) for file in files]


def run_benchmark(
    plan: Plan, registry: Registry, tell: Callable[[str], None]
) -> tuple[list[Record], dict[str, str]]:
    """Run everything that is not finished, hold the results against each other, write the CSV.

    Parameters
    ----------
    plan : Plan
    registry : Registry
    tell : callable
        Is given a line of news.

    Returns
    -------
    records : list of Record
        In the order instance, solver, seed, limit.
    absent : dict of str to str
        Sets that are not here, with the reason.
    """
    competitors = _competitors(plan, registry)
    store = Store(plan.folder)
    with _only_one(plan.folder):
        instances, absent = find_instances(plan, registry)
        for name, reason in absent.items():
            tell(f"{name}: absent: {reason}")
        missing = {solver.name: solver.absent() for solver in competitors}
        for name, reason in missing.items():
            if reason:
                tell(f"solver {name}: absent: {reason}")
        specs = [
            Spec(instance, solver, seed, seconds, plan.workers)
            for instance in instances
            for solver in competitors
            for seed in plan.seeds
            for seconds in plan.limits
        ]
        records = _run_all(plan, registry, store, specs, missing, tell)
        flag_wrong_bounds(records)
        write_results(records, plan.folder / "results.csv")
    return records, absent


def _competitors(plan: Plan, registry: Registry) -> list[Competitor]:
    known = registry.solvers()
    for name in plan.solvers:
        if name not in known:
            raise BenchError(f"there is no solver {name!r}; there are {', '.join(known)}")
    return [known[name] for name in plan.solvers]


def _run_all(
    plan: Plan,
    registry: Registry,
    store: Store,
    specs: Sequence[Spec],
    missing: dict[str, str],
    tell: Callable[[str], None],
) -> list[Record]:
    done: dict[str, Record] = {}
    for spec in specs:
        if reason := missing[spec.solver.name]:
            sense = registry.format(spec.instance.format).sense
            done[spec.name] = blank_record(spec, sense, outcome="absent", message=reason)
        elif record := store.find(spec):
            done[spec.name] = record
    rest = [spec for spec in specs if spec.name not in done]
    tell(f"{len(specs)} runs, {len(specs) - len(rest)} of them finished before or absent")
    _warm_up(plan, rest, tell)

    stop = threading.Event()

    def work(spec: Spec) -> Record:
        form = registry.format(spec.instance.format)
        return measure(spec, form, registry.home, store.run_folder(spec.name), stop=stop)

    with ThreadPoolExecutor(plan.jobs) as pool:
        futures = [pool.submit(work, spec) for spec in rest]
        try:
            for future in as_completed(futures):
                record = future.result()
                store.save(record)
                done[record.name] = record
                tell(f"[{len(done)}/{len(specs)}] {describe(record)}")
        except BaseException:
            stop.set()
            for future in futures:
                future.cancel()
            raise
    return [done[spec.name] for spec in specs]


def _warm_up(plan: Plan, rest: Sequence[Spec], tell: Callable[[str], None]) -> None:
    """Let solvers that compile code on their first run do so before anything is measured."""
    mark = plan.folder / "warm.json"
    compiles = any(spec.solver.compiles for spec in rest)
    if not compiles or (mark.exists() and sources_hash() in mark.read_text(encoding="utf-8")):
        return
    from talentopt.warm import warm_up

    tell("compiling (not measured)")
    if warm_up(plan.workers * plan.jobs) is None:
        tell("compiled code cannot be kept, so every run compiles anew: set NUMBA_CACHE_DIR")
    write_json(mark, {"sources": sources_hash()})


def describe(record: Record) -> str:
    """Say in a line what came of a run."""
    text = f"{record.instance} {record.solver} seed {record.seed}: {record.outcome}"
    if record.value is not None:
        text += f" {record.value:,.2f}"
    if record.bound is not None:
        text += f", bound {record.bound:,.2f}"
    if record.wall is not None:
        text += f" ({record.seconds or 0:.1f} s of {record.wall:.1f} s, {record.memory:.0f} MB)"
    for note in (record.message, record.flag):
        text += f"; {note}" if note else ""
    return text


def write_results(records: Sequence[Record], path: Path) -> None:
    """Write one line per run."""
    table = io.StringIO()
    writer = csv.DictWriter(table, [field.name for field in fields(Record)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(record) for record in records)
    draft = path.with_suffix(".tmp")
    draft.write_text(table.getvalue(), encoding="utf-8")
    draft.replace(path)


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold a lock that the system releases when the process dies."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BenchError(f"another benchmark is working in {folder}") from error
        yield
