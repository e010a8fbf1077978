"""The model's tables, columns, stages and matchings: all must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talentopt.read.checks.columns import Columns
from talentopt.read.errors import nearest, suggestion
from talentopt.read.layouts import own_columns
from talentopt.read.tables import STANDARD

if TYPE_CHECKING:
    from talentopt.read.checks.facts import Facts
    from talentopt.read.document import Path
    from talentopt.read.model import Eligibility, Itineraries, Matching, Points


def check_programme(facts: Facts) -> None:
    """Check that everything the model names exists and can be compared."""
    model = facts.model
    columns = Columns(facts)
    for name, matching in model.matchings.items():
        _check_matching(facts, columns, name, matching)
    if model.itineraries is not None:
        _check_itineraries(facts, columns, model.itineraries)
    _check_links(facts, columns)
    _check_stability(columns)


def _check_matching(facts: Facts, columns: Columns, name: str, matching: Matching) -> None:
    here: Path = ("matchings", name)
    if not name:
        facts.note_model(here, "the matching has no name", "name it")
    problems = {side: _table_problem(facts, table) for side, table in _sides(matching).items()}
    for side, (problem, remedy) in problems.items():
        if problem:
            facts.note_model((*here, side), problem, remedy)
    _check_distinct(facts, name, matching)
    if any(problem for problem, _ in problems.values()):
        return
    if name in own_columns(matching.providers):
        problem = f"the matching has the name of a column of {matching.providers}"
        facts.note_model(here, problem, "rename the matching")
    seekers, providers = matching.seekers, matching.providers
    columns.number(here, "need", matching.need, seekers, low=0, whole=True)
    columns.number(here, "missing", matching.missing, seekers, low=0)
    for block in ("eligible", "points"):
        for i, item in enumerate(getattr(matching, block)):
            place = (*here, block, i)
            if _stage_of(item) is not None:
                problem = "`stage` has no place in a matching"
                facts.note_model(place, problem, "remove it")
            _check_rule(columns, place, item, seekers, providers)


def _sides(matching: Matching) -> dict[str, str]:
    return {"seekers": matching.seekers, "providers": matching.providers}


def _usable(facts: Facts, table: str) -> bool:
    return not _table_problem(facts, table)[0]


def _table_problem(facts: Facts, table: str) -> tuple[str, str]:
    """Say why a table can neither seek nor provide; a missing file is an empty table."""
    if "id" not in facts.tables[table]:
        problem = f"the table {table!r} has no ids, so it can neither seek nor provide"
        return problem, "name a table with a column `id`"
    if table in STANDARD or table in facts.source.tables or table not in facts.absent:
        return "", ""
    others = [name for name in facts.tables if name not in facts.absent or name in STANDARD]
    near = nearest(table, others, cutoff=0.75) if table else "participants"
    if near is None:
        return "", ""
    return f"there is no table {table!r}", f"did you mean {near!r}?"


def _check_distinct(facts: Facts, name: str, matching: Matching) -> None:
    matchings = facts.model.matchings
    for i, other in enumerate(matching.distinct):
        path = ("matchings", name, "distinct", i)
        if other not in matchings:
            problem = f"the model has no matching {other!r}"
            facts.note_model(path, problem, suggestion(other, matchings))
        elif other == name:
            facts.note_model(path, "the matching names itself", "remove it")
        elif matchings[other].seekers != matching.seekers and all(
            _usable(facts, m.seekers) for m in (matching, matchings[other])
        ):
            problem = f"{other!r} has other seekers ({matchings[other].seekers})"
            facts.note_model(
                path, problem, f"only matchings of {matching.seekers} can be distinct"
            )


def _check_itineraries(facts: Facts, columns: Columns, given: Itineraries) -> None:
    here: Path = ("itineraries",)
    first: dict[str, int] = {}
    for i, stage in enumerate(given.stages):
        place = (*here, "stages", i)
        if not stage.stage:
            facts.note_model((*place, "stage"), "the stage has no name", "name it")
        elif stage.stage in first:
            line = facts.document.origin((*here, "stages", first[stage.stage]))[1]
            problem = f"the stage {stage.stage!r} was already given in line {line}"
            facts.note_model((*place, "stage"), problem, "remove one of the two")
        first.setdefault(stage.stage, i)
        columns.number(place, "min", stage.min, "participants", low=0, whole=True)
        columns.number(place, "max", stage.max, "participants", low=0, whole=True)
        columns.number(place, "missing", stage.missing, "participants", low=0)
        for layer, hours in stage.hours.items():
            columns.number((*place, "hours"), layer, hours, "participants", low=0)
        if stage.distinct is not None:
            columns.text((*place, "distinct"), stage.distinct, "placements")
    for i, limit in enumerate(given.limits):
        place = (*here, "limits", i)
        columns.text((*place, "column"), limit.column, "placements")
        columns.number(place, "max", limit.max, "participants", low=0, whole=True)
    if given.idle is not None:
        columns.number((*here, "idle"), "points", given.idle.points, "participants", low=0)
    if given.move is not None:
        place = (*here, "move")
        tables = ("placements", "participants") if given.move.from_home else ("placements",)
        columns.text((*place, "column"), given.move.column, *tables)
        columns.number(place, "points", given.move.points, "participants", low=0)
    for block in ("eligible", "points"):
        for i, item in enumerate(getattr(given, block)):
            place = (*here, block, i)
            _check_stage(facts, (*place, "stage"), _stage_of(item))
            _check_rule(columns, place, item, "participants", "placements")


def _stage_of(item: Eligibility | Points) -> str | None:
    """Find the stage of a rule, which stands beside it or inside it."""
    return item.stage if item.stage is not None else _rule(item)[1].stage


def _rule(item: Eligibility | Points) -> tuple[str, Any]:
    """Find the one rule of a list's item."""
    return next(
        (name, value)
        for name in type(item).model_fields
        if name != "stage" and (value := getattr(item, name)) is not None
    )


def _check_stage(facts: Facts, path: Path, stage: str | None) -> None:
    known = facts.stages()
    if stage is not None and stage not in known:
        facts.note_model(path, f"the model has no stage {stage!r}", suggestion(stage, known))


def _check_rule(
    columns: Columns, place: Path, item: Eligibility | Points, seekers: str, providers: str
) -> None:
    name, rule = _rule(item)
    here = (*place, name)
    sides = {"seeker": seekers, "provider": providers}
    for key in ("weight", "min", "above"):
        columns.number(here, key, getattr(rule, key, None), seekers)
    if name == "at_least":
        other = providers if rule.of == "seeker" else seekers
        if rule.than is None:
            columns.numeric((*here, "column"), rule.column, sides[rule.of], other)
        else:
            columns.numeric((*here, "column"), rule.column, sides[rule.of])
            columns.numeric((*here, "than"), rule.than, other)
    elif name in ("same", "different"):
        columns.text((*here, "column"), rule.column, seekers, providers)
    elif name == "value":
        columns.numeric((*here, "column"), rule.column, sides[rule.of])


def _check_links(facts: Facts, columns: Columns) -> None:
    matchings = facts.model.matchings
    for i, link in enumerate(facts.model.links):
        here: Path = ("links", i)
        _check_stage(facts, (*here, "stage"), link.stage)
        columns.number(here, "points", link.points, "participants")
        if link.matching not in matchings:
            problem = f"the model has no matching {link.matching!r}"
            facts.note_model((*here, "matching"), problem, suggestion(link.matching, matchings))
            columns.text((*here, "column"), link.column, "placements")
            continue
        matching = matchings[link.matching]
        if matching.seekers != "participants" and _usable(facts, matching.seekers):
            problem = f"the seekers of {link.matching!r} are {matching.seekers}"
            facts.note_model((*here, "matching"), problem, "link a matching of participants")
        providers = [matching.providers] if _usable(facts, matching.providers) else []
        columns.text((*here, "column"), link.column, "placements", *providers)


def _check_stability(columns: Columns) -> None:
    """Check the prices of changes; a pair's is in its own seekers' table."""
    model = columns.facts.model
    here: Path = ("stability",)
    for table in dict.fromkeys(matching.seekers for matching in model.matchings.values()):
        columns.number(here, "pair_change", model.stability.pair_change, table, low=0)
    columns.number(
        here, "placement_change", model.stability.placement_change, "participants", low=0
    )
    known = [*model.matchings, *columns.facts.stages(), "pairs", "placements"]
    for name in model.stability.caps:
        if name not in known:
            problem = f"the model has neither a matching nor a stage {name!r}"
            columns.facts.note_model((*here, "caps", name), problem, suggestion(name, known))
