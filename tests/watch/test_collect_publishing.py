"""Publishing by the ledger's events: how long, how many, how old, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portico.ledger.ledger import Ledger
from portico.watch.collect.publishing import PublishingCollector
from portico.watch.watched import Watched
from support import collecting
from support.collecting import NOW, numbers

SNAPSHOT = "1" * 64


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with collecting.watched(tmp_path) as made:
        yield made


def at(watched: Watched, seconds: float) -> Ledger:
    """The ledger as its clock would write it so many seconds later."""
    return Ledger(watched.home.ledger, now=lambda: NOW + seconds)


def publish(watched: Watched, *, began: float, live: float, state: str = "done", **result: Any) -> None:
    number = at(watched, began).order("publish", {"snapshot": SNAPSHOT}, by="test")
    at(watched, live).record("live", SNAPSHOT, before=None, order=number)
    if state == "done":
        at(watched, live).record("released", SNAPSHOT, before=None, order=number)
    at(watched, live).settle(watched.ledger.get_order(number), state, **result)


def test_the_time_from_the_order_to_the_flip_is_counted(watched: Watched):
    collector = PublishingCollector(watched)
    numbers(collector)
    publish(watched, began=0, live=0.4)
    publish(watched, began=10, live=13)
    found = numbers(collector, NOW + 20)
    assert found["portico_publish_to_live_seconds_count"] == 2
    assert found["portico_publish_to_live_seconds_sum"] == pytest.approx(3.4)
    assert found['portico_publish_to_live_seconds_bucket{le="0.25"}'] == 0
    assert found['portico_publish_to_live_seconds_bucket{le="0.5"}'] == 1
    assert found['portico_publish_to_live_seconds_bucket{le="+Inf"}'] == 2
    assert found['portico_publish_orders_total{kind="publish",result="done"}'] == 2


def test_each_event_counts_once(watched: Watched):
    collector = PublishingCollector(watched)
    numbers(collector)
    publish(watched, began=0, live=1)
    numbers(collector)
    assert numbers(collector)["portico_publish_to_live_seconds_count"] == 1


def test_what_happened_before_the_watcher_came_is_known_but_not_counted(watched: Watched):
    publish(watched, began=0, live=1)
    found = numbers(PublishingCollector(watched), NOW + 61)
    assert found["portico_publish_to_live_seconds_count"] == 0
    assert found["portico_publish_age_seconds"] == 60
    assert found["portico_publish_ok"] == 1


def test_a_publish_that_failed_leaves_the_age_of_the_one_before(watched: Watched):
    publish(watched, began=0, live=1)
    collector = PublishingCollector(watched)
    numbers(collector)
    publish(watched, began=100, live=101, state="failed", why="copy:a: no room")
    found = numbers(collector, NOW + 201)
    assert found["portico_publish_age_seconds"] == 200
    assert found["portico_publish_ok"] == 0
    assert found['portico_publish_orders_total{kind="publish",result="failed"}'] == 1


def test_the_queue_and_the_age_of_its_oldest_are_told(watched: Watched):
    at(watched, 0).order("publish", {"snapshot": SNAPSHOT}, by="test")
    at(watched, 5).order("rollback", {}, by="test")
    at(watched, 5).order("drain", {"cluster": "a"}, by="test")
    found = numbers(PublishingCollector(watched), NOW + 8)
    assert found["portico_publish_queue"] == 2
    assert found["portico_publish_waited_seconds"] == 8


def test_where_nothing_was_ever_published_nothing_has_an_age(watched: Watched):
    found = numbers(PublishingCollector(watched))
    assert found["portico_publish_queue"] == 0
    assert not any("age" in key or "_ok" in key for key in found)


def test_backups_and_scans_are_told_as_soon_as_there_are_any(watched: Watched):
    at(watched, 0).record("backup.done", "ledger")
    collector = PublishingCollector(watched)
    assert numbers(collector, NOW + 60)['portico_task_age_seconds{task="backup"}'] == 60
    at(watched, 50).record("scan.done", "code", ok=False)
    found = numbers(collector, NOW + 60)
    assert found['portico_task_age_seconds{task="scan"}'] == 10
    assert found['portico_task_ok{task="scan"}'] == 0
    assert found['portico_task_ok{task="backup"}'] == 1
