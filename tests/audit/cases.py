"""Tiny scenarios and hand-written plans, judged."""

from __future__ import annotations

import itertools
import json

import pytest

from scenarios import write_scenario, write_table
from talentopt.audit.check import audit
from talentopt.read.reader import read

READ = {}
"""Scenarios read before: many tests judge several plans of the same one."""

YEAR = {"unit": "month", "start": "2026-01", "periods": 12}


def write_plan(folder, pairs=(), placements=(), shortages=None, scores=None, summary=None):
    """Write a plan by hand; pairs and placements are tuples in the columns' order."""
    folder.mkdir(exist_ok=True)
    if pairs:
        names = ("matching", "seeker", "provider", "points")
        write_table(folder / "pairs.csv", [dict(zip(names, row, strict=False)) for row in pairs])
    if placements:
        names = ("participant", "placement", "start", "stage", "end", "points")
        rows = [dict(zip(names, row, strict=False)) for row in placements]
        write_table(folder / "placements.csv", rows)
    if shortages is not None:
        (folder / "shortages.csv").write_text(shortages, encoding="utf-8")
    if scores is not None:
        (folder / "scores.csv").write_text(scores, encoding="utf-8")
    if summary is not None or not (pairs or placements):
        (folder / "plan.json").write_text(json.dumps(summary or {}), encoding="utf-8")
    return folder


@pytest.fixture
def judge(tmp_path):
    """Judge a plan of a scenario: ``judge(tables, model, pairs=[...], placements=[...])``."""

    numbers = itertools.count()

    def run(tables, model, *, previous=None, at=None, publish_until=None, calendar=YEAR, **plan):
        place = tmp_path / str(next(numbers))
        place.mkdir()
        settings = {"calendar": calendar}
        if previous is not None:
            write_plan(place / "previous", **previous)
            settings |= {"previous": "../previous", "at": at, "publish_until": publish_until}
        tables = {"participants": people("P1")} | tables
        facts = json.dumps([tables, model, settings])
        if previous is not None or facts not in READ:
            folder = place / "scenario"
            READ[facts] = read(
                write_scenario(folder, tables, {"name": "test"} | model, **settings)
            )
        return audit(READ[facts], write_plan(place / "plan", **plan))

    return run


def people(*ids, **columns):
    return [{"id": key, **columns} for key in ids]


def mentoring(**rules):
    """A model with one matching, `guide`, of participants with mentors."""
    return {"matchings": {"guide": {"seekers": "participants", "providers": "mentors", **rules}}}


def rotating(*stages, **rules):
    """A model with itineraries; without stages given, one stage `work`."""
    listed = [{"stage": "work"} if not stages else None, *stages]
    return {"itineraries": {"stages": [stage for stage in listed if stage], **rules}}


def post(key, stage="work", **columns):
    """A placement with plenty of seats and a duration of 2."""
    return {"id": key, "stage": stage, "duration": 2, "seats": 9, **columns}


def points(verdict):
    """Points by (rule, subject, object, period)."""
    table = verdict.scores
    keys = zip(table["rule"], table["subject"], table["object"], table["period"], strict=True)
    return dict(zip(keys, table["points"], strict=True))


def broken(verdict):
    """Rule and subject of every violation."""
    return [(rule, subject) for rule, subject, _ in verdict.violations]


def only_message(verdict):
    """The one violation's message."""
    assert len(verdict.violations) == 1, verdict.violations
    return verdict.violations[0].message
