"""The exposition, read by Prometheus' own parser, by promtool, and by a Prometheus that scrapes it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client.openmetrics import parser

from portico.watch import registry, signal
from portico.watch.collect.histogram import Histogram
from portico.watch.export import openmetrics
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from support import exposed
from support.edging import until

REQUESTS = "portico_edge_requests_total"
DURATION = "portico_edge_request_duration_seconds"


def some_of(metric: Metric) -> list[Signal]:
    """Two series of it, or one where it has no labels."""
    places = [{label: f"{label}-{number}" for label in metric.labels} for number in (1, 2)]
    found: list[Signal] = []
    for place in places if metric.labels else places[:1]:
        if metric.kind is Kind.HISTOGRAM:
            counted = Histogram((0.1, 1.0, 2.5))
            for value in (0.05, 0.5, 2, 30):
                counted.observe(value)
            found += counted.signals(metric.name, **place)
        else:
            found.append(signal.of(metric.name, 0.25, **place))
    return found


def everything() -> list[Signal]:
    return [one for metric in registry.METRICS.values() for one in some_of(metric)]


def families(signals: list[Signal]) -> dict[str, object]:
    text = openmetrics.render(signals).decode()
    return {family.name: family for family in parser.text_string_to_metric_families(text)}


def test_every_registered_metric_is_read_with_kind_unit_and_help():
    found = families(everything())
    for metric in registry.METRICS.values():
        family = found.pop(metric.name.removesuffix("_total") if metric.kind is Kind.COUNTER else metric.name)
        assert (family.type, family.unit, family.documentation) == (metric.kind, metric.unit, metric.help)
    assert found == {}


def test_values_and_labels_come_back_as_they_were():
    signals = [
        signal.of(REQUESTS, 12345678901, door="https"),
        signal.of(REQUESTS, 1.5, door='odd "name"\nwith \\ in it'),
    ]
    samples = families(signals)["portico_edge_requests"].samples
    assert {(one.labels["door"], one.value) for one in samples} == {
        ("https", 12345678901),
        ('odd "name"\nwith \\ in it', 1.5),
    }


def test_a_histogram_is_read_as_one():
    counted = Histogram((0.1, 1.0))
    counted.observe(0.1)
    for _ in range(3):
        counted.observe(5)
    samples = families(list(counted.signals(DURATION, source="cache", cluster="")))[DURATION].samples
    assert [(one.name.removeprefix(DURATION), one.labels.get("le"), one.value) for one in samples] == [
        ("_bucket", "0.1", 1),
        ("_bucket", "1.0", 1),
        ("_bucket", "+Inf", 4),
        ("_sum", None, 15.1),
        ("_count", None, 4),
    ]


def test_the_order_in_which_signals_come_does_not_matter():
    signals = everything()
    interleaved = signals[::2] + signals[1::2]
    gauges = [one for one in interleaved if not one.name.endswith(("_bucket", "_sum", "_count"))]
    assert families(gauges)


def test_what_is_not_registered_is_left_out():
    assert openmetrics.render([signal.of("portico_unheard_of", 1)]) == b"# EOF\n"


def test_nothing_at_all_is_still_whole():
    assert openmetrics.render([]) == b"# EOF\n"


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_promtool_finds_nothing_to_complain_about():
    text = exposed.in_the_older_format(openmetrics.render(everything()).decode())
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(not shutil.which("prometheus"), reason="Prometheus is not installed")
def test_prometheus_scrapes_it(tmp_path: Path):
    signals = everything()
    with (
        exposed.served(lambda: openmetrics.render(signals)) as target,
        exposed.prometheus(tmp_path, target) as address,
    ):
        until(lambda: is_up(address), "the target to be up", 60)
        query = 'portico_edge_requests_total{door="door-2"}'
        # a target is up a moment before what it said can be asked for
        until(lambda: exposed.asked(address, "query", query=query)["result"], "its numbers")
        asked = exposed.asked(address, "query", query=query)
        assert [one["value"][1] for one in asked["result"]] == ["0.25"]
        median = exposed.asked(
            address, "query", query=f'histogram_quantile(0.5, {DURATION}_bucket{{source="source-1"}})'
        )
        assert [float(one["value"][1]) for one in median["result"]] == [1.0]
        told = exposed.asked(address, "metadata", metric=DURATION)
        assert told[DURATION][0]["type"] == "histogram"


def is_up(address: str) -> bool:
    targets = (exposed.asked(address, "targets") or {}).get("activeTargets", [])
    return [one["health"] for one in targets] == ["up"]
