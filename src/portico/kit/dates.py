"""Dates as people write them in their language: for the public status page and its mails. Pure.

To add a language: its row here, one in `config/statuspage.py`, and its words where these languages are named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Calendar:
    """`day` and `date` are filled with day, month and year; `to` stands between two times."""

    months: tuple[str, ...]
    day: str
    date: str
    to: str


_ENGLISH = Calendar(
    (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "{day} {month}",
    "{day} {month} {year}",
    "to",
)
_CALENDARS: Mapping[str, Calendar] = {
    "en": _ENGLISH,
    "de": Calendar(
        (
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ),
        "{day}. {month}",
        "{day}. {month} {year}",
        "bis",
    ),
}


def moment(at: float, zone: str, language: str = "en") -> str:
    found = _at(at, zone)
    return f"{_date(found, language)}, {found:%H:%M %Z}"


def span(starts: float, ends: float, zone: str, language: str = "en") -> str:
    """The day once, where it ends on the same."""
    one, other, to = _at(starts, zone), _at(ends, zone), _calendar(language).to
    if one.date() == other.date():
        return f"{_date(one, language)}, {one:%H:%M} {to} {other:%H:%M %Z}"
    return f"{_date(one, language)}, {one:%H:%M} {to} {_date(other, language)}, {other:%H:%M %Z}"


def clock(at: float, zone: str) -> str:
    return f"{_at(at, zone):%H:%M %Z}"


def month(at: float, zone: str, language: str = "en") -> str:
    found = _at(at, zone)
    return f"{_calendar(language).months[found.month - 1]} {found.year}"


def day(at: float, language: str = "en") -> str:
    """Of UTC, without its year."""
    found = datetime.fromtimestamp(at, UTC)
    return _filled(_calendar(language).day, found, language)


def _date(found: datetime, language: str) -> str:
    return _filled(_calendar(language).date, found, language)


def _filled(form: str, found: datetime, language: str) -> str:
    named = _calendar(language).months[found.month - 1]
    return form.format(day=found.day, month=named, year=found.year)


def _calendar(language: str) -> Calendar:
    return _CALENDARS.get(language, _ENGLISH)


def _at(at: float, zone: str) -> datetime:
    return datetime.fromtimestamp(at, ZoneInfo(zone))
