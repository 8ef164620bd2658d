"""Uptime by day: from what was measured alone, and read again only where it may have changed."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from portico.watch import registry, uptime
from portico.watch.series.chart import Chart, Row
from portico.watch.uptime import DAY_S, HOUR_S, Uptime

TODAY = 20_000 * DAY_S
NOW = TODAY + 5 * HOUR_S
RIGHT = 'portico_probe_agreed_total{result="right",target="edge"}'
ERROR = 'portico_probe_agreed_total{result="error",target="edge"}'
INSIDE = 'portico_probe_agreed_total{result="error",target="cluster a"}'
FORMS = "portico_intake_probe_up"


@dataclass
class Known:
    key: str


@dataclass
class Series:
    """Rows by key; `asked` notes what was read."""

    rows: dict[str, list[Row]]
    asked: list[tuple[str, float]] = field(default_factory=list)

    def names(self, prefix: str = "") -> list[Known]:
        return [Known(key) for key in self.rows if key.startswith(prefix)]

    def query(self, key: str, start: float, end: float, points: int = 300) -> Chart:
        self.asked.append((key, start))
        found = tuple(row for row in self.rows[key] if start <= row.at < end)
        return Chart(key, start, end, HOUR_S, HOUR_S, False, found)


def counted(*pairs: tuple[float, float]) -> list[Row]:
    return [Row(at, 1, amount, amount, amount) for at, amount in pairs]


def test_a_day_is_the_share_of_looks_that_saw_a_page():
    found = Uptime(
        Series({RIGHT: counted((TODAY, 95), (TODAY - DAY_S, 10)), ERROR: counted((TODAY, 5))}), 90
    ).look(NOW)
    [site] = found
    assert [(day.at, day.good, day.total) for day in site.days] == [(TODAY - DAY_S, 10, 10), (TODAY, 95, 100)]


def test_a_cluster_that_fails_alone_is_no_outage_of_the_site():
    [site] = Uptime(Series({RIGHT: counted((TODAY, 10)), INSIDE: counted((TODAY, 10))}), 90).look(NOW)
    assert [(day.good, day.total) for day in site.days] == [(10, 10)]


def test_what_nobody_measured_is_not_there_at_all():
    assert Uptime(Series({}), 90).look(NOW) == []


def test_a_gauge_of_ones_and_zeros_is_a_share_of_its_samples():
    rows = [Row(TODAY, 12, 9, 0, 1), Row(NOW - 10, 1, 1, 1, 1)]
    [forms] = Uptime(Series({FORMS: rows}), 90).look(NOW)
    assert (forms.key, forms.good, forms.total) == ("forms", 1, 1)
    assert [(day.good, day.total) for day in forms.days] == [(10, 13)]


def test_days_that_are_over_are_read_once():
    series = Series({RIGHT: counted((TODAY - 30 * DAY_S, 10), (TODAY, 10))})
    kept = Uptime(series, 90)
    kept.look(NOW)
    series.asked.clear()
    [site] = kept.look(NOW + 10)
    assert min(start for _, start in series.asked) == TODAY - DAY_S
    assert len(site.days) == 2


def test_a_day_beyond_the_window_is_forgotten():
    kept = Uptime(Series({RIGHT: counted((TODAY - 6 * DAY_S, 10), (TODAY, 10))}), 7)
    assert len(kept.look(NOW)[0].days) == 2
    assert len(kept.look(NOW + DAY_S)[0].days) == 1


def test_what_the_ledger_keeps_is_read_as_it_was_written():
    found = Uptime(Series({RIGHT: counted((TODAY, 3.0))}), 90).look(NOW)
    assert uptime.read(uptime.told(found)) == tuple(found)


@pytest.mark.parametrize("part", uptime.PARTS, ids=lambda part: part.key)
def test_each_part_reads_a_metric_that_exists(part: uptime.Part):
    assert registry.find(part.metric.removesuffix("{"))
