"""Plan a scenario, plant events before each of three re-plans, and count everything again.

Usage::

    python -m benchmarks.cycles scenarios/northern-full -o OUT --time-limit 240 --cap 0.05

Before the first re-plan people leave, join and fall ill; before the second placements close and
mentors leave; before the third some of both happens. Every plan is audited, and what became of
the plan before is counted again from the files (`benchmarks.recount`). Ends with exit code 1 if
anything does not agree.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import yaml

from benchmarks.recount import Prices, recount
from talentopt.cycle.world import World


class Planter:
    """Plants events that hit the plan in force.

    Parameters
    ----------
    world : World
        Changed in place.
    plan : Path
        The plan in force.
    at : str
        The first month that may change.
    months : list of str
        Of the calendar.
    seed : int
    """

    def __init__(self, world: World, plan: Path, at: str, months: list[str], seed: int) -> None:
        self._world, self._at, self._months = world, at, months
        self._chance = random.Random(f"{seed} {at}")
        table = pd.read_csv(plan / "placements.csv", dtype=str, keep_default_na=False)
        stages = ("onboarding", "rotation", "targeted")
        self._later = table[(table["start"] > at) & table["stage"].isin(stages)]
        self._pairs = pd.read_csv(plan / "pairs.csv", dtype=str, keep_default_na=False)

    def people(self, count: int) -> str:
        """Let people leave, as many join, and as many fall ill when they are booked."""
        ids = sorted(set(self._later["participant"]))
        chosen = self._chance.sample(ids, 2 * count)
        for number, leaver in enumerate(chosen[:count]):
            newcomer = f"N{self._at}-{number}"
            self._world.copy(
                "participants", "id", leaver, {"id": newcomer, "start": self._at, "end": ""}
            )
            self._world.copy(
                "participant_skills", "participant", leaver, {"participant": newcomer}
            )
            self._world.remove("participants", leaver)
        for person in chosen[count:]:
            when = self._later[self._later["participant"] == person]["start"].iloc[0]
            span = {"person": person, "from": when, "to": when}
            self._world.drop("absences", span)
            self._world.add("absences", [span | {"reason": "illness"}])
            self._world.drop("bookings", {"participant": person, "status": "fixed"})
        return f"{count} leave, {count} join, {count} fall ill"

    def suppliers(self, placements: int, mentors: int) -> str:
        """Close placements to whoever has not begun, and let mentors of somebody leave."""
        busy = sorted(set(self._later["placement"]))
        for placement in self._chance.sample(busy, placements):
            months = [month for month in self._months if month >= self._at]
            for month in months:
                self._world.drop("seats", {"placement": placement, "period": month})
            rows = [{"placement": placement, "period": month, "seats": "0"} for month in months]
            self._world.add("seats", rows)
            self._world.drop("bookings", {"placement": placement, "status": "fixed"})
        known = set(self._world.ids("mentors"))
        leaving = self._chance.sample(sorted(known & set(self._pairs["provider"])), mentors)
        for mentor in leaving:
            self._world.remove("mentors", mentor)
        return f"{placements} placements close, {mentors} mentors leave"


def talentopt(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command."""
    line = [sys.executable, "-m", "talentopt", *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def told(plan: Path) -> str:
    """Repeat what plan.json says of a plan."""
    summary = json.loads((plan / "plan.json").read_text(encoding="utf-8"))
    gap = "unknown" if summary["gap"] is None else f"{summary['gap']:.2%}"
    short = summary["counts"]["shortages"]
    return f"{summary['objective']:,.2f} points, gap {gap}, {short} shortages"


def replan(options: argparse.Namespace, number: int, at: str, planted: str) -> bool:
    """Re-plan one cycle and check it; tell what was found."""
    scenario, before = options.output / f"s{number}", options.output / f"p{number - 1}"
    plan = options.output / f"p{number}"
    previous = ["--previous", str(before), "--at", at]
    caps = [f"{group}={options.cap}" for group in ("placements", "pairs")]
    begun = time.monotonic()
    found = talentopt(
        "reassign", str(scenario), *previous, "-o", str(plan), "--solver", options.solver,
        "--time-limit", str(options.time_limit), *(f"--cap={cap}" for cap in caps),
    )  # fmt: skip
    if found.returncode:
        print(f"{at}: {planted}; reassign ended with {found.returncode}\n{found.stderr[-2000:]}")
        return False
    limits = [f"--set=stability.caps.{cap}" for cap in caps]
    audit = talentopt("audit", str(scenario), str(plan), *previous, *limits)
    prices = Prices(options.pair_change, options.placement_change, options.cap, options.cap)
    count = recount(scenario, before, plan, at, prices)
    print(
        f"{at}: {planted}; {told(plan)}, {time.monotonic() - begun:.0f} s; audit "
        f"{audit.returncode}; {count.begun} begun; kept {count.kept_placements:.2%} of the "
        f"bookings, {count.kept_pairs:.2%} of the pairs; {count.moved_placements} bookings and "
        f"{count.moved_pairs} pairs changed at {count.price:,.0f} points; "
        f"{'; not so: '.join(['recount', *count.faults]) if count.faults else 'recount agrees'}",
        flush=True,
    )
    return not (audit.returncode or count.faults)


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("scenario", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--first", type=Path, help="a plan of the scenario that is there already")
    parser.add_argument("--solver", default="auto")
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--cap", type=float, default=1.0, help="share that may change")
    parser.add_argument("--share", type=float, default=0.005, help="of the people who are hit")
    parser.add_argument("--pair-change", type=float, default=15.0, help="price in the model")
    parser.add_argument("--placement-change", type=float, default=10.0, help="price in the model")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.output.mkdir(parents=True)
    first = options.output / "p0"
    if options.first:
        first.symlink_to(options.first.resolve())
    else:
        limit = str(options.time_limit)
        talentopt("solve", str(options.scenario), "-o", str(first), "--time-limit", limit)
    print(f"first plan: {told(first)}", flush=True)
    world = World(options.scenario)
    calendar = yaml.safe_load((options.scenario / "scenario.yaml").read_text())["calendar"]
    begin = pd.Period(calendar["start"], "M")
    months = [str(begin + number) for number in range(calendar["periods"])]
    hit = max(1, round(options.share * len(world.ids("participants"))))
    agrees = True
    for number in (1, 2, 3):
        at = months[6 * number]
        planter = Planter(world, options.output / f"p{number - 1}", at, months, options.seed)
        planted = [planter.people(hit if number == 1 else max(1, hit // 2))] if number != 2 else []
        planted += [planter.suppliers(2 if number == 2 else 1, hit)] if number != 1 else []
        world.write(options.output / f"s{number}", len(months))
        agrees &= replan(options, number, at, ", ".join(planted))
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
