"""The industry that synthetic scenarios are set in: a rare-earth group."""

from __future__ import annotations

from typing import NamedTuple

SITES = ("Baotou", "Ganzhou", "Chengdu", "Beijing", "Zibo", "Ningbo", "Tianjin", "Hefei")

GENERAL_SKILLS = (
    "process-safety",
    "data-analysis",
    "project-management",
    "technical-writing",
    "cost-control",
    "negotiation",
)
"""Skills that everybody has some level of; only these are required to join a placement."""

DOMAIN_SKILLS = {
    "ore": ("drilling", "ore-dressing", "flotation", "geology", "mine-planning"),
    "separation": ("solvent-extraction", "ion-exchange", "leaching", "effluents", "crystals"),
    "metallurgy": ("molten-salts", "vacuum-melting", "casting", "furnaces", "phase-diagrams"),
    "magnetism": ("sintering", "grain-boundaries", "coating", "magnet-design", "demagnetising"),
    "optics": ("polishing-powder", "phosphors", "particle-size", "glass", "spectroscopy"),
    "hydrogen": ("hydride-alloys", "tank-design", "gas-purity", "fuel-cells", "leak-tests"),
    "catalysis": ("wash-coats", "ceria", "exhaust-tests", "porosity", "kinetics"),
    "digital": ("automation", "machine-learning", "simulation", "sensors", "databases"),
}
"""Five skills of the craft in each domain."""

DOMAINS = tuple(DOMAIN_SKILLS)


class Unit(NamedTuple):
    """A business unit: where it is, what it masters, its link of the industrial chain."""

    name: str
    site: str
    domain: str
    link: str


UNITS = (
    Unit("North Mine", "Baotou", "ore", "mining"),
    Unit("South Mine", "Ganzhou", "ore", "mining"),
    Unit("Separation Works", "Baotou", "separation", "separation"),
    Unit("Magnet Works", "Ningbo", "magnetism", "magnets"),
    Unit("Smelting Works", "Chengdu", "metallurgy", "smelting"),
    Unit("Polishing Materials", "Zibo", "optics", "polishing"),
    Unit("Hydrogen Storage", "Tianjin", "hydrogen", "hydrogen"),
    Unit("Catalyst Works", "Hefei", "catalysis", "catalysts"),
    Unit("Research Institute", "Beijing", "digital", "research"),
    Unit("Ion Exchange Works", "Ganzhou", "separation", "separation"),
    Unit("Metals Works", "Baotou", "metallurgy", "metals"),
    Unit("Alloy Works", "Ningbo", "metallurgy", "alloys"),
    Unit("Motor Magnets", "Hefei", "magnetism", "magnets"),
    Unit("Phosphor Works", "Zibo", "optics", "polishing"),
    Unit("Recycling", "Tianjin", "separation", "recycling"),
    Unit("Trading House", "Beijing", "digital", "trade"),
)
"""Ordered so that any first few of them cover different domains and sites."""


class Area(NamedTuple):
    """A field that rotations lead through, with the domain it belongs to."""

    name: str
    domain: str


AREAS = (
    Area("mining", "ore"),
    Area("separation", "separation"),
    Area("smelting", "metallurgy"),
    Area("magnets", "magnetism"),
    Area("polishing", "optics"),
    Area("hydrogen", "hydrogen"),
    Area("catalysts", "catalysis"),
    Area("automation", "digital"),
    Area("alloys", "metallurgy"),
    Area("recycling", "separation"),
)

TRACKS = ("technical", "operations", "management")
TRACK_SHARES = (0.5, 0.35, 0.15)

LEVELS = ("junior", "intermediate", "senior")
LEVEL_COUNTS = (761, 280, 350)
"""Staff by level in the group whose published figures the shares follow."""
LEVEL_GRADES = ((1, 3), (4, 5), (6, 7))
"""Lowest and highest grade of each level."""

OCCUPATIONS = (
    *("geologist", "mining engineer", "blasting engineer", "surveyor", "dresser", "hydrologist"),
    *("extraction engineer", "analytical chemist", "process chemist", "effluent engineer"),
    *("furnace engineer", "metallurgist", "foundry engineer", "materials scientist", "welder"),
    *("magnet designer", "sintering engineer", "coating engineer", "test engineer", "machinist"),
    *("powder technologist", "optical engineer", "glass technologist", "spectroscopist"),
    *(
        "hydride chemist",
        "tank engineer",
        "gas engineer",
        "fuel-cell engineer",
        "catalyst chemist",
    ),
    *("ceramics engineer", "automation engineer", "data scientist", "software engineer"),
    *("electrical engineer", "mechanical engineer", "maintenance planner", "safety engineer"),
    *("quality engineer", "logistics planner", "buyer", "sales engineer", "controller"),
)

FAMILY_NAMES = (
    *("Bai", "Cai", "Cao", "Chen", "Cheng", "Cui", "Dai", "Deng", "Ding", "Dong", "Du", "Fan"),
    *("Feng", "Fu", "Gao", "Gu", "Guo", "Han", "He", "Hou", "Hu", "Huang", "Jia", "Jiang"),
    *("Jin", "Kang", "Kong", "Li", "Liang", "Lin", "Liu", "Lu", "Luo", "Ma", "Mao", "Meng"),
    *("Pan", "Peng", "Qian", "Qin", "Ren", "Shao", "Shen", "Shi", "Song", "Su", "Sun", "Tan"),
    *("Tang", "Tian", "Wang", "Wei", "Wu", "Xia", "Xie", "Xu", "Yang", "Ye", "Yu", "Zhang"),
)
GIVEN_NAMES = (
    *("Bo", "Chao", "Dan", "Fang", "Fei", "Gang", "Hai", "Hao", "Hong", "Hua", "Hui", "Jia"),
    *("Jian", "Jie", "Jing", "Jun", "Kai", "Lan", "Lei", "Li", "Lin", "Ling", "Long", "Mei"),
    *("Min", "Ming", "Na", "Ning", "Peng", "Ping", "Qi", "Qiang", "Qing", "Rong", "Rui", "Shan"),
    *("Tao", "Ting", "Wei", "Wen", "Xia", "Xin", "Xue", "Yan", "Yi", "Ying", "Yong", "Yu"),
)
