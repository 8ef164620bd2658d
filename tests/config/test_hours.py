"""Hours of the day, as quiet hours are written."""

from datetime import time

import pytest

from portico.config import hours


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("22:00-07:00", ["22:00", "23:59", "00:00", "06:59"], ["07:00", "12:00", "21:59"]),
        ("9:00 - 17:30", ["09:00", "17:29"], ["08:59", "17:30", "00:00"]),
        ("00:00-00:01", ["00:00"], ["00:01", "23:59"]),
    ],
)
def test_hours_hold_from_their_start_until_before_their_end(text, inside, outside):
    found = hours.parse(text)
    assert all(found.hold(time.fromisoformat(moment)) for moment in inside)
    assert not any(found.hold(time.fromisoformat(moment)) for moment in outside)


@pytest.mark.parametrize(
    "text", ["", "22:00", "22-7", "24:00-07:00", "22:0-07:00", "22:00-07:00-08:00", "a:b-c:d"]
)
def test_other_texts_are_refused_with_an_example(text):
    with pytest.raises(ValueError, match="expected hours such as 22:00-07:00"):
        hours.parse(text)
