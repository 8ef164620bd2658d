from __future__ import annotations

from pathlib import Path

import pytest

from portico.cli.commands.logs import Tail


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "edge.log"


def test_the_last_lines_come_first_and_then_what_is_added(log: Path):
    log.write_text("one\ntwo\nthree\n")
    tail = Tail("edge", log)
    assert tail.last(2) == ["two", "three"]
    assert tail.more() == []
    with log.open("a") as file:
        file.write("four\n")
    assert tail.more() == ["four"]


def test_a_line_is_told_when_it_is_whole(log: Path):
    log.write_text("one\nhal")
    tail = Tail("edge", log)
    assert tail.last(5) == ["one"]
    with log.open("a") as file:
        file.write("f\n")
    assert tail.more() == ["half"]


def test_a_log_that_was_replaced_is_read_from_its_start(log: Path):
    log.write_text("one\n")
    tail = Tail("edge", log)
    tail.last(5)
    log.rename(log.with_suffix(".1"))
    assert tail.more() == []
    log.write_text("a new file, longer than the old one\n")
    assert tail.more() == ["a new file, longer than the old one"]


def test_a_log_that_was_cut_is_read_from_its_start(log: Path):
    log.write_text("one\ntwo\n")
    tail = Tail("edge", log)
    tail.last(5)
    log.write_text("new\n")
    assert tail.more() == ["new"]


def test_a_log_that_comes_later_is_read_when_it_is_there(log: Path):
    tail = Tail("edge", log)
    assert tail.last(5) == []
    log.write_text("one\n")
    assert tail.more() == ["one"]


def test_no_lines_of_the_past_when_none_are_asked_for(log: Path):
    log.write_text("one\n")
    tail = Tail("edge", log)
    assert tail.last(0) == []
    with log.open("a") as file:
        file.write("two\n")
    assert tail.more() == ["two"]
