"""From buckets to the values of a distribution."""

from __future__ import annotations

from portico.watch.collect.histogram import Histogram
from portico.watch.export import spread

NAME = "portico_edge_request_duration_seconds"


def spread_of(*values: float) -> list[spread.Spread]:
    counted = Histogram((0.1, 0.2, 1.0))
    for value in values:
        counted.observe(value)
    signals = list(counted.signals(NAME, cluster="a"))
    return list(spread.spreads(signals, {one.key: one.value for one in signals}))


def test_each_bucket_counts_what_lies_in_it_alone():
    [found] = spread_of(0.05, 0.15, 0.16, 0.5, 7.0)
    assert found.name == NAME
    assert found.labels == (("cluster", "a"),)
    assert [round(value, 9) for value in found.values] == [0.05, 0.15, 0.6, 1.0]
    assert found.counts == (1, 2, 1, 1)


def test_what_counted_nothing_is_not_told():
    assert spread_of() == []


def test_few_values_are_all_told_and_of_many_the_quantiles_stay():
    [found] = spread_of(*[0.05] * 900, *[0.5] * 90, *[7.0] * 10)
    assert len(spread.samples(found, 2000)) == 1000
    few = spread.samples(found, 100)
    assert [few.count(value) for value in (0.05, 0.6, 1.0)] == [90, 9, 1]


def test_a_counter_that_began_anew_counts_nothing_backwards():
    counted = Histogram((0.1, 1.0))
    counted.observe(0.05)
    signals = list(counted.signals(NAME))
    increases = {signals[0].key: 5.0, signals[1].key: 3.0, signals[2].key: 3.0}
    [found] = spread.spreads(signals, increases)
    assert found.counts == (5, 0, 0)
