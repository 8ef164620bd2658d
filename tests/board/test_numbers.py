"""The first page's numbers, read from real series."""

from __future__ import annotations

import pytest

from portico.board import numbers
from portico.watch.series.read import Reader
from support import paperseries

NOW = 1_790_000_000.0


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("series")
    paperseries.write(folder, NOW)
    return Reader(folder)


def test_a_rate_does_not_sink_while_nobody_looks(measured: Reader):
    at_once, later = (numbers.of(measured, NOW + seconds) for seconds in (0, 25))
    assert at_once.requests
    assert later.requests == at_once.requests
    assert later.to == at_once.to


def test_a_rate_that_was_measured_long_ago_is_unknown(measured: Reader):
    found = numbers.of(measured, NOW + 31 + numbers.FRESH_S)
    assert found.requests is None
    assert found.to == {}
