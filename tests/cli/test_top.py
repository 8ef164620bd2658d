from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from portico.board import board
from portico.cli import topview
from support import consoles
from support.commands import Run


def shown(story: str, width: int) -> str:
    console = Console(width=width, record=True, file=None, force_terminal=False)
    with console.capture() as caught:
        console.print(topview.render(board.of(consoles.seen(story)), width))
    return caught.get()


def test_open_incidents_stand_first_with_how_to_take_them_on():
    lines = shown("incident", 130).splitlines()
    first = lines.index("Open incidents")
    assert first < next(number for number, line in enumerate(lines) if line.startswith("Performance"))
    assert "Cluster b is down" in lines[first + 1]
    assert "portico ack" in lines[first + 1]


def test_three_columns_stand_side_by_side_where_there_is_room():
    head = next(line for line in shown("quiet", 130).splitlines() if line.startswith("Performance"))
    assert head.split() == ["Performance", "Durability", "Security"]


def test_on_a_narrow_terminal_each_cell_is_a_line():
    lines = shown("quiet", 60).splitlines()
    assert "Durability" in lines
    assert any(line.startswith("● High availability") and "100 %" in line for line in lines)
    assert all(len(line) <= 60 for line in lines)


def test_a_state_is_told_by_shape_and_word_not_by_colour_alone():
    text = shown("incident", 130)
    assert "■ b       down" in text
    assert "● a       up" in text


def test_a_silent_keeper_is_said_above_all():
    lines = shown("keeper_dead", 130).splitlines()
    assert lines[1].startswith("▲ the keeper has been silent for 4 min.")


@pytest.mark.parametrize("story", ["quiet", "empty"])
def test_the_command_prints_once_and_as_json(tmp_path: Path, run: Run, story: str):
    with consoles.told(tmp_path, story):
        once = run("top", "--once")
        assert once.code == 0
        assert "High availability" in once.out
        document = json.loads(run("top", "--json").out)
    assert len(document["columns"]) == 9
    assert {"column", "promise", "value", "says", "tone", "age_s", "evidence"} <= document["columns"][
        0
    ].keys()


def test_where_nothing_was_started_it_says_what_to_do(run: Run):
    ran = run("top", "--once")
    assert ran.code == 5
    assert "portico up" in ran.err
