"""Whether operators can look and order, and whether somebody guesses, as numbers."""

import json

import pytest

from portico.config import load
from portico.watch.collect import console
from portico.watch.collect.console import ConsoleCollector
from support import collecting, tinyhttp
from support.collecting import numbers


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    monkeypatch.setattr(console, "ANSWER_S", 60)


@pytest.fixture
def watched(tmp_path):
    with collecting.watched(tmp_path) as made:
        yield made


def test_a_console_that_answers_is_up(watched):
    collector = ConsoleCollector(watched)
    assert numbers(collector)[console.UP.name] == 0

    async def alive(asked, writer):
        tinyhttp.say(writer, b"ok\n", 200 if asked.path == "/-/live" else 404)

    with tinyhttp.serving(alive) as address:
        port = int(address.rpartition(":")[2].strip("/"))
        watched.home.console_port.write_text(json.dumps({"port": port, "asked": 9090}))
        assert numbers(collector)[console.UP.name] == 1


def test_refused_tries_of_late_are_counted(watched):
    for _ in range(3):
        watched.ledger.record("operator.refused", "ada", address="10.0.0.1")
    assert numbers(ConsoleCollector(watched))[console.REFUSED.name] == 3


def test_a_console_that_is_off_has_no_numbers(tmp_path):
    settings = load.parse({"console": {"enabled": False}}, where="")
    with collecting.watched(tmp_path, settings) as watched:
        assert numbers(ConsoleCollector(watched)) == {}
