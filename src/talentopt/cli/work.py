"""Running a solver from the command line: progress, interrupts, writing."""

from __future__ import annotations

import gc
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import click

from talentopt.cli.exits import INTERRUPTED
from talentopt.cli.interrupts import Interrupts
from talentopt.cli.progress import Display
from talentopt.insight.ledger import ledger, previous_ledger, write_ledger
from talentopt.insight.standing import Standing
from talentopt.pipeline import (
    Contradiction,
    NoPlan,
    Run,
    prepare,
    take_over,
    take_over_prices,
    usable_cores,
)
from talentopt.plan.files import refuse_occupied, write_plan
from talentopt.plan.made import made_with
from talentopt.plan.prices import write_prices
from talentopt.read.reader import read
from talentopt.solve.control import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from types import FrameType

    import pandas as pd

    from talentopt.edits.accept import Accepted
    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment

LOOK_SECONDS = 0.1
"""How often the waiting thread looks at the solver."""

PATIENCE_SECONDS = 1.5
"""How long an interrupted solver may take to stop by itself."""

LATE_SECONDS = 2.0
"""How much longer than the time limit a solver may take when there is a plan."""

OVERRUN = (10.0, 0.2)
"""Seconds, and share of the time limit, that it may take longer when there is none."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is solved, how, and where the plan goes."""

    scenario: Path
    folder: Path
    solver: str
    warm: Path | None
    report: bool
    force: bool
    export: Path | None
    reading: Mapping[str, Any] = field(default_factory=dict)
    """Keyword arguments of `talentopt.read.reader.read`."""
    language: str = "en"
    edits: Path | None = None
    """A workbook of a plan, changed by a planner."""
    alternatives: tuple[int, float] = (0, 0.0)
    """How many more plans are wanted, and the share of the value that they may lose."""


def run_job(job: Job, limits: Limits) -> int:
    """Solve a scenario and write the plan.

    Returns
    -------
    int
        The exit code.
    """
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        refuse_occupied(job.folder, force=job.force)
    except FileExistsError as error:
        raise click.UsageError(str(error)) from None
    scenario = read(job.scenario, **job.reading)
    for note in scenario.notes:
        click.echo(f"note: {note}", err=True)
    edits: list[str] = []
    accepted: Accepted | None = None
    if job.edits is not None:
        from talentopt.edits.accept import accept_edits

        accepted = accept_edits(scenario, job.edits)
        scenario, edits = accepted.scenario, accepted.said
        click.echo("\n".join(edits), err=True)
    earlier = previous_ledger(scenario)
    try:
        compiled = prepare(scenario)
    except Contradiction as found:
        if accepted is None:
            raise
        raise Contradiction(accepted.name_cells(found.conflicts)) from None
    if job.export is not None:
        from talentopt.solve.milp import export

        export(compiled.problem, job.export)
        click.echo(f"model written to {job.export}", err=True)
    warm = None if job.warm is None else take_over(compiled, scenario, job.warm)
    prices = None if job.warm is None else take_over_prices(compiled, scenario, job.warm)
    display = Display()
    run = Run(compiled, scenario, job.solver, limits, display, warm, prices)
    # Whoever interrupts after the search, while the plan is written, gets it too.
    with Interrupts(run.control.interrupt):
        _watch(run, display)
        try:
            plan = _result(run)
        except NoPlan:
            if not run.control.interrupted:
                raise
            click.echo("interrupted before there was a plan; nothing is written", err=True)
            return INTERRUPTED
        kept = made_with(job.reading, job.folder)
        if edits:
            # The bound holds among plans with these entries; whoever reads it must know.
            kept["accepted_edits"] = edits[1:]
        plan = replace(plan, summary={**plan.summary, **kept})
        plan = _write(job, plan, run, earlier)
    click.echo(_outcome(plan.summary, job.folder))
    if run.control.interrupted:
        return INTERRUPTED
    if job.alternatives[0] and run.control.best is not None:
        _write_alternatives(job, run, run.control.best)
    return 0


def limits_of(
    time_limit: float, gap: float, workers: int | None, seed: int, reproducible: bool
) -> Limits:
    """Make limits; all cores by default, one in reproducible mode."""
    cores = 1 if reproducible else usable_cores()
    return Limits(time_limit, gap, workers or cores, seed, reproducible)


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _watch(run: Run, display: Display) -> None:
    """Wait for the solver, show its progress, and do not wait for one that will not stop."""
    limit = run.limits.seconds
    without_plan = limit + max(OVERRUN[0], OVERRUN[1] * limit)
    with display, _set_aside():
        run.start()
        asked: float | None = None
        while not run.wait(LOOK_SECONDS):
            now = time.monotonic()
            display.show(now)
            if run.control.interrupted:
                asked = asked or now
                if now - asked > PATIENCE_SECONDS:
                    break
            elif not run.limits.reproducible:
                end = without_plan if run.control.best is None else limit + LATE_SECONDS
                if run.control.seconds > end:
                    break


@contextmanager
def _set_aside() -> Iterator[None]:
    """Leave what was read and compiled out of garbage collection, which takes long to pass it."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _result(run: Run) -> Plan:
    """Interpret what was found, and tell when the solver failed on the way."""
    plan = run.result()
    if run.error is not None:
        click.echo(
            f"{run.solver} failed ({type(run.error).__name__}: {run.error}); "
            "the best plan found before is written",
            err=True,
        )
    return plan


def _write(job: Job, plan: Plan, run: Run, earlier: pd.DataFrame) -> Plan:
    """Write the plan's folder; return the plan, compared with the previous one if any."""
    extras = _extras(job, plan, run, earlier)
    if run.scenario.previous is not None:
        plan, extras = _compared(run, plan, extras)
    write_plan(plan, job.folder, force=job.force, extras=extras)
    return plan


def _write_alternatives(job: Job, run: Run, best: Assignment) -> None:
    """Search for plans far from this one, as long again, and write them beside it."""
    from talentopt.explain.variants import Wish, variants

    count, within = job.alternatives
    wish = Wish(count, within, run.limits)
    folder = job.folder / "alternatives"
    for line in variants(run.scenario, run.compiled, best, run.control.bound, folder, wish):
        click.echo(line)
    if folder.exists():
        click.echo(f"side by side: talentopt compare {job.scenario} {job.folder} {folder}/*")


def _extras(job: Job, plan: Plan, run: Run, earlier: pd.DataFrame) -> Callable[[Path], None]:
    """Write what belongs to a plan besides its tables: the ledger, and reports if asked for."""

    def write(folder: Path) -> None:
        if run.control.best is not None:
            standing = Standing.holding(run.scenario, run.compiled, run.control.best)
            write_ledger(ledger(standing, earlier), folder)
        if run.control.prices is not None:
            write_prices(run.control.prices, run.compiled, run.scenario.calendar, folder)
        if job.report:
            from talentopt.report.write import Edition, write_reports

            write_reports(plan, run.scenario, folder, folder, Edition(job.language))

    return write


def _compared(
    run: Run, plan: Plan, extras: Callable[[Path], None]
) -> tuple[Plan, Callable[[Path], None]]:
    """Add what changed from the previous plan: shares kept, and every change with its reason."""
    from talentopt.cycle.compare import compare_with_previous
    from talentopt.plan.files import write_csv

    plan, changes = compare_with_previous(run.scenario, run.compiled, plan)
    kept = plan.summary["kept"]
    click.echo(
        f"kept {kept['placements']:.1%} of the previous placements and {kept['pairs']:.1%} "
        f"of the pairs; {len(changes)} changes, in changes.csv"
    )

    def write(folder: Path) -> None:
        write_csv(changes, folder / "changes.csv")
        extras(folder)

    return plan, write


def _outcome(summary: Any, folder: Path) -> str:
    """Say in a few lines what was reached and where it is."""
    bound = "unknown" if summary["bound"] is None else f"{summary['bound']:,.2f}"
    gap = "unknown" if summary["gap"] is None else f"{summary['gap']:.4%}"
    counts = summary["counts"]
    return (
        f"{summary['status']}: {summary['objective']:,.2f} points, bound {bound}, gap {gap}\n"
        f"{counts['pairs']} pairs, {counts['placements']} placements, "
        f"{counts['shortages']} shortages\n"
        f"plan: {folder}"
    )
