from __future__ import annotations

import re
import subprocess

import pytest

from portico.board import words as board
from portico.console import render, words
from portico.model import Health, Severity

NOW = 1_795_403_261.0


def filtered(name: str, at: float | None) -> str:
    environment = render._environment()
    return environment.from_string(f"{{{{ at|{name} }}}}").render(at=at, now=NOW, zone="UTC")


def test_a_moment_is_told_as_how_long_ago_it_was_and_the_browser_can_count_on():
    html = filtered("ago", NOW - 240)
    assert html.endswith(">4 min ago</time>")
    assert f'data-at="{NOW - 240}"' in html
    assert 'data-as="ago"' in html


def test_a_moment_of_another_day_has_its_date():
    assert re.fullmatch(r"\d\d:\d\d:\d\d", re.sub(r"<[^>]+>", "", filtered("clock", NOW)))
    assert re.fullmatch(r"\d\d \w{3} \d\d:\d\d", re.sub(r"<[^>]+>", "", filtered("clock", NOW - 3 * 86400)))


@pytest.mark.parametrize(
    "name", ["ago", "since", "clock", "span", "took", "bytes", "ratio", "number", "rate"]
)
def test_what_is_not_known_is_a_dash(name: str):
    assert filtered(name, None) == board.NOTHING


def test_every_state_and_severity_has_a_tone():
    told = {str(state): words.tone(state) for state in (*Health, *Severity)}
    assert set(told.values()) <= {"good", "fair", "bad", "calm"}
    assert (told["up"], told["down"], told["critical"], told["warning"]) == ("good", "bad", "bad", "fair")
    assert words.tone("whatever") == "none"


def test_the_browser_counts_ages_in_the_words_of_the_server():
    script = (render.STATIC / "js" / "times.js").read_text()
    told = script[script.index("const UNITS") : script.index("const say")]
    spans = [0, 1, 59, 59.9, 60, 3599, 3600, 86400, 172799, 172800, 900000]
    code = f"{told} console.log(JSON.stringify({spans}.map(span)))"
    ran = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == str([board.span(each) for each in spans]).replace("'", '"').replace(
        ", ", ","
    )
