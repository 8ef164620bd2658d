"""One cell of the three columns: what was promised, the number that shows it, its evidence, its age."""

from __future__ import annotations

from dataclasses import dataclass

PERFORMANCE, DURABILITY, SECURITY = COLUMNS = ("Performance", "Durability", "Security")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the number is shown whole: a page of the console, and a command for the terminal."""

    href: str
    words: str
    command: str


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` is empty where nothing was measured; `says` tells then why. `more` stands below it.

    `tone` is good, calm where somebody wanted it so, fair, bad, or none where nobody can tell. `at` is when
    the number was measured.
    """

    column: str
    promise: str
    value: str
    says: str
    evidence: Evidence
    tone: str = "none"
    more: str = ""
    at: float | None = None


def worst(*tones: str) -> str:
    """Of several tones, `none` being better than nothing but worse than good."""
    return max(tones, key=("good", "calm", "none", "fair", "bad").index)
