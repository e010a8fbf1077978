"""Why a person has not a certain mentor or placement: exactly one of three answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from talentopt.explain.answer import Section
from talentopt.explain.contradiction import smallest_contradiction
from talentopt.explain.facts import facts_against
from talentopt.explain.moves import moves
from talentopt.explain.price import find_price
from talentopt.explain.require import require
from talentopt.explain.sources import source_of
from talentopt.explain.wanted import find_person, find_wanted

if TYPE_CHECKING:
    from talentopt.explain.naming import Item
    from talentopt.explain.price import Near, Price
    from talentopt.explain.wanted import Wanted
    from talentopt.insight.standing import Standing
    from talentopt.problem import Assignment, Prices

FEWER = 0.5
"""Of the people who move in the cheapest plan, how many may in one that is told beside it."""

PRICING = 0.75
"""Of the time, for looking for a first plan; the rest is for showing that there is none."""


def why_not(
    standing: Standing,
    person_id: str,
    option: str,
    seconds: float,
    workers: int,
    *,
    bound: float = float("inf"),
    prices: Prices | None = None,
    private: bool = False,
) -> list[Section]:
    """Answer "why not me?".

    Parameters
    ----------
    standing : Standing
    person_id, option : str
        `option` as in `talentopt.explain.wanted.find_wanted`.
    seconds : float
    workers : int
    bound : float
        No plan is worth more.
    prices : Prices, optional
        Of the search that found the plan.
    private : bool
        Say nothing of other people.

    Returns
    -------
    list of Section
        One for every role that the option could have.

    Raises
    ------
    Unknown
    """
    person = find_person(standing, person_id)
    end = time.monotonic() + seconds
    found = find_wanted(standing, person, option)
    sections = []
    for number, wanted in enumerate(found):
        left = max(end - time.monotonic(), 0.5) / (len(found) - number)
        search = _Search(left, workers, bound, prices)
        sections += _answer(standing, person_id, wanted, search, private=private)
    return sections


class _Search(NamedTuple):
    """How long to search, on how many cores, and what is known of all plans."""

    seconds: float
    workers: int
    bound: float
    prices: Prices | None


def _answer(
    standing: Standing, person_id: str, wanted: Wanted, search: _Search, *, private: bool
) -> list[Section]:
    what = _name(standing, wanted)
    facts: dict[str, object] = {"person": person_id, "kind": wanted.kind, "option": wanted.name}
    if _has(standing, wanted):
        line = f"{person_id} has {what} in this plan."
        return [Section("why_not", (line,), {**facts, "answer": "in the plan"})]
    if wanted.number < 0:
        return [_ineligible(standing, person_id, wanted, facts, private=private)]
    end = time.monotonic() + search.seconds
    price = find_price(
        standing,
        wanted,
        PRICING * search.seconds,
        search.workers,
        search.bound,
        search.prices,
        more=(1.0 - PRICING) * search.seconds,
    )
    if price.assignment is not None:
        return [
            _priced(standing, person_id, what, price, facts, private=private),
            *_with_fewer_moves(standing, person_id, what, price, facts, private=private),
        ]
    left = max(end - time.monotonic(), (1.0 - PRICING) * search.seconds)
    section = _impossible(standing, person_id, wanted, facts, left, private=private)
    if section is not None:
        return [section]
    line = (
        f"no plan with {what} for {person_id} was found in {search.seconds:.0f} s, and none is "
        "excluded; a longer --time-limit may settle it."
    )
    return [Section("why_not", (line,), {**facts, "answer": "open"})]


def _impossible(
    standing: Standing,
    person_id: str,
    wanted: Wanted,
    facts: dict[str, object],
    seconds: float,
    *,
    private: bool,
) -> Section | None:
    """Name what forbids it together; None when that cannot be shown."""
    items = smallest_contradiction(
        require(standing.problem, wanted),
        standing.index,
        tuple(standing.names.periods),
        seconds=seconds,
    )
    if not items:
        return None
    line = f"{_name(standing, wanted)} is impossible for {person_id} with what is fixed"
    facts = {**facts, "answer": "impossible"}
    if private:
        return Section("why_not", (line + ".",), facts)
    others = [item for item in items if not _is_wanted(item, person_id, wanted)]
    table = pd.DataFrame(
        {
            "source": [source_of(standing.scenario, item) for item in others],
            "entry": [item.sentence for item in others],
        }
    )
    lines = (
        f"{line}; these together forbid it, and without any one of them the others would not:",
    )
    return Section("why_not", lines, facts, table)


def _is_wanted(item: Item, person_id: str, wanted: Wanted) -> bool:
    if item.kind == "pair":
        return item.ids == (wanted.kind, person_id, wanted.name)
    return item.kind == "booking" and item.ids[:2] == (person_id, wanted.name)


def _name(standing: Standing, wanted: Wanted) -> str:
    if wanted.matching >= 0:
        return (
            f"{wanted.kind} mentor {wanted.name}"
            if _mentors(standing, wanted)
            else (f"{wanted.name} in {wanted.kind}")
        )
    when = "" if wanted.start < 0 else f" from {standing.names.periods[wanted.start]}"
    return f"{wanted.kind} {wanted.name}{when}"


def _mentors(standing: Standing, wanted: Wanted) -> bool:
    return standing.scenario.model.matchings[wanted.kind].providers == "mentors"


def _has(standing: Standing, wanted: Wanted) -> bool:
    plan = standing.assignment
    if wanted.number < 0:
        return False
    if wanted.matching >= 0:
        return bool((plan.arcs == wanted.number).any())
    starts = plan.starts[plan.options == wanted.number]
    return bool(len(starts) and wanted.start in (-1, int(starts[0])))


def _ineligible(
    standing: Standing,
    person_id: str,
    wanted: Wanted,
    facts: dict[str, object],
    *,
    private: bool,
) -> Section:
    what = _name(standing, wanted)
    facts = {**facts, "answer": "ineligible"}
    if private and wanted.matching >= 0:
        line = f"{what} is not open to {person_id} under the rules of the programme."
        return Section("why_not", (line,), facts)
    reasons = facts_against(standing.scenario, wanted)
    line = f"{what} is not open to {person_id}: " + "; ".join(reasons) + "."
    return Section("why_not", (line,), facts, pd.DataFrame({"fact": reasons}))


def _priced(
    standing: Standing,
    person_id: str,
    what: str,
    price: Price,
    facts: dict[str, object],
    *,
    private: bool,
) -> Section:
    assert price.assignment is not None
    cost = -price.change + 0.0
    # A proof is within a tolerance of the price, which is nobody's concern.
    least = cost if price.proven else -price.most
    table, others = _moving(standing, person_id, price.assignment, private=private)
    lines = [f"{what} for {person_id} is possible and {_effect(cost)}.", _proof(price, least)]
    lines.append(_who_moves(others, table, private=private))
    facts = {
        **facts,
        "answer": "possible at a price",
        "price": cost,
        "price_at_least": least,
        "proven": price.proven,
        "proven_near": price.proven_near,
        "neighbourhood": len(price.near.people),
        "others_moving": others,
        "value_with_it": standing.evaluation.value + price.change,
    }
    return Section("why_not", tuple(lines), facts, table)


def _with_fewer_moves(
    standing: Standing,
    person_id: str,
    what: str,
    price: Price,
    facts: dict[str, object],
    *,
    private: bool,
) -> list[Section]:
    """Tell of a dearer plan in which far fewer people move, if one was found."""
    assert price.assignment is not None
    if price.nearby is None:
        return []
    table, others = _moving(standing, person_id, price.nearby.assignment, private=private)
    _, most = _moving(standing, person_id, price.assignment, private=True)
    if others > FEWER * most:
        return []
    cost = -price.nearby.change + 0.0
    lines = (
        f"With fewer moves {what} for {person_id} {_effect(cost)}.",
        _who_moves(others, table, private=private),
    )
    facts = {
        **facts,
        "price": cost,
        "others_moving": others,
        "value_with_it": standing.evaluation.value + price.nearby.change,
    }
    return [Section("why_not_with_fewer_moves", lines, facts, table)]


def _moving(
    standing: Standing, person_id: str, plan: Assignment, *, private: bool
) -> tuple[pd.DataFrame, int]:
    """List the moves that a plan takes, and count the people beside the one who asks."""
    problem, names, before = standing.problem, standing.names, standing.assignment
    table = moves(problem, names, before, plan)
    own = table["person"] == person_id
    others = table.loc[~own, "person"].nunique()
    return table[own] if private else pd.concat([table[own], table[~own]]), others


def _who_moves(others: int, table: pd.DataFrame, *, private: bool) -> str:
    if not others:
        return "Nobody else would have to move" + (":" if len(table) else ".")
    count = f"{others} other {'person' if others == 1 else 'people'}"
    return f"{count} would have to move" + ("." if private else ":")


def _effect(cost: float) -> str:
    if cost > 0:
        return f"costs the plan {cost:,.2f} points"
    if cost < 0:
        return f"would gain the plan {-cost:,.2f} points: the plan is not the best there is"
    return "costs the plan nothing"


def _proof(price: Price, least: float) -> str:
    """Say what is known of cheaper ways."""
    if price.proven:
        return "Proven: there is no cheaper way."
    known = ""
    if least > 0:
        known = f" Among all plans the price is at least {least:,.2f}."
    elif least > float("-inf"):
        known = f" Of all plans it is proven that none with it gains more than {-least:,.2f}."
    who = _near(price.near)
    if price.proven_near:
        return f"Proven: no cheaper way among plans in which {who}.{known}"
    if known:
        return f"The cheapest found.{known}"
    if price.near.most < float("inf"):
        near = f"among plans in which {who} the price is at least {-price.near.most:,.2f}"
        return f"The cheapest found; {near}."
    return "The cheapest found; nothing is proven of cheaper ways."


def _near(near: Near) -> str:
    """Say which plans are near."""
    few = len(near.people) <= 1
    who = "the person" if few else f"at most these {len(near.people)} people"
    if near.only_pairs:
        return f"only pairs of {who.removeprefix('at most ')} differ"
    return "only the person moves" if few else f"{who} move"
