from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from portico.kit import process
from portico.ledger.ledger import Ledger
from portico.relay.loop import SEEN, Loop

CLUSTERS = ("a", "b")
PATIENCE_S = 60


@pytest.fixture
def ledger(house):
    opened = Ledger(house.home.ledger)
    yield opened
    opened.close()


@pytest.fixture
def relay(house, ledger):
    """A real relay of two clusters, ended by its id."""
    settings = house.home.root / "portico.toml"
    settings.write_text('[source]\nkind = "folder"\n')
    command = [sys.executable, "-m", "portico.relay", str(house.home.root), str(settings)]
    with subprocess.Popen(command, cwd=house.home.root) as started:
        try:
            yield started
        finally:
            started.kill()


def _until(true) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "it didn't happen in time"
        time.sleep(0.01)


def test_a_tick_delivers_and_tells_how_it_stands(house, back, ledger):
    house.posted()
    loop = Loop(house.home, CLUSTERS, ledger)
    assert loop.tick()
    told, _ = ledger.seen(SEEN)
    assert (told["delivered"], told["waiting"], told["alone"], told["down"]) == (1, 0, 0, "")
    assert not loop.tick()


def test_while_the_studio_is_down_the_waiting_is_told(house, ledger):
    house.posted()
    Loop(house.home, CLUSTERS, ledger).tick()
    told, _ = ledger.seen(SEEN)
    assert (told["delivered"], told["waiting"]) == (0, 1)
    assert told["oldest_s"] > 0
    assert "no answer" in told["down"]


def test_what_was_counted_goes_on_after_a_restart(house, back, ledger):
    for _ in range(2):
        house.posted()
        Loop(house.home, CLUSTERS, ledger).tick()
    assert ledger.seen(SEEN)[0]["delivered"] == 2


def test_what_is_put_aside_is_an_event_without_a_word_of_the_visitors(house, back, ledger):
    house.posted(email="ada@example.com")
    back.says = lambda body: (422, {"what": "there is no form 'contact'"}) if "key" in body else None
    Loop(house.home, CLUSTERS, ledger).tick()
    [event] = ledger.events(kind="intake.aside")
    assert event.subject == "contact"
    assert "ada" not in json.dumps(event.data)


def test_the_process_delivers_is_alone_and_ends_when_it_is_told(house, back, ledger, relay):
    sent = house.posted()
    _until(lambda: sent.key in back.entries and not house.left())
    assert process.recall(house.home.record("relay")).pid == relay.pid
    second = subprocess.run(relay.args, cwd=house.home.root, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert "another relay" in second.stderr
    os.kill(relay.pid, signal.SIGTERM)
    assert relay.wait(PATIENCE_S) == 0
    assert not house.home.record("relay").exists()


def test_a_relay_that_is_killed_anywhere_makes_no_second_entry(house, back, ledger):
    sent = [house.posted() for _ in range(30)]
    settings = house.home.root / "portico.toml"
    settings.write_text('[source]\nkind = "folder"\n')
    command = [sys.executable, "-m", "portico.relay", str(house.home.root), str(settings)]
    for target in (5, 12, 20, 1000):
        with subprocess.Popen(command, cwd=house.home.root) as started:
            _until(lambda target=target: len(_deliveries(back)) >= target or not house.left())
            started.kill()
    assert house.left() == []
    assert list(back.entries) == [one.key for one in sent]


def _deliveries(back):
    return [body for path, body in list(back.asked) if path == "/deliver"]
