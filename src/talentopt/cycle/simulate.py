"""A rolling simulation: time passes, and every cycle is re-planned under each policy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from talentopt.cycle.compare import compare_with_previous
from talentopt.cycle.events import Event, Happenings, Rates
from talentopt.cycle.figures import Figures, figures
from talentopt.cycle.world import World
from talentopt.pipeline import (
    Contradiction,
    NoPlan,
    Run,
    prepare,
    take_over,
    take_over_prices,
)
from talentopt.plan.files import write_csv, write_plan
from talentopt.plan.prices import write_prices
from talentopt.read.reader import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from talentopt.read.calendar import Calendar
    from talentopt.solve.control import Limits

LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Policy:
    """A way of re-planning that is tried.

    Attributes
    ----------
    name : str
    overrides : mapping of str to str
        Values by dotted path, as for ``--set``.
    publish : int or None
        Periods of each plan that are published, from its cycle's first on; the rest are
        drafts. None = all of it.
    """

    name: str
    overrides: Mapping[str, str] = field(default_factory=dict)
    publish: int | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What a simulation is made of.

    Attributes
    ----------
    scenario : Path
    folder : Path
        Gets ``scenarios/CYCLE``, ``plans/POLICY/CYCLE``, ``events.csv`` and ``simulation.csv``.
    cycles : int
        Plans made under each policy, the first one included.
    every : int or None
        Periods between two plans; None = the calendar's cycle.
    seed : int
        Of the events.
    policies : sequence of Policy
    solver : str
    limits : Limits
        Of each plan.
    rates : Rates
    """

    scenario: Path
    folder: Path
    cycles: int
    every: int | None
    seed: int
    policies: Sequence[Policy]
    solver: str
    limits: Limits
    rates: Rates


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a simulation came to.

    Attributes
    ----------
    table : DataFrame
        Columns of `Figures`, as in ``simulation.csv``.
    failed : dict of str to str
        Why a policy's next plan was impossible (for example because of a cap); it is not
        followed further.
    """

    table: pd.DataFrame
    failed: dict[str, str]


def simulate(setup: Setup, tell: Callable[[Figures], None]) -> Outcome:
    """Let time pass; every cycle is re-planned under every policy, from its own last plan.

    The calendar and the placements' windows grow by one cycle at a time, so that there is
    always as much ahead as in the beginning.

    Parameters
    ----------
    setup : Setup
    tell : callable
        Hears of every plan.

    Raises
    ------
    InputErrors
        If the scenario, or a policy's path, is invalid.
    """
    first = read(setup.scenario)
    calendar = first.calendar
    every = setup.every or calendar.cycle or max(1, calendar.n_periods // 4)
    world = World(setup.scenario)
    found: list[Figures] = []
    story: list[Event] = []
    failed: dict[str, str] = {}
    for cycle in range(setup.cycles):
        events = _pass_time(setup, world, calendar, cycle, every) if cycle else []
        story += events
        place = setup.folder / "scenarios" / str(cycle)
        world.write(place, calendar.n_periods + cycle * every)
        for policy in setup.policies:
            if policy.name in failed:
                continue
            try:
                found.append(_replan(setup, policy, place, calendar, cycle, every, events))
            except (Contradiction, NoPlan) as error:
                failed[policy.name] = f"cycle {cycle}: {error}"
            else:
                tell(found[-1])
        table = pd.DataFrame(found, columns=list(Figures._fields))
        write_csv(pd.DataFrame(story, columns=list(Event._fields)), setup.folder / "events.csv")
        write_csv(table, setup.folder / "simulation.csv")
    return Outcome(table, failed)


def _pass_time(
    setup: Setup, world: World, calendar: Calendar, cycle: int, every: int
) -> list[Event]:
    world.forget_previous()
    world.stay_open(lambda text: calendar.label(calendar.index(text) + every))
    return Happenings(
        world,
        calendar,
        setup.rates,
        seed=setup.seed,
        cycle=cycle,
        at=cycle * every,
        every=every,
        end=calendar.n_periods + setup.cycles * every,
    ).happen()


def _replan(
    setup: Setup,
    policy: Policy,
    place: Path,
    calendar: Calendar,
    cycle: int,
    every: int,
    events: list[Event],
) -> Figures:
    plans = setup.folder / "plans" / policy.name
    before = plans / str(cycle - 1) if cycle else None
    scenario = read(
        place,
        previous=before,
        at=calendar.label(cycle * every) if cycle else None,
        publish_until=_published(policy, calendar, cycle, every),
        overrides=policy.overrides,
    )
    compiled = prepare(scenario)
    warm = None if before is None else take_over(compiled, scenario, before)
    prices = None if before is None else take_over_prices(compiled, scenario, before)
    run = Run(compiled, scenario, setup.solver, setup.limits, None, warm, prices)
    run.start()
    while not run.wait(LOOK_SECONDS):
        pass
    plan = run.result()
    assert run.control.best is not None
    changes = None
    if scenario.previous is not None:
        plan, changes = compare_with_previous(scenario, compiled, plan)
    plan = replace(plan, summary={**plan.summary, "policy": policy.name})

    def extras(folder: Path) -> None:
        if changes is not None:
            write_csv(changes, folder / "changes.csv")
        if run.control.prices is not None:
            write_prices(run.control.prices, compiled, scenario.calendar, folder)

    write_plan(plan, plans / str(cycle), extras=extras)
    return figures(
        policy.name, cycle, every, scenario, compiled, run.control.best, plan, changes, events
    )


def _published(policy: Policy, calendar: Calendar, cycle: int, every: int) -> str | None:
    """First period of the last plan's drafts; None when all of it was published."""
    if policy.publish is None or not cycle:
        return None
    return calendar.label((cycle - 1) * every + policy.publish)
