"""Tiny scenarios, compiled, and read back by id."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass

import numpy as np
import pytest

from scenarios import write_scenario, write_table
from talentopt.compile.compiler import Compiled, compile_scenario
from talentopt.plan.plan import PAIRS, PLACEMENTS
from talentopt.problem import Assignment
from talentopt.problem.evaluate import Evaluation, evaluate
from talentopt.problem.starts import unpack
from talentopt.read.reader import read

CALENDAR = {"unit": "month", "start": "2026-01", "periods": 6}


@dataclass
class Case:
    """A compiled scenario whose arrays are asked for by id."""

    compiled: Compiled

    @property
    def problem(self):
        return self.compiled.problem

    @property
    def index(self):
        return self.compiled.index

    @property
    def itineraries(self):
        return self.problem.itineraries

    @property
    def conflicts(self):
        return [(conflict.source, conflict.message) for conflict in self.compiled.conflicts]

    def arc(self, matching, seeker, provider):
        """Find an arc's number; None without one."""
        matchings = self.problem.matchings
        role = self.index.matchings.index(matching)
        for demand in np.flatnonzero(matchings.demand_matching == role):
            if self.index.seekers[matchings.demand_seeker[demand]][1] != seeker:
                continue
            for arc in range(matchings.arc_ptr[demand], matchings.arc_ptr[demand + 1]):
                if self.index.providers[matchings.arc_provider[arc]][1] == provider:
                    return arc
        return None

    def pairs(self, matching="guide"):
        """Points of every pair of one matching, by (seeker, provider)."""
        matchings = self.problem.matchings
        demand = np.repeat(np.arange(matchings.n_demands), np.diff(matchings.arc_ptr))
        role = matchings.demand_matching[demand] == self.index.matchings.index(matching)
        return {
            (
                self.index.seekers[matchings.demand_seeker[demand[arc]]][1],
                self.index.providers[matchings.arc_provider[arc]][1],
            ): matchings.arc_points[arc]
            for arc in np.flatnonzero(role)
        }

    def option(self, person, placement):
        """Find an option's number; None without one."""
        keys = list(self.bookings())
        return keys.index((person, placement)) if (person, placement) in keys else None

    def bookings(self):
        """Points of every option, by (person, placement)."""
        itineraries = self.itineraries
        return {
            (self.index.people[person], self.index.placements[placement]): points
            for person, placement, points in zip(
                itineraries.option_person(),
                itineraries.option_placement,
                itineraries.option_points,
                strict=True,
            )
        }

    def starts(self, person="P1", placement="R1"):
        """Allowed starts of an option; empty without one."""
        option = self.option(person, placement)
        if option is None:
            return []
        masks = self.itineraries.option_starts[option : option + 1]
        return np.flatnonzero(unpack(masks, self.itineraries.n_periods)[0]).tolist()

    def row(self, *name):
        """Coefficients of one row by column, its bounds and its price."""
        rows = self.problem.rows
        number = self.index.rows.index(name)
        columns = rows.matrix[[number]].tocoo()
        cells = dict(zip(columns.col.tolist(), columns.data.tolist(), strict=True))
        return cells, rows.lower[number], rows.upper[number], rows.price[number]

    def evaluate(self, arcs=(), bookings=()) -> Evaluation:
        """Value pairs (matching, seeker, provider) and bookings (person, placement, start)."""
        options = [self.option(person, placement) for person, placement, _ in bookings]
        starts = [start for _, _, start in bookings]
        chosen = [self.arc(*pair) for pair in arcs]
        return evaluate(self.problem, Assignment.of(chosen, options, starts))


@pytest.fixture
def build(tmp_path):
    """Compile a scenario: ``build(tables, model, previous={...}, at=...)``."""

    numbers = itertools.count()

    def run(
        tables, model, *, previous=None, at=None, publish_until=None, calendar=CALENDAR
    ) -> Case:
        place = tmp_path / str(next(numbers))
        settings = {"calendar": calendar}
        if previous is not None:
            _write_plan(place / "previous", **previous)
            settings |= {"previous": "../previous", "at": at, "publish_until": publish_until}
        tables = {"participants": people("P1")} | tables
        folder = write_scenario(place / "scenario", tables, {"name": "test"} | model, **settings)
        return Case(compile_scenario(read(folder)))

    return run


def _write_plan(folder, pairs=(), placements=()):
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(json.dumps({}), encoding="utf-8")
    for table, names, rows in (
        ("pairs", PAIRS, pairs),
        ("placements", PLACEMENTS, placements),
    ):
        header = ",".join(names) + "\n"
        write_table(folder / f"{table}.csv", [_row(names, row) for row in rows] or header)


def _row(names, values):
    return dict(zip(names, [*values, *[""] * (len(names) - len(values))], strict=True))


def people(*ids, **columns):
    """Rows of people (or of any other table) that share columns."""
    return [{"id": key, **columns} for key in ids]


def post(key="R1", stage="rotation", duration=1, seats=9, **columns):
    """Row of one placement."""
    return {"id": key, "stage": stage, "duration": duration, "seats": seats, **columns}


def mentoring(**rules):
    """Model with one matching of participants and mentors."""
    return {"matchings": {"guide": {"seekers": "participants", "providers": "mentors", **rules}}}


def rotating(*stages, **rules):
    """Model with itineraries; one stage of rotations unless stages are given."""
    return {"itineraries": {"stages": list(stages) or [{"stage": "rotation"}], **rules}}
