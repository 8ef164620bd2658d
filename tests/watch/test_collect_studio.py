"""Whether editors can write, and how soon visitors see it, as numbers."""

import json
import os

import pytest

from portico.config import load
from portico.model import FREEZER
from portico.watch.collect import studio
from portico.watch.collect.studio import StudioCollector
from support import backserver, collecting
from support.collecting import NOW, numbers


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    monkeypatch.setattr(studio, "ANSWER_S", 60)


@pytest.fixture
def watched(tmp_path):
    with collecting.watched(tmp_path) as made:
        yield made


def test_a_studio_that_answers_is_up(watched):
    collector = StudioCollector(watched)
    assert numbers(collector)[studio.UP.name] == 0
    with backserver.running(watched.home.studio_socket):
        assert numbers(collector)[studio.UP.name] == 1


def test_edits_are_counted_with_their_time_to_live(watched):
    collector = StudioCollector(watched)
    watched.ledger.record("edit.live", "3f9a", revision=3, seconds=0.4, by="Ada")
    watched.ledger.record("edit.failed", "", revision=4, why="it prints the time")
    found = numbers(collector)
    assert found[f"{studio.TO_LIVE.name}_count"] == 1
    assert found[f'{studio.TO_LIVE.name}_bucket{{le="0.5"}}'] == 1
    assert found[studio.FAILED.name] == 1


def test_what_is_published_and_not_live_is_behind(watched):
    watched.home.published.write_text(json.dumps({"state": "failed", "at": NOW - 90}))
    assert numbers(StudioCollector(watched))[studio.BEHIND.name] == 90
    watched.home.published.write_text(json.dumps({"state": "live", "at": NOW - 90}))
    assert numbers(StudioCollector(watched))[studio.BEHIND.name] == 0


def test_a_freezer_that_touches_nothing_is_silent(watched):
    record = watched.home.record(FREEZER)
    assert numbers(StudioCollector(watched))[studio.SILENT.name] == 0
    record.touch()
    os.utime(record, (record.stat().st_atime, record.stat().st_mtime - 50))
    assert 50 <= numbers(StudioCollector(watched))[studio.SILENT.name] < 100


def test_a_site_from_a_folder_has_no_studio_to_measure(tmp_path):
    settings = load.parse({"source": {"folder": "public"}}, where="")
    with collecting.watched(tmp_path, settings) as watched:
        assert numbers(StudioCollector(watched)) == {}
