"""Problem -> LinearModel: every rule lowered once, in one order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.problem.encode.across import encode_rows, encode_seats
from talentopt.problem.encode.bookings import encode_bookings
from talentopt.problem.encode.columns import decide, kept_bonus
from talentopt.problem.encode.fairness import encode_worst_off
from talentopt.problem.encode.linear import Builder
from talentopt.problem.encode.links import encode_links
from talentopt.problem.encode.pairs import encode_pairs
from talentopt.problem.encode.path import encode_paths

if TYPE_CHECKING:
    from talentopt.problem.encode.linear import LinearModel
    from talentopt.problem.problem import Problem


def encode(problem: Problem) -> LinearModel:
    """Lower a problem to one linear model.

    Its solutions that are whole where they must be are exactly the allowed
    assignments, and the best solution of an assignment has its value.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    LinearModel
    """
    builder = Builder()
    decisions = decide(builder, problem)
    encode_pairs(builder, problem, decisions)
    encode_bookings(builder, problem, decisions)
    encode_paths(builder, problem, decisions)
    encode_seats(builder, problem, decisions)
    encode_rows(builder, problem, decisions)
    encode_links(builder, problem, decisions)
    worst = encode_worst_off(builder, problem)
    return builder.finish(
        kept_bonus(problem, decisions),
        problem.constant,
        worst,
        problem.matchings.n_arcs,
        (decisions.option, decisions.start),
    )
