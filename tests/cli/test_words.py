from __future__ import annotations

import pytest

from portico.cli import words
from portico.cli.told import UsageError

NOW = 1_795_408_678.0


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (7200, "2 h"),
        (200_000, "2 d"),
        (-5, "0 s"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, said: str):
    assert words.age(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.003, "3 ms"), (0.41, "0.41 s"), (12.34, "12.3 s"), (125, "2 min 5 s")]
)
def test_a_duration_is_told_with_two_or_three_digits(seconds: float, said: str):
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("octets", "said"),
    [(0, "0 B"), (999, "999 B"), (1200, "1.2 kB"), (48_000_000, "48.0 MB"), (3e12, "3.0 TB")],
)
def test_sizes_go_by_thousands(octets: float, said: str):
    assert words.size(octets) == said


def test_one_is_not_told_in_the_plural():
    assert words.count(1, "process", "processes") == "1 process"
    assert words.count(1200, "path") == "1,200 paths"


@pytest.mark.parametrize(("text", "back"), [("90s", 90), ("10m", 600), ("2h", 7200), ("3d", 259_200)])
def test_since_takes_a_span(text: str, back: float):
    assert words.since(text, NOW) == NOW - back


def test_since_takes_a_moment():
    assert words.since("2026-11-23T04:00:00+00:00", NOW) == 1_795_406_400


def test_since_refuses_anything_else_with_an_example():
    with pytest.raises(UsageError, match="got 'yesterday'") as refused:
        words.since("yesterday", NOW)
    assert refused.value.hint == "--since 10m"
