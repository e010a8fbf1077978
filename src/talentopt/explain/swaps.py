"""Giving one person another provider, with room made by one other person at most."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from talentopt.insight.exchanges import Exchanges, price
from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import Evaluation, evaluate
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from talentopt.problem import Problem

Step = tuple[int, tuple[int, ...]]
"""An arc that is made and the arcs that are undone for it."""

Gain = tuple[float, float]
"""Change of the plan's value, and of the total of the person whose step it is."""


class PairSwaps:
    """Values of a person's other pairs.

    Parameters
    ----------
    problem : Problem
    assignment : Assignment
        An allowed plan.
    evaluation : Evaluation
        Of this plan.
    person : int
    """

    def __init__(
        self, problem: Problem, assignment: Assignment, evaluation: Evaluation, person: int
    ) -> None:
        self.problem, self.assignment, self.evaluation = problem, assignment, evaluation
        self.person = person
        matchings = problem.matchings
        self.loads = measure.provider_loads(matchings, assignment.arcs)
        self.demand_of = np.repeat(np.arange(matchings.n_demands), np.diff(matchings.arc_ptr))
        self.held: dict[int, list[int]] = defaultdict(list)
        self.holding: dict[int, list[int]] = defaultdict(list)
        for arc in assignment.arcs.tolist():
            self.held[int(self.demand_of[arc])].append(arc)
            self.holding[int(matchings.arc_provider[arc])].append(arc)
        self.chosen = np.zeros(matchings.n_arcs, dtype=bool)
        self.chosen[assignment.arcs] = True
        self.fixed = set(matchings.fixed_arcs.tolist())
        self.lowest_people = np.argsort(evaluation.person_totals, kind="stable")[:3].tolist()
        self.rows = problem.rows.matrix[:, : matchings.n_arcs].tocsc()

    def all_alternatives(self) -> dict[int, tuple[float, Assignment | None]]:
        """Value every pair that the person has not: arc to change and plan.

        The change is -inf where no single other person can make room.
        """
        mine = np.flatnonzero(self.problem.matchings.demand_person == self.person)
        return self.alternatives(mine.tolist())

    def alternatives(self, demands: Iterable[int]) -> dict[int, tuple[float, Assignment | None]]:
        """Value every pair that the person has not for some of their demands."""
        matchings = self.problem.matchings
        steps: dict[int, list[Step]] = {}
        for demand in demands:
            for arc in range(matchings.arc_ptr[demand], matchings.arc_ptr[demand + 1]):
                if arc not in self.held[demand]:
                    steps[arc] = list(self.own_steps(demand, arc))
        gains = self._price([step for many in steps.values() for step in many])
        leaving = {arc: self._leavers(arc) for arc in steps}
        onward = self._onward({rival for rivals in leaving.values() for rival in rivals})
        return {
            arc: self._best(arc, many, gains, leaving[arc], onward) for arc, many in steps.items()
        }

    def own_steps(self, demand: int, arc: int) -> Iterable[Step]:
        """List what the person may give up for an arc."""
        clashing = tuple(self._clashes(demand, arc))
        if self.fixed & set(clashing):
            return
        if len(self.held[demand]) < self.problem.matchings.demand_need[demand]:
            yield arc, clashing
            return
        for other in self.held[demand]:
            if other not in self.fixed:
                yield arc, (other, *clashing)

    def _clashes(self, demand: int, arc: int) -> Iterable[int]:
        """Find the seeker's pairs with the same provider in matchings that must differ."""
        matchings = self.problem.matchings
        role, provider = matchings.demand_matching[demand], matchings.arc_provider[arc]
        for other in self.holding[int(provider)]:
            theirs = int(self.demand_of[other])
            if matchings.demand_seeker[theirs] != matchings.demand_seeker[demand]:
                continue
            if (
                any(
                    role in group and matchings.demand_matching[theirs] in group
                    for group in matchings.distinct
                )
                and theirs != demand
            ):
                yield other

    def _price(self, steps: Sequence[Step]) -> dict[Step, Gain]:
        """Value steps on their own; those that break a hard row are left out."""
        steps = list(dict.fromkeys(steps))
        undone = [arc for _, many in steps for arc in many]
        by = np.repeat(np.arange(len(steps)), [len(many) for _, many in steps])
        exchanges = Exchanges(
            np.array([made for made, _ in steps], dtype=np.int64),
            np.array(undone, dtype=np.int64),
            by.astype(np.int64),
        )
        if not steps:
            return {}
        priced = price(self.problem, self.assignment, self.evaluation, exchanges)
        broken = set(priced.broken_by.tolist())
        return {
            step: (float(priced.change[number]), float(priced.owned[number]))
            for number, step in enumerate(steps)
            if number not in broken
        }

    def _fits(self, arc: int, undone: Iterable[int]) -> bool:
        """Whether the provider has room once these arcs are gone."""
        matchings = self.problem.matchings
        provider = int(matchings.arc_provider[arc])
        role = int(matchings.demand_matching[self.demand_of[arc]])
        in_role, over_all = self.loads[role, provider], self.loads[:, provider].sum()
        for other in undone:
            if matchings.arc_provider[other] == provider:
                over_all -= matchings.arc_load[other]
                if matchings.demand_matching[self.demand_of[other]] == role:
                    in_role -= matchings.arc_load[other]
        load = matchings.arc_load[arc]
        return bool(
            in_role + load <= matchings.role_capacity[role, provider] + SLACK
            and over_all + load <= matchings.capacity[provider] + SLACK
        )

    def _leavers(self, arc: int) -> list[int]:
        """List the arcs of others that may be undone to make room; none where there is room."""
        matchings = self.problem.matchings
        provider = int(matchings.arc_provider[arc])
        own = matchings.demand_seeker[self.demand_of[arc]]
        if self._fits(arc, ()):
            return []
        return [
            other
            for other in self.holding[provider]
            if matchings.demand_seeker[self.demand_of[other]] != own
            and other not in self.fixed
            and self._fits(arc, (other,))
        ]

    def _onward(self, rivals: set[int]) -> dict[int, tuple[Gain, int]]:
        """Find each leaver's best other provider with room: change of the value, and arc."""
        matchings = self.problem.matchings
        steps = []
        for rival in rivals:
            demand = int(self.demand_of[rival])
            provider = matchings.arc_provider[rival]
            arcs = np.arange(matchings.arc_ptr[demand], matchings.arc_ptr[demand + 1])
            others = matchings.arc_provider[arcs]
            role = matchings.demand_matching[demand]
            room = self.loads[role, others] + matchings.arc_load[arcs]
            fits = room <= matchings.role_capacity[role, others] + SLACK
            total = self.loads[:, others].sum(axis=0) + matchings.arc_load[arcs]
            fits &= (total <= matchings.capacity[others] + SLACK) & (others != provider)
            fits &= ~self.chosen[arcs]
            steps += [
                (arc, (rival,))
                for arc in arcs[fits].tolist()
                if not list(self._clashes(demand, arc))
            ]
        found: dict[int, tuple[Gain, int]] = {}
        for (arc, (rival,)), gain in self._price(steps).items():
            if rival not in found or gain > found[rival][0]:
                found[rival] = gain, arc
        return found

    def _best(
        self,
        arc: int,
        steps: Sequence[Step],
        gains: dict[Step, Gain],
        leaving: Sequence[int],
        onward: dict[int, tuple[Gain, int]],
    ) -> tuple[float, Assignment | None]:
        best: tuple[float, tuple[int, ...], tuple[int, ...]] = (float("-inf"), (), ())
        for step in steps:
            if step not in gains:
                continue
            undone = step[1]
            if self._fits(arc, undone):
                best = max(best, (gains[step][0], (arc,), undone))
                continue
            for rival in leaving:
                if rival in onward and self._fits(arc, (*undone, rival)):
                    gain, instead = onward[rival]
                    made, gone = (arc, instead), (*undone, rival)
                    first = ((arc, *undone), gains[step])
                    second = ((instead, rival), gain)
                    change = self._together(first, second, made, gone)
                    best = max(best, (change, made, gone))
        if best[0] == float("-inf"):
            return best[0], None
        return best[0], self._with(best[1], best[2])

    def _together(
        self,
        first: tuple[tuple[int, ...], Gain],
        second: tuple[tuple[int, ...], Gain],
        made: tuple[int, ...],
        undone: tuple[int, ...],
    ) -> float:
        """Value two people's steps (their arcs and gain) at once.

        That is the sum, but for the lowest total, where no row counts arcs of both.
        """
        if not (self._counted(first[0]) & self._counted(second[0])):
            change = first[1][0] + second[1][0]
            if not self.problem.worst_off:
                return change
            owners = self._owner(first[0]), self._owner(second[0])
            return change + self._lowest_together(owners, (first[1][1], second[1][1]))
        whole = evaluate(self.problem, self._with(made, undone))
        return float("-inf") if whole.violations else whole.value - self.evaluation.value

    def _owner(self, arcs: tuple[int, ...]) -> int:
        """Person whose arcs these are; -1 = nobody's."""
        return int(self.problem.matchings.demand_person[self.demand_of[arcs[0]]])

    def _lowest_together(self, owners: tuple[int, int], gains: tuple[float, float]) -> float:
        """Say what the worst-off term changes by at once, beyond what it does step by step."""
        totals = self.evaluation.person_totals

        def lowest(steps: Iterable[int]) -> float:
            after = {owners[step]: totals[owners[step]] + gains[step] for step in steps}
            after.pop(-1, None)
            # Whoever is lowest among the others is among the three lowest of all.
            others = [totals[who] for who in self.lowest_people if who not in after]
            return float(min([*after.values(), *others]))

        both, now = lowest((0, 1)), float(totals.min())
        beyond = (both - now) - (lowest((0,)) - now) - (lowest((1,)) - now)
        return self.problem.worst_off * beyond

    def _counted(self, arcs: Iterable[int]) -> set[int]:
        """Rows that count one of these arcs."""
        ptr = self.rows.indptr
        return {
            int(row) for arc in arcs for row in self.rows.indices[ptr[arc] : ptr[arc + 1]].tolist()
        }

    def _with(self, made: tuple[int, ...], undone: tuple[int, ...]) -> Assignment:
        arcs = np.setdiff1d(self.assignment.arcs, undone, assume_unique=True)
        return Assignment.of(
            np.append(arcs, made), self.assignment.options, self.assignment.starts
        )
