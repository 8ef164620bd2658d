"""What the status page itself says, in each language; the code and the templates hold the English. Pure.

To add one: its module of words, its row here and in `kit/dates.py`, and its name in `config/statuspage.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portico.statuspage import german


@dataclass(frozen=True, slots=True)
class Language:
    """`name` is what its speakers call it, `words` are by the English, `point` stands in a number."""

    name: str
    words: Mapping[str, str]
    point: str


TABLE: Mapping[str, Language] = {
    "en": Language("English", {}, "."),
    "de": Language("Deutsch", german.WORDS, ","),
}


def words(language: str, english: str) -> str:
    """As they are in English where a language lacks them: what is true is told in any case."""
    return TABLE[language].words.get(english, english)


def said(language: str, english: str, **told: object) -> str:
    return words(language, english).format(**told)


def point(language: str) -> str:
    return TABLE[language].point


def name(language: str) -> str:
    return TABLE[language].name
