"""The watcher's loop goes on whatever fails in it, and says what does."""

import logging

import pytest

from portico.respond.loop import Loop


@pytest.fixture
def loop():
    """One that was never built: what is held here needs nothing of a stack."""
    made = object.__new__(Loop)
    made._failing = {}
    return made


def failing():
    raise KeyError("scur")


def test_a_part_that_fails_is_found_and_logged_once(loop, caplog):
    with caplog.at_level(logging.ERROR, "portico.watcher"):
        for _ in range(3):
            loop._try("group", failing)
    assert len(caplog.records) == 1
    (finding,) = loop._own_troubles().values()
    assert finding.key == "rule-failed:group"
    assert "KeyError: 'scur'" in finding.sentence


def test_it_is_over_when_the_part_works_again(loop):
    loop._try("group", failing)
    loop._try("group", lambda: None)
    assert loop._own_troubles() == {}
