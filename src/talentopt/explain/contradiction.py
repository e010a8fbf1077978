"""The smallest set of fixed entries and hard limits that cannot all hold."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from talentopt.explain.naming import Item, name_items
from talentopt.explain.relevant import relevant
from talentopt.problem.encode import encode
from talentopt.problem.feasible import SLACK
from talentopt.problem.starts import pack
from talentopt.solve.cpsat import cp_sat
from talentopt.solve.integers import to_integers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from talentopt.compile.index import Index
    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel

SWITCHED = (
    "fixed/option",
    "row_min/row",
    "row_max/row",
    "seats/placement/period",
    "capacity/provider",
    "role_capacity/matching/provider",
)
"""Kinds of rows that can be named in a contradiction; the others always hold."""


MOST_CHOICES = 300_000
"""Most pairs and starts to choose among; the solver's model of more takes too long to build."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something named that can be switched off: a kind and its indices."""

    kind: str
    ids: tuple[int, ...]


def smallest_contradiction(
    problem: Problem, index: Index, periods: Sequence[str], *, seconds: float = 10.0
) -> tuple[Item, ...] | None:
    """Find a smallest set of fixed entries and hard limits that contradict each other.

    A first set comes from CP-SAT's assumptions, is shrunk by leaving out one
    fact after the other, and is confirmed by solving. Smaller ones are then looked
    for by hitting sets: every set of facts that leaves out a
    correction, i.e. facts whose removal makes the rest possible, is possible itself
    (Ignatiev et al., "Smallest MUS extraction with minimal hitting set
    dualization", 2015).

    Parameters
    ----------
    problem : Problem
    index : Index
    periods : sequence of str
        Name of each period.
    seconds : float
        After which the smallest set known is returned.

    Returns
    -------
    tuple of Item or None
        Empty when nothing is contradictory; None when nothing was proven in
        time, or the question is too large to ask.
    """
    alone = _beyond_reach(problem)
    if alone:
        return name_items(problem, index, periods, [("row_min/row", (alone[0],))])
    part = relevant(problem)
    if part is None:
        return ()
    if _choices(part) > MOST_CHOICES:
        return None
    question = _Question(encode(_unpinned(part)), part, time.monotonic() + seconds)
    core = question.core(question.facts)
    if core is None:
        return None if question.late else ()
    core = _smaller(question, _shrunk(question, core))
    return name_items(part, index, periods, [(fact.kind, fact.ids) for fact in core])


def _beyond_reach(problem: Problem) -> list[int]:
    """List the hard minima that everything they count together does not reach."""
    rows, events = problem.rows, problem.events
    may = np.ones(rows.matrix.shape[1], dtype=bool)
    if len(events):
        may[-len(events) :] = np.diff(events.ptr) > 0
    most = np.maximum(rows.matrix.data, 0.0) * may[rows.matrix.indices]
    row = np.repeat(np.arange(len(rows)), np.diff(rows.matrix.indptr))
    reach = np.bincount(row, most, minlength=len(rows))
    return np.flatnonzero(np.isinf(rows.price) & (rows.lower > reach + SLACK)).tolist()


def _unpinned(problem: Problem) -> Problem:
    """Let what is fixed at one start begin whenever it fits, as it could were it not fixed.

    That is more than its windows allow, so that no set is named which would not suffice.
    """
    itineraries = problem.itineraries
    fixed = itineraries.fixed_options
    pinned = fixed[np.bitwise_count(itineraries.option_starts[fixed]).sum(axis=1) == 1]
    duration = itineraries.placement_duration[itineraries.option_placement[pinned]]
    fits = np.arange(itineraries.n_periods) <= itineraries.n_periods - duration[:, None]
    masks = itineraries.option_starts.copy()
    masks[pinned] |= pack(fits)
    return replace(problem, itineraries=replace(itineraries, option_starts=masks))


def _choices(problem: Problem) -> int:
    """Count the pairs and the starts of bookings that may be chosen."""
    starts = np.bitwise_count(problem.itineraries.option_starts).sum()
    return problem.matchings.n_arcs + int(starts)


def _shrunk(question: _Question, core: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Leave out every fact without which the others still contradict each other."""
    needed = list(core)
    for fact in core:
        if fact not in needed:
            continue
        rest = question.core([other for other in needed if other != fact])
        if rest is not None:
            needed = [other for other in needed if other in rest]
    return tuple(needed)


def _smaller(question: _Question, core: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Look for a contradiction with fewer facts until there is none, or time is over."""
    corrections: list[frozenset[Fact]] = []
    while not question.late:
        hit = _hitting_set(corrections)
        if len(hit) >= len(core):
            return core
        possible = question.possible(hit)
        if possible is None:
            return core
        if not possible:
            return hit
        corrections.append(_correction(question, hit))
    return core


def _correction(question: _Question, facts: Iterable[Fact]) -> frozenset[Fact]:
    """Facts whose removal makes everything else, with `facts`, possible."""
    held = question.most(facts)
    return frozenset(question.facts) - held


def _hitting_set(corrections: list[frozenset[Fact]]) -> tuple[Fact, ...]:
    """Fewest facts with one of each correction."""
    program = cp_model.CpModel()
    facts = sorted({fact for correction in corrections for fact in correction}, key=repr)
    chosen = {fact: program.new_bool_var("") for fact in facts}
    for correction in corrections:
        program.add_bool_or([chosen[fact] for fact in sorted(correction, key=repr)])
    program.minimize(sum(chosen.values()))
    solver = cp_sat(workers=1)
    solver.solve(program)
    return tuple(fact for fact in facts if solver.value(chosen[fact]))


class _Question:
    """Whether facts can hold together, asked of CP-SAT without an objective."""

    def __init__(self, model: LinearModel, problem: Problem, deadline: float) -> None:
        self._deadline = deadline
        self._program = cp_model.CpModel()
        self._switch: dict[Fact, cp_model.IntVar] = {}
        integers = to_integers(model)
        lower = integers.lower.copy()
        fixed = problem.matchings.fixed_arcs
        lower[fixed] = 0
        columns = [
            self._program.new_int_var(low, high, "")
            for low, high in zip(lower.tolist(), integers.upper.tolist(), strict=True)
        ]
        for arc in fixed.tolist():
            literal = self._literal(Fact("fixed/arc", (arc,)))
            self._program.add(columns[arc] == 1).only_enforce_if(literal)
        self._pin(model, problem, columns)
        self._add_rows(model, integers.matrix, (integers.row_lower, integers.row_upper), columns)
        self.facts = tuple(self._switch)

    def _pin(self, model: LinearModel, problem: Problem, columns: list[cp_model.IntVar]) -> None:
        """Forbid the starts that a fixed entry forbids, as long as it is fixed."""
        allowed = problem.itineraries.may_start(model.start_option, model.start_period)
        for start in np.flatnonzero(~allowed).tolist():
            literal = self._literal(Fact("fixed/option", (int(model.start_option[start]),)))
            column = columns[model.n_arcs + start]
            self._program.add(column == 0).only_enforce_if(literal)

    def _add_rows(
        self,
        model: LinearModel,
        matrix: object,
        bounds: tuple[np.ndarray, np.ndarray],
        columns: list[cp_model.IntVar],
    ) -> None:
        from scipy.sparse import csr_array

        entries = csr_array(matrix)
        for row in range(model.n_rows):
            inside = slice(entries.indptr[row], entries.indptr[row + 1])
            total = cp_model.LinearExpr.weighted_sum(
                [columns[column] for column in entries.indices[inside]],
                entries.data[inside].tolist(),
            )
            kind = model.kinds[model.row_kind[row]]
            low, high = int(bounds[0][row]), int(bounds[1][row])
            if kind not in SWITCHED:
                self._program.add_linear_constraint(total, low, high)
                continue
            ids = tuple(number for number in model.row_ids[row].tolist() if number >= 0)
            if np.isfinite(model.row_lower[row]):
                literal = self._literal(Fact(_below(kind), ids))
                self._program.add(total >= low).only_enforce_if(literal)
            if np.isfinite(model.row_upper[row]) and kind != "fixed/option":
                literal = self._literal(Fact(kind, ids))
                self._program.add(total <= high).only_enforce_if(literal)

    def _literal(self, fact: Fact) -> cp_model.IntVar:
        return self._switch.setdefault(fact, self._program.new_bool_var(""))

    @property
    def late(self) -> bool:
        """Whether time is over."""
        return time.monotonic() >= self._deadline

    def core(self, facts: Sequence[Fact]) -> tuple[Fact, ...] | None:
        """Facts among these that contradict each other; None when not proven."""
        solver = self._solver()
        self._program.clear_assumptions()
        self._program.add_assumptions([self._switch[fact] for fact in facts])
        if solver.solve(self._program) != cp_model.INFEASIBLE:
            return None
        found = set(solver.sufficient_assumptions_for_infeasibility())
        return tuple(fact for fact in facts if self._switch[fact].index in found)

    def possible(self, facts: Sequence[Fact]) -> bool | None:
        """Whether facts can hold together; None when time ran out."""
        solver = self._solver()
        self._program.clear_assumptions()
        self._program.add_assumptions([self._switch[fact] for fact in facts])
        status = solver.solve(self._program)
        if status == cp_model.UNKNOWN:
            return None
        return bool(status != cp_model.INFEASIBLE)

    def most(self, facts: Iterable[Fact]) -> frozenset[Fact]:
        """As many facts as can hold with these, as far as time allows."""
        solver = self._solver()
        self._program.clear_assumptions()
        program = self._program.clone()
        literals = {
            fact: program.get_bool_var_from_proto_index(switch.index)
            for fact, switch in self._switch.items()
        }
        program.add_bool_and([literals[fact] for fact in facts])
        program.maximize(sum(literals.values()))
        if solver.solve(program) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return frozenset(facts)
        return frozenset(fact for fact, literal in literals.items() if solver.value(literal))

    def _solver(self) -> cp_model.CpSolver:
        solver = cp_sat(workers=1)
        solver.parameters.max_time_in_seconds = max(0.1, self._deadline - time.monotonic())
        return solver


def _below(kind: str) -> str:
    return "min_seats/placement/period" if kind == "seats/placement/period" else kind
