from __future__ import annotations

import pytest

from portico.board import words


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, "\u2013"),
        (-3, "0 s"),
        (0.4, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (47 * 3600, "47 h"),
        (48 * 3600, "2 d"),
    ],
)
def test_a_span_is_told_by_its_largest_unit(seconds: float | None, told: str):
    assert words.span(seconds) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.00042, "0.4 ms"), (0.037, "37 ms"), (0.41, "0.41 s"), (12.34, "12.3 s"), (125, "2 min 5 s")],
)
def test_what_something_took_is_told_to_what_matters(seconds: float, told: str):
    assert words.took(seconds) == told


@pytest.mark.parametrize(
    ("share", "told"),
    [(1.0, "100 %"), (0.9999999, "99.9999 %"), (0.9995, "99.95 %"), (0.0, "0 %"), (None, "\u2013")],
)
def test_a_share_is_never_rounded_up_to_a_perfect_record(share: float | None, told: str):
    assert words.ratio(share) == told


@pytest.mark.parametrize(("value", "told"), [(0.04, "0/s"), (9.7, "9.7/s"), (10.4, "10/s"), (None, "\u2013")])
def test_a_rate_has_no_more_digits_than_tell_something(value: float | None, told: str):
    assert words.rate(value) == told


def test_thousands_are_parted_without_a_break():
    assert words.number(8412377) == "8\u202f412\u202f377"
    assert words.count(1, "process", "processes") == "1 process"
    assert words.count(2000, "process", "processes") == "2\u202f000 processes"


@pytest.mark.parametrize(
    ("octets", "told"), [(532, "532 B"), (1234, "1.2 kB"), (48e6, "48.0 MB"), (4e15, "4000.0 TB")]
)
def test_bytes_come_in_units_of_a_thousand(octets: float, told: str):
    assert words.size(octets) == told
