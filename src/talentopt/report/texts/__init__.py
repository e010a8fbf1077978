"""Every text of the reports in one place, by language."""

from __future__ import annotations

from talentopt.report.texts.en import ENGLISH
from talentopt.report.texts.zh import CHINESE

LANGUAGES = {"en": ENGLISH, "zh": CHINESE}
"""Texts by language and name; every language has the same names."""
