"""Every point of an assignment as a row: they add up to the objective."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.plan.changes import changes
from talentopt.plan.names import Names, objects
from talentopt.plan.plan import SCORES
from talentopt.problem import measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.compile.index import Index
    from talentopt.problem import Assignment, Problem
    from talentopt.read.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Block:
    """Score rows of one kind.

    Attributes
    ----------
    rule, subject, object, period : (n,) object or str
        A `str` stands for the same text in every row.
    points : (n,) float64
    person : (n,) int64
        Whose total the points belong to; -1 = nobody's.
    """

    rule: np.ndarray | str
    subject: np.ndarray | str
    object: np.ndarray | str
    period: np.ndarray | str
    points: np.ndarray
    person: np.ndarray

    @classmethod
    def shared(
        cls,
        rule: str,
        subject: np.ndarray | str,
        object: np.ndarray | str,
        period: np.ndarray | str,
        points: np.ndarray,
    ) -> Block:
        """Make rows that belong to nobody's total."""
        return cls(rule, subject, object, period, points, np.full(len(points), -1))


def scores(
    problem: Problem, index: Index, scenario: Scenario, assignment: Assignment
) -> pd.DataFrame:
    """Write every point of an assignment as a row.

    Returns
    -------
    DataFrame
        With the columns and rows that `Plan.scores` describes.
    """
    names = Names.of(index, scenario.calendar)
    entries = [*_pairs(problem, names, assignment), *_bookings(problem, names, assignment)]
    losses = [
        *_missing(problem, index, names, assignment),
        *_itinerary(problem, names, assignment),
        *_links(problem, index, names, assignment),
    ]
    totals = np.zeros(problem.itineraries.n_people)
    for block in (*entries, *losses):
        owned = block.person >= 0
        np.add.at(totals, block.person[owned], block.points[owned])
    losses += _across(problem, index, names, assignment)
    losses += _changes(scenario, names, problem, assignment)
    losses += _worst_off(problem, names, totals)
    frames = [_frame(block) for block in entries]
    frames += [_frame(block, zeros=False) for block in losses]
    return pd.concat(frames, ignore_index=True)


def _frame(block: Block, *, zeros: bool = True) -> pd.DataFrame:
    """Make a table of a block, with or without the rows worth nothing."""
    length = len(block.points)
    texts = {
        name: np.full(length, value, dtype=object) if isinstance(value, str) else value
        for name, value in zip(
            SCORES, (block.rule, block.subject, block.object, block.period), strict=False
        )
    }
    # Adding 0.0 turns -0.0 into 0.0, which reads better in a file.
    frame = pd.DataFrame({**texts, "points": block.points + 0.0}, columns=list(SCORES))
    for name in texts:
        frame[name] = frame[name].astype(object)
    return frame if zeros else frame[frame["points"] != 0.0]


def _pairs(problem: Problem, names: Names, assignment: Assignment) -> Iterator[Block]:
    matchings, arcs = problem.matchings, assignment.arcs
    demand = measure.demand_of(matchings, arcs)
    yield Block(
        names.matchings[matchings.demand_matching[demand]],
        names.seekers[matchings.demand_seeker[demand]],
        names.providers[matchings.arc_provider[arcs]],
        "",
        matchings.arc_points[arcs],
        matchings.demand_person[demand],
    )


def _bookings(problem: Problem, names: Names, assignment: Assignment) -> Iterator[Block]:
    itineraries, options = problem.itineraries, assignment.options
    person = measure.person_of(itineraries, options)
    placement = itineraries.option_placement[options]
    yield Block(
        names.stages[itineraries.placement_stage[placement]],
        names.people[person],
        names.placements[placement],
        names.periods[assignment.starts],
        itineraries.option_points[options],
        person,
    )


def _missing(
    problem: Problem, index: Index, names: Names, assignment: Assignment
) -> Iterator[Block]:
    matchings, itineraries = problem.matchings, problem.itineraries
    short = np.maximum(measure.providers_missing(matchings, assignment.arcs), 0)
    yield Block(
        "missing",
        names.seekers[matchings.demand_seeker],
        names.matchings[matchings.demand_matching],
        "",
        -short * matchings.demand_missing,
        matchings.demand_person,
    )
    held = measure.placements_held(itineraries, assignment.options)
    short = np.maximum(itineraries.stage_min - held, 0)
    yield _per_person(names.stages, names, -short * itineraries.stage_missing)
    layers = objects(f"{stage}/{layer}" for stage, layer in index.hours)
    short = measure.hours_missing(itineraries, assignment.options)
    yield _per_person(layers, names, -short * itineraries.hours_missing)


def _per_person(of: np.ndarray, names: Names, points: np.ndarray) -> Block:
    """Make missing rows from points of shape (n_people, len(of))."""
    person, column = np.nonzero(points)
    return Block("missing", names.people[person], of[column], "", points[person, column], person)


def _itinerary(problem: Problem, names: Names, assignment: Assignment) -> Iterator[Block]:
    itineraries = problem.itineraries
    exclusive = measure.Exclusive(itineraries, assignment.options, assignment.starts)
    idle = measure.idle_periods(itineraries, exclusive) * itineraries.idle_price
    people = np.arange(itineraries.n_people)
    yield Block("idle", names.people, "", "", -idle, people)
    moves = measure.moved(itineraries, exclusive)
    person = exclusive.person[moves]
    yield Block(
        "move",
        names.people[person],
        names.placements[exclusive.placement[moves]],
        names.periods[exclusive.start[moves]],
        -itineraries.move_price[person],
        person,
    )


def _links(
    problem: Problem, index: Index, names: Names, assignment: Assignment
) -> Iterator[Block]:
    link, person = np.nonzero(measure.links_met(problem, assignment))
    yield Block(
        "link",
        names.people[person],
        objects(index.links)[link],
        "",
        problem.links.points[link, person],
        person,
    )


def _across(
    problem: Problem, index: Index, names: Names, assignment: Assignment
) -> Iterator[Block]:
    """Price what several people miss together: minimum seats, teams, quotas."""
    itineraries, rows = problem.itineraries, problem.rows
    used = measure.seats_used(itineraries, assignment.options, assignment.starts)
    placement, period = np.nonzero(measure.seats_empty(itineraries, used))
    empty = itineraries.min_seats[placement, period] - used[placement, period]
    if np.isfinite(itineraries.understaffed_price):
        points = -itineraries.understaffed_price * empty
        yield Block.shared(
            "understaffed", names.placements[placement], "", names.periods[period], points
        )
    missed = rows_missed(problem, assignment)
    for kind in ("team", "quota"):
        row = np.array([i for i, (of, _, _) in enumerate(index.rows) if of == kind], dtype=int)
        row = row[np.isfinite(rows.price[row])]
        yield Block.shared(
            kind,
            objects(index.rows[i][1] for i in row),
            objects(index.rows[i][2] for i in row),
            "",
            -missed[row] * rows.price[row],
        )


def rows_missed(problem: Problem, assignment: Assignment) -> np.ndarray:
    """(n_rows,) float64: units below the lower or above the upper bound of each row."""
    rows = problem.rows
    if len(rows) == 0:
        return np.zeros(0)
    activity = measure.row_activity(problem, assignment)
    return np.asarray(
        np.maximum(rows.lower - activity, 0.0) + np.maximum(activity - rows.upper, 0.0)
    )


def _changes(
    scenario: Scenario, names: Names, problem: Problem, assignment: Assignment
) -> Iterator[Block]:
    for rule, table in changes(scenario, names, problem, assignment).items():
        yield Block.shared(
            rule,
            table["subject"].to_numpy(dtype=object),
            table["object"].to_numpy(dtype=object),
            table["period"].to_numpy(dtype=object),
            table["points"].to_numpy(dtype=np.float64),
        )


def _worst_off(problem: Problem, names: Names, totals: np.ndarray) -> Iterator[Block]:
    if problem.worst_off and len(totals):
        worst = [int(np.argmin(totals))]
        points = problem.worst_off * totals[worst]
        yield Block.shared("worst_off", names.people[worst], "", "", points)
