"""Reasons of shortages and changes in Chinese; the plan's files have them in English.

A phrase is a sentence of the plan with its parts in braces. The parts `why`, `left`,
`causes` and `listed` are phrases themselves; `causes` is a counted list, `listed` a plain
one, `parts` names rules with points, and `where` a file and line. What is no known phrase
stays.
"""

from __future__ import annotations

import re
from functools import cache

PHRASES = {
    "{kind}: {a} of {b} found; {why}": "{kind}：需 {b} 位，已有 {a} 位；{why}",
    "{kind}: {a} of {b} placed; {why}": "{kind}：需 {b} 个，已安排 {a} 个；{why}",
    "{kind}: {a} of {b} hours; {why}": "{kind}：需 {b} 学时，已有 {a} 学时；{why}",
    "nobody is eligible": "无人符合条件",
    "nobody else is eligible": "再无其他人符合条件",
    "nobody eligible is left: {causes}": "符合条件者均无余地：{causes}",
    "already theirs in {kind}": "已在 {kind} 中与其配对",
    "with no place in this role": "在此角色中没有名额",
    "full in this role": "在此角色中已满",
    "full over all roles": "各角色合计已满",
    "kept out by {row}": "受 {row} 限制",
    "{who} has a place, but the pair costs more points than it brings": (
        "{who} 有名额，但配对得不偿失"
    ),
    "{who} has a place: {left}": "{who} 有名额：{left}",
    "using it would lose more points elsewhere": "若使用，别处损失更多分数",
    "a longer search may use it": "更长时间的搜索可能会用上",
    "no placement of this stage is open to them": "此阶段没有向其开放的岗位",
    "only {n} of this stage are open to them; {why}": "此阶段仅有 {n} 个岗位向其开放；{why}",
    "only {n} of this stage are open to them": "此阶段仅有 {n} 个岗位向其开放",
    "all their stages need {a} periods, they have {b}": "其各阶段共需 {a} 个时期，仅有 {b} 个",
    "nothing that counts is open to them": "没有可计入的内容向其开放",
    "only {n} hours are open to them": "仅有 {n} 学时向其开放",
    "of {n} more that are open to them: {causes}": "另有 {n} 个向其开放的岗位：{causes}",
    "repeating what they already do": "与已有安排重复",
    "over the most they may hold": "超过其最多可有的数量",
    "over a limit of alike placements": "超过同类岗位的上限",
    "full in every possible period (area {area})": "在所有可能的时期均已满（领域 {area}）",
    "full in every possible period (areas {area})": "在所有可能的时期均已满（领域 {area}）",
    "full in every possible period": "在所有可能的时期均已满",
    "with seats only when their other placements leave no time": "有席位的时期与其他安排冲突",
    "waiting for a prerequisite": "须先完成前置内容",
    "{who} has room: {left}": "{who} 有席位：{left}",
    "fewer people than the minimum in {spans}; in {when} {a} of {b}, {why}": (
        "在 {spans} 低于最低人数；{when} 为 {a} 人，至少应有 {b} 人，{why}"
    ),
    "nobody else may be there then": "届时再无其他人可去",
    "{a} more may be there then, {b} of them placed elsewhere": (
        "届时另有 {a} 人可去，其中 {b} 人已安排在别处"
    ),
    "{a} of at least {b} with enough {skill}; {why}": (
        "{skill} 达标者 {a} 人，至少应有 {b} 人；{why}"
    ),
    "{a} of at least {b} counted; {why}": "计入 {a}，至少应有 {b}；{why}",
    "only {a} could be, so that it cannot be met": "最多只可能有 {a}，因此无法满足",
    "{a} could be, if nothing else bound them": "若无其他限制，可有 {a}",
    "{a} with enough {skill}, at most {b} allowed": "{skill} 达标者 {a} 人，最多允许 {b} 人",
    "{a} counted, at most {b} allowed": "计入 {a}，最多允许 {b}",
    "{who} is no longer in {row}": "{who} 已不在 {row} 中",
    "makes room at {row} for {who}": "在 {row} 为 {who} 腾出席位",
    "makes room with {row} for {who}": "为 {who} 腾出 {row} 的名额",
    "{who} gains {n} points over what is left of the old plan ({parts})": (
        "{who} 比旧计划余下部分多得 {n} 分（{parts}）"
    ),
    "goes with the other changes of {who}": "随 {who} 的其他变动而变",
    "the plan as a whole gains by it": "整个计划因此得益",
    "the rules of today do not allow it": "现行规则不允许",
    "the model has no matching {kind} any more": "模型中已没有配对 {kind}",
    "absent from {a} to {b} ({where})": "{a} 至 {b} 缺席（{where}）",
    "{who} is away from {a} to {b} ({where})": "{who} 于 {a} 至 {b} 不在（{where}）",
    "that is forbidden ({where})": "已被禁止（{where}）",
    "that start is forbidden ({where})": "该开始时期已被禁止（{where}）",
    "nobody is paired with themselves": "无人可与自己配对",
    "{who} does not offer {kind} ({where})": "{who} 不提供 {kind}（{where}）",
    "{who} needs nobody there ({where})": "{who} 在此无需配对（{where}）",
    "that is done already ({where})": "已经完成（{where}）",
    "{column} {value} is done already, at {row} ({where})": (
        "{column} {value} 已在 {row} 完成（{where}）"
    ),
    "it is {how} to start {when} as well ({where})": "另已定于 {when} 开始（{how}，{where}）",
    "{who} has not the level {n} in {skill} that {row} requires ({where})": (
        "{who} 的 {skill} 未达到 {row} 要求的水平 {n}（{where}）"
    ),
    "{who} is not in the programme all that time ({where})": (
        "{who} 并非整段时间都在项目中（{where}）"
    ),
    "{who} is not open all that time ({where})": "{who} 并非整段时间开放（{where}）",
    "{who} has no seats in {when} ({where})": "{who} 在 {when} 没有席位（{where}）",
    "nothing new may start before {when}": "{when} 之前不得新开始任何安排",
    "the calendar runs from {a} to {b} only": "日历仅为 {a} 至 {b}",
    "no start fits: {listed}": "没有合适的开始时期：{listed}",
    "{column} of {who} ({a}) is not at least {than} of {other} ({b}) plus {n}": (
        "{who} 的 {column}（{a}）低于 {other} 的 {than}（{b}）加 {n}"
    ),
    "{column} of {who} ({a}) is not at least {than} of {other} ({b})": (
        "{who} 的 {column}（{a}）低于 {other} 的 {than}（{b}）"
    ),
    "{column} must be the same, but is {a} for {who} and {b} for {other}": (
        "{column} 必须相同，但 {who} 为 {a}，{other} 为 {b}"
    ),
    "{column} must differ, but is {a} for both {who} and {other}": (
        "{column} 必须不同，但 {who} 与 {other} 均为 {a}"
    ),
    "{who} has no skill gaps, so no provider fits": "{who} 没有技能差距，故无人匹配",
    "the skill fit of {who} with {other} is {a}, below {b}": (
        "{who} 与 {other} 的技能匹配度为 {a}，低于 {b}"
    ),
}
"""Chinese by English; the first that fits is taken."""

INSIDE = ("why", "left")
"""Parts that are phrases."""

RULES = {"missing": "缺少", "idle": "空闲", "move": "变换地点", "link": "关联"}
"""Rules of everybody's total that no model names itself."""

_LINE = re.compile(r",? ?\bline (\d+)")
_COUNT = re.compile(r"(?:^|, )(\d+) ")


def in_language(reason: str, language: str) -> str:
    """Write a reason of a plan's files in a language.

    Parameters
    ----------
    reason : str
    language : str
        A key of `talentopt.report.texts.LANGUAGES`.
    """
    return _translated(reason) if language == "zh" else reason


def _translated(phrase: str) -> str:
    for pattern, chinese in _patterns():
        match = pattern.fullmatch(phrase)
        if match is None:
            continue
        parts = match.groupdict()
        for name in INSIDE:
            if name in parts:
                parts[name] = _translated(parts[name])
        for name, write in WRITERS.items():
            if name in parts:
                parts[name] = write(parts[name])
        return chinese.format(**parts)
    return phrase


def _counted(causes: str) -> str:
    """Translate ``3 full in this role, 1 kept out by budget travel``."""
    pieces = _COUNT.split(causes)[1:]
    counts = zip(pieces[::2], pieces[1::2], strict=True)
    return "，".join(f"{number} 个{_translated(cause)}" for number, cause in counts)


def _listed(phrases: str) -> str:
    return "；".join(map(_translated, phrases.split("; ")))


def _points(parts: str) -> str:
    """Translate the rules of ``missing rotation +1000.00, idle -2.00``."""
    words = [part.partition(" ") for part in parts.split(", ")]
    return "，".join(f"{RULES.get(rule, rule)}{space}{rest}" for rule, space, rest in words)


def _place(where: str) -> str:
    """Translate ``absences.csv, line 3``."""
    return _LINE.sub(r" 第 \1 行", where)


def _person(who: str) -> str:
    newcomer = " (newcomer)"
    return f"{who.removesuffix(newcomer)}（新人）" if who.endswith(newcomer) else who


WRITERS = {
    "causes": _counted,
    "listed": _listed,
    "parts": _points,
    "where": _place,
    "who": _person,
}
"""How parts that are no phrases are written."""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (
            re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(english)), re.DOTALL),
            chinese,
        )
        for english, chinese in PHRASES.items()
    )
