"""A draft from an incident of the ledger, in words that claim nothing: people say what it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from portico.kit.errors import PorticoError
from portico.ledger.bulletins import INCIDENT, Written
from portico.statuspage.facts import NAMES, Part, State

TITLES = {"en": "We are looking into a problem", "de": "Wir gehen einem Problem nach"}
TEXTS = {
    "en": "We have noticed a problem and are looking into it. We will say more here.",
    "de": "Wir haben ein Problem bemerkt und gehen ihm nach. Hier sagen wir, wie es weitergeht.",
}
FARTHEST_S = 5 * 366 * 86_400.0


def of_incident(number: int, parts: Iterable[Part], languages: Sequence[str]) -> Written:
    """What is affected is what is measured not to work; why it is so is no machine's to say."""
    first, *others = languages
    troubled = {State.PROBLEMS, State.DOWN}
    affected = tuple(part.key for part in parts if part.state in troubled)
    return Written(
        INCIDENT,
        TITLES[first],
        "investigating",
        TEXTS[first],
        affected,
        incident=number,
        language=first,
        titles={language: TITLES[language] for language in others},
        texts={language: TEXTS[language] for language in others},
    )


def in_others(given: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """What was said in the page's other languages, without what was left empty.

    Raises PorticoError for a language that it hasn't.
    """
    first, *others = languages
    if unknown := [language for language in given if language not in others]:
        known = ", ".join(others) or "none"
        raise PorticoError(
            f"expected a language that the page has beside {first} ({known}), got {unknown[0]!r}",
            hint="status_page/languages",
        )
    return {language: words for language, words in given.items() if words.strip()}


def affected(keys: Iterable[str]) -> tuple[str, ...]:
    """Raises PorticoError for a part that there isn't."""
    asked = tuple(dict.fromkeys(keys))
    if unknown := [key for key in asked if key not in NAMES]:
        raise PorticoError(f"expected parts to be of {', '.join(NAMES)}, got {unknown[0]!r}")
    return asked


def moment(text: str, zone: str, now: float) -> float | None:
    """`2026-12-01 22:00` or `2026-12-01T22:00`, in the zone of the settings; None for nothing.

    Raises PorticoError for what is no time, or one so far away that it is a slip.
    """
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        at = (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).timestamp()
    except (ValueError, OverflowError):
        raise PorticoError(f"expected a time such as 2026-12-01 22:00, got {text!r}") from None
    if abs(at - now) > FARTHEST_S:
        raise PorticoError(f"expected a time within five years of now, got {text!r}")
    return at


def written_at(at: float | None, zone: str) -> str:
    """As a form's field takes it."""
    return f"{datetime.fromtimestamp(at, ZoneInfo(zone)):%Y-%m-%dT%H:%M}" if at is not None else ""
