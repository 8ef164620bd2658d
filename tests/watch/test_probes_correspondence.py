from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portico.kit.errors import PorticoError
from portico.respond.listener import Listener, probes
from portico.watch.answer import What
from portico.watch.probes import correspondence, far
from portico.watch.probes.board import WINDOW_S, Board
from portico.watch.probes.correspondence import Correspondent, RefusedError, Watcher
from portico.watch.probes.intake import Intake
from portico.watch.probes.looks import Outcome
from portico.watch.watched import Watched
from support import probing

SETTINGS = probing.settings(probes={"places": ["paris"]}, watch={"port": 0})
SEEN = {"edge": Outcome(What.DEFACED, "/ is hacked.", {"total": 0.1}, ("/", "/b"))}


@dataclass
class Talk:
    watched: Watched
    correspondent: Correspondent
    board: Board

    @property
    def kept(self) -> far.Kept:
        return far.load(self.watched.home.watch, "paris")


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    """A far place and a watcher that listens, with the site published."""
    with probing.watched(tmp_path, SETTINGS) as (watched, keys):
        probing.Stage(watched, keys).publish(probing.SITE)
        watched.ledger.see("status", {"address": "https://example.com/", "http": "http://example.com/"})
        listener = Listener(SETTINGS.watch, watched.home.watch_port, probes(Intake(watched)))
        listener.start()
        token = watched.home.probe_token.read_text().strip()
        board = Board("paris")
        for at in (100.0, 102.0):
            board.note("edge", SEEN["edge"], at)
        yield Talk(watched, Correspondent(Watcher(listener.address, token), "paris"), board)


@pytest.fixture
def nobody() -> Iterator[Watcher]:
    """Where nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield Watcher(f"http://127.0.0.1:{held.getsockname()[1]}", "token", timeout=1)


def test_what_was_noted_arrives_with_counts_and_the_bad_pages(talk: Talk):
    talk.correspondent.begin()
    talk.correspondent.send(talk.board, SEEN, 0)
    assert talk.kept.counts == {"edge": {What.DEFACED: 2}}
    assert talk.kept.reports[0].fails == 2
    assert talk.kept.reports[0].sentence == "/ is hacked."
    assert talk.correspondent.trouble is None


def test_each_report_has_a_higher_number_also_after_a_clock_that_was_set_back(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
):
    talk.correspondent.begin()
    talk.correspondent.send(talk.board, SEEN, 0)
    first = talk.kept.sequence
    monkeypatch.setattr(correspondence.time, "time_ns", lambda: 5)
    again = Correspondent(talk.correspondent.watcher, "paris")
    again.begin()
    again.send(talk.board, SEEN, 1)
    again.send(talk.board, SEEN, 2)
    assert talk.kept.sequence == first + 2


def test_a_conflict_has_the_tasks_fetched_anew(talk: Talk):
    asked = talk.correspondent
    asked.begin()
    asked.watcher._ahead = -3600
    asked.send(talk.board, SEEN, 0)
    assert talk.kept.sequence == 0
    assert asked.refresh(1)
    asked.send(talk.board, SEEN, 2)
    assert talk.kept.sequence > 0


def test_tasks_are_fetched_now_and_then_and_at_once_when_asked(talk: Talk):
    asked = talk.correspondent
    assert asked.refresh(100)
    assert not asked.refresh(101)
    assert asked.refresh(101, at_once=True)
    assert asked.refresh(101 + correspondence.REFRESH_S + 1)


def test_a_watcher_that_does_not_answer_is_asked_less_and_less(nobody: Watcher):
    asked = Correspondent(nobody, "paris")
    waits = []
    now = 0.0
    for _ in range(9):
        assert not asked.refresh(now)
        assert not asked.refresh(asked._not_before - 0.01)
        waits.append(asked._wait)
        now = asked._not_before + 0.01
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert asked.trouble
    assert "doesn't answer" in str(asked.trouble)


def test_a_refusal_is_told_as_what_a_person_must_mend(talk: Talk):
    wrong = Correspondent(Watcher(talk.correspondent.watcher.url, "wrong"), "paris")
    with pytest.raises(RefusedError, match="token is not the watcher's"):
        wrong.begin()
    stranger = Correspondent(talk.correspondent.watcher, "rome")
    with pytest.raises(RefusedError, match="expects no such place"):
        stranger.begin()
    wrong.refresh(0)
    assert wrong._wait == correspondence.LONGEST_WAIT_S


def test_tasks_that_are_none_are_an_error(nobody: Watcher):
    with pytest.raises(PorticoError):
        nobody.tasks()


def test_a_place_whose_numbers_nobody_asks_for_keeps_its_last_minutes_only():
    board = Board("paris")
    for at in (*range(0, 7200, 10), *range(0, 3600, 10)):
        board.note("edge", SEEN["edge"], float(at))
    assert len(board._targets["edge"].looks) <= WINDOW_S / 10 + 1
