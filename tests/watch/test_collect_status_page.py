"""How old the status page is and whom it is mailed to, as numbers; never who."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.watch.collect.status_page import StatusPageCollector
from portico.watch.watched import Watched
from support import collecting
from support.collecting import numbers

KEPT = {"confirmed": 40, "pending": 3, "waiting": 2, "failed": 1, "queued": 7, "turned_away": 5}


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with collecting.watched(tmp_path) as made:
        yield made


def told(watched: Watched) -> dict[str, float]:
    return numbers(StatusPageCollector(watched))


def test_the_relays_counts_of_subscribers_are_told(watched: Watched):
    watched.ledger.see("subscribers", KEPT)
    assert {name.removeprefix("portico_status_page_"): value for name, value in told(watched).items()} == {
        "subscribers": 40,
        "mails_waiting": 2,
        "mails_failed": 1,
        "addresses_queued": 7,
        "addresses_turned_away_total": 5,
    }


def test_what_an_older_relay_did_not_count_is_left_out(watched: Watched):
    watched.ledger.see("subscribers", {"confirmed": 1, "pending": 0, "waiting": 0, "failed": 0})
    assert "portico_status_page_addresses_queued" not in told(watched)
