"""Rules and points of the matchings."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from talentopt.audit import rules
from talentopt.audit.facts import amount
from talentopt.audit.ledger import SLACK, Ledger, Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.audit.facts import Facts
    from talentopt.audit.files import Pair
    from talentopt.audit.rows import Row
    from talentopt.read.model import Matching


def audit_pairs(facts: Facts, pairs: Sequence[Pair], ledger: Ledger) -> None:
    """Check every pair and matching, and note their points."""
    _nobody_twice(facts, pairs, ledger)
    for pair in pairs:
        _allowed(facts, pair, ledger)
        ledger.choose(
            Score(pair.matching, pair.seeker, pair.provider, "", pair_points(facts, pair)),
            _owner(facts.model.matchings[pair.matching], pair.seeker),
        )
    for name, matching in facts.model.matchings.items():
        _needs(facts, name, matching, pairs, ledger)
    _fixed(facts, pairs, ledger)
    _distinct(facts, pairs, ledger)
    _capacities(facts, pairs, ledger)


def sides(facts: Facts, pair: Pair) -> tuple[Row, Row]:
    """Find the rows of a pair's seeker and provider."""
    matching = facts.model.matchings[pair.matching]
    return (
        facts.entities[matching.seekers][pair.seeker],
        facts.entities[matching.providers][pair.provider],
    )


def pair_points(facts: Facts, pair: Pair) -> float:
    """Recompute the points of a pair, rounded to 0.01."""
    seeker, provider = sides(facts, pair)
    matching = facts.model.matchings[pair.matching]
    worth = rules.points(facts, matching.points, seeker, provider, (provider.id,))
    rows = facts.pair_rows(pair.matching, pair.seeker, pair.provider)
    return rules.rounded(worth + sum(row.number("points") or 0.0 for row in rows))


def name_pair(facts: Facts, pair: Pair) -> str:
    """Name a pair in words."""
    matching = facts.model.matchings[pair.matching]
    return (
        f"{facts.who(matching.seekers, pair.seeker)} with "
        f"{facts.who(matching.providers, pair.provider)} in {pair.matching}"
    )


def _owner(matching: Matching, seeker: str) -> str | None:
    return seeker if matching.seekers == "participants" else None


def _nobody_twice(facts: Facts, pairs: Sequence[Pair], ledger: Ledger) -> None:
    for key, times in Counter(pair.key for pair in pairs).items():
        if times > 1:
            repeated = [pair for pair in pairs if pair.key == key]
            lines = " and ".join(str(pair.line) for pair in repeated)
            ledger.forbid(
                "twice",
                key[1],
                f"{name_pair(facts, repeated[0])} is listed {times} times "
                f"(pairs.csv lines {lines}), once is allowed",
            )


def _allowed(facts: Facts, pair: Pair, ledger: Ledger) -> None:
    matching = facts.model.matchings[pair.matching]
    seeker, provider = sides(facts, pair)
    where = f"{name_pair(facts, pair)} (pairs.csv line {pair.line})"
    if matching.seekers == matching.providers and pair.seeker == pair.provider:
        ledger.forbid("self", pair.seeker, f"{where}: nobody is paired with themselves")
    for reason in rules.refusals(facts, matching.eligible, seeker, provider):
        ledger.forbid("eligible", pair.seeker, f"{where} is not eligible: {reason}")
    if pair.matching in provider.cells and provider.number(pair.matching) is None:
        ledger.forbid(
            "role",
            pair.seeker,
            f"{where}: {pair.provider} does not offer {pair.matching}, its column "
            f"{pair.matching!r} is blank ({facts.source(provider.table, provider.line)})",
        )
    for row in facts.pair_rows(*pair.key):
        if row.text("status") == "forbidden":
            ledger.forbid(
                "forbidden",
                pair.seeker,
                f"{where} is forbidden ({facts.source('pairs', row.line)})",
            )


def _needs(
    facts: Facts, name: str, matching: Matching, pairs: Sequence[Pair], ledger: Ledger
) -> None:
    held = Counter(pair.seeker for pair in pairs if pair.matching == name)
    for key, seeker in facts.entities[matching.seekers].items():
        need = amount(matching.need, seeker)
        if held[key] > need:
            ledger.forbid(
                "need",
                key,
                f"{facts.who(matching.seekers, key)} has {held[key]} providers in {name}, "
                f"at most {need:g} are needed",
            )
        price = amount(matching.missing, seeker)
        ledger.miss("missing", key, name, need - held[key], price, person=_owner(matching, key))


def _fixed(facts: Facts, pairs: Sequence[Pair], ledger: Ledger) -> None:
    chosen = {pair.key for pair in pairs}
    for row in facts.rows("pairs"):
        if row.text("status") != "fixed":
            continue
        seeker, provider, only = row.text("seeker"), row.text("provider"), row.text("matching")
        for name, matching in facts.model.matchings.items():
            concerned = (
                only in ("", name)
                and seeker in facts.entities[matching.seekers]
                and provider in facts.entities[matching.providers]
            )
            if concerned and (name, seeker, provider) not in chosen:
                ledger.forbid(
                    "fixed",
                    seeker,
                    f"{facts.who(matching.seekers, seeker)} must have "
                    f"{facts.who(matching.providers, provider)} in {name}, which is fixed in "
                    f"{facts.source('pairs', row.line)}, but the plan has no such pair",
                )


def _distinct(facts: Facts, pairs: Sequence[Pair], ledger: Ledger) -> None:
    matchings = facts.model.matchings
    for name, matching in matchings.items():
        group = {name, *matching.distinct}
        if len(group) == 1:
            continue
        roles: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
        for pair in pairs:
            if pair.matching in group:
                tables = matchings[pair.matching]
                identity = (tables.seekers, pair.seeker, tables.providers, pair.provider)
                roles[identity].add(pair.matching)
        for (seekers, seeker, providers, provider), held in roles.items():
            if len(held) > 1:
                ledger.forbid(
                    "distinct",
                    seeker,
                    f"{facts.who(seekers, seeker)} has {facts.who(providers, provider)} in "
                    f"{' and '.join(sorted(held))}, which must be different "
                    f"(distinct of {name})",
                )


def _capacities(facts: Facts, pairs: Sequence[Pair], ledger: Ledger) -> None:
    total: dict[tuple[str, str], float] = defaultdict(float)
    roles: dict[tuple[str, str, str], float] = defaultdict(float)
    for pair in pairs:
        providers = facts.model.matchings[pair.matching].providers
        load = pair_load(facts, pair)
        total[providers, pair.provider] += load
        roles[providers, pair.provider, pair.matching] += load
    for (table, key), load in total.items():
        capacity = facts.entities[table][key].number("capacity")
        if capacity is not None:
            _within(facts, table, key, "capacity", load, capacity, ledger)
    for (table, key, matching), load in roles.items():
        capacity = facts.entities[table][key].number(matching)
        if capacity is not None:
            _within(facts, table, key, matching, load, capacity, ledger)


def _within(
    facts: Facts,
    table: str,
    key: str,
    column: str,
    load: float,
    capacity: float,
    ledger: Ledger,
) -> None:
    if load > capacity + SLACK * max(1.0, capacity):
        place = "over all matchings" if column == "capacity" else f"in {column}"
        line = facts.source(table, facts.entities[table][key].line)
        ledger.forbid(
            "capacity",
            key,
            f"{facts.who(table, key)} carries {load:g} {place}, "
            f"the limit is {capacity:g} (column {column!r}, {line})",
        )


def pair_load(facts: Facts, pair: Pair) -> float:
    """Capacity that a pair uses: what `pairs` says of it, the more particular row first."""
    rows = facts.pair_rows(*pair.key)
    load = rows[-1].number("load") if rows else None
    return 1.0 if load is None else load
