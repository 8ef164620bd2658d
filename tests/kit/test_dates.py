"""Dates as they are written in a language."""

from __future__ import annotations

import pytest

from portico.kit import dates

AT = 1_763_900_000.0


@pytest.mark.parametrize(
    ("language", "moment", "month", "day"),
    [
        ("en", "23 November 2025, 13:13 CET", "November 2025", "23 November"),
        ("de", "23. November 2025, 13:13 CET", "November 2025", "23. November"),
        ("xx", "23 November 2025, 13:13 CET", "November 2025", "23 November"),
    ],
)
def test_a_moment_is_written_as_its_readers_do(language: str, moment: str, month: str, day: str):
    assert dates.moment(AT, "Europe/Berlin", language) == moment
    assert dates.month(AT, "Europe/Berlin", language) == month
    assert dates.day(AT, language) == day


def test_a_span_names_its_day_once_where_it_ends_on_the_same():
    assert dates.span(AT, AT + 3600, "UTC") == "23 November 2025, 12:13 to 13:13 UTC"
    over_night = "1. März 2026, 00:00 bis 2. März 2026, 01:00 UTC"
    assert dates.span(1_772_323_200, 1_772_323_200 + 90_000, "UTC", "de") == over_night
