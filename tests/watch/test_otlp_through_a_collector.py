"""What a real OpenTelemetry collector understands of our export, by what it sends on."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portico.watch import signal
from portico.watch.collect.histogram import Histogram
from portico.watch.export.otlp import packing
from support import collector, otlpshipping
from support.collector import Collector
from support.edging import until
from support.otlpreceiver import Receiver, receiving
from support.otlpshipping import AT, CUMULATIVE, DELTA, SNAPSHOT, Clocked, look, publish

pytestmark = collector.needed

REQUESTS = "portico_edge_requests_total"
DURATION = "portico_edge_request_duration_seconds"
TICK = "portico_keeper_tick_seconds"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def between(tmp_path: Path, receiver: Receiver) -> Iterator[Collector]:
    with collector.running(tmp_path, receiver.url) as made:
        yield made


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Clocked]:
    made = Clocked(tmp_path / "ledger.db")
    yield made
    made.close()


@pytest.fixture
def ship(between: Collector, ledger: Clocked) -> Iterator[Any]:
    with otlpshipping.shipping(between.url, ledger) as start:
        yield start


def arrived(receiver: Receiver, name: str) -> list[Any]:
    """The metric of each round, oldest first: a collector sends several rounds on as one."""
    found = [
        one
        for request in receiver.metrics
        for ours in request.resource_metrics
        for scope in ours.scope_metrics
        for one in scope.metrics
        if one.name == name
    ]
    return sorted(found, key=lambda one: points(one)[0].time_unix_nano)


def points(metric: Any) -> Any:
    return getattr(metric, metric.WhichOneof("data")).data_points


def said(attributes: Any) -> dict[str, str]:
    return {one.key: one.value.string_value for one in attributes}


def test_a_gauge_arrives_with_whose_it_is(receiver: Receiver, ship):
    ship().tell(look(AT, signal.of(TICK, 0.0125)))
    until(lambda: receiver.metrics, "the numbers")
    (ours,) = receiver.metrics[0].resource_metrics
    assert said(ours.resource.attributes) == {
        "service.name": "portico",
        "service.instance.id": "www.example.com",
        "host.name": socket.gethostname(),
    }
    assert [scope.scope.name for scope in ours.scope_metrics] == ["portico.watch"]
    (metric,) = arrived(receiver, TICK)
    assert (metric.unit, metric.WhichOneof("data")) == ("s", "gauge")
    assert metric.description
    (point,) = points(metric)
    assert (point.as_double, point.time_unix_nano) == (0.0125, int(AT) * 10**9)


@pytest.mark.parametrize(
    ("asked", "means", "told"),
    [
        ("cumulative", CUMULATIVE, [(0, 0, 100), (0, 5, 130), (5, 10, 7)]),
        ("delta", DELTA, [(0, 5, 30), (5, 10, 7)]),
    ],
)
def test_a_sum_arrives_with_since_when_it_counts(receiver: Receiver, ship, asked, means, told):
    shipper = ship(temporality=asked)
    for seconds, total in ((0, 100), (5, 130), (10, 7)):
        shipper.tell(look(AT + seconds, signal.of(REQUESTS, total, door="https")))
    until(lambda: len(arrived(receiver, REQUESTS)) == len(told), "every round")
    found = arrived(receiver, REQUESTS)
    assert {(one.sum.aggregation_temporality, one.sum.is_monotonic) for one in found} == {(means, True)}
    one_each = [point for metric in found for point in points(metric)]
    assert [said(point.attributes) for point in one_each] == [{"door": "https"}] * len(told)
    assert [
        (point.start_time_unix_nano / 1e9 - AT, point.time_unix_nano / 1e9 - AT, point.as_double)
        for point in one_each
    ] == told


@pytest.mark.parametrize(
    ("asked", "means", "counts"),
    [("cumulative", CUMULATIVE, [[0, 1, 1], [0, 2, 2]]), ("delta", DELTA, [[0, 1, 1]])],
)
def test_a_histogram_arrives_with_each_bucket_s_own_count(receiver: Receiver, ship, asked, means, counts):
    counted, shipper = Histogram((0.1, 1.0)), ship(temporality=asked)
    for number in range(2):
        counted.observe(0.5)
        counted.observe(3)
        shipper.tell(look(AT + 5 * number, *counted.signals(DURATION, source="edge", cluster="a")))
    until(lambda: len(arrived(receiver, DURATION)) == len(counts), "every round")
    found = arrived(receiver, DURATION)
    assert {one.histogram.aggregation_temporality for one in found} == {means}
    for metric, expected in zip(found, counts, strict=True):
        (point,) = points(metric)
        assert list(point.bucket_counts) == expected
        assert list(point.explicit_bounds) == [0.1, 1.0]
        assert (point.count, point.sum) == (sum(expected), 3.5 * sum(expected) / 2)
        assert said(point.attributes) == {"source": "edge", "cluster": "a"}


@pytest.mark.parametrize("failed", ["", "copy:a: no room"])
def test_a_publish_arrives_as_one_trace(receiver: Receiver, ship, ledger: Clocked, failed: str):
    publish(ledger, failed=failed)
    ship().tell(look(ledger.at, signal.of(TICK, 1)))
    until(lambda: receiver.traces, "the trace")
    root, *parts = receiver.spans()
    assert (root.name, root.parent_span_id) == ("publish", b"")
    assert (root.status.code, root.status.message) == ((2, failed) if failed else (1, ""))
    assert [part.name for part in parts] == ["freeze", "check", "copy a", "copy b", "copy mirror", "flip"]
    assert {(part.trace_id, part.parent_span_id) for part in parts} == {(root.trace_id, root.span_id)}
    assert (len(root.trace_id), len(root.span_id)) == (16, 8)
    took = [(part.end_time_unix_nano - part.start_time_unix_nano) / 1e9 for part in parts]
    assert took == pytest.approx([1.5, 0.1, 0.3, 0.2, 0.2, 0.01])
    assert said(root.attributes)["portico.snapshot"] == SNAPSHOT
    assert said(receiver.traces[0].resource_spans[0].resource.attributes)["service.name"] == "portico"


def test_a_body_that_it_can_t_read_is_given_up_and_told(receiver: Receiver, ship, monkeypatch):
    with monkeypatch.context() as spoiled:
        spoiled.setattr(packing, "squeezed", lambda _: gzip.compress(b"no protobuf"))
        shipper = ship()
        shipper.tell(look(AT, signal.of(TICK, 1), signal.of(REQUESTS, 1, door="https")))
        until(lambda: shipper.health().refused == 2, "both numbers to be given up")
    assert shipper.health().loss == "it answered 400"
    shipper.tell(look(AT + 5, signal.of(TICK, 2)))
    until(lambda: shipper.health().sent == 1, "the next round to be taken")
    until(lambda: receiver.metrics, "it to arrive")
    assert shipper.health().trouble == ""


def test_an_address_that_it_doesn_t_serve_is_told(between: Collector, ship):
    shipper = ship(url=f"{between.url}/v1/metrics")
    shipper.tell(look(AT, signal.of(TICK, 1)))
    until(lambda: shipper.health().refused == 1, "it to be given up")
    assert shipper.health().loss == "it answered 404"


def test_one_that_is_killed_and_started_again_gets_all_that_waited(
    receiver: Receiver, between: Collector, ship, ledger: Clocked
):
    shipper = ship()
    shipper.tell(look(AT, signal.of(REQUESTS, 1, door="https")))
    until(lambda: receiver.metrics and shipper.health().sent == 1, "the first round")
    between.kill()
    publish(ledger)
    for number in range(1, 6):
        shipper.tell(look(AT + 5 * number, signal.of(REQUESTS, 1 + number, door="https")))
    until(lambda: shipper.health().failing_s > 0, "it to be noticed")
    assert "could not be reached" in shipper.health().trouble
    between.start()
    until(lambda: len(arrived(receiver, REQUESTS)) == 6, "every round")
    until(lambda: receiver.traces, "the publish")
    until(lambda: shipper.health().waiting == 0, "it to be noted")
    rounds = [points(metric)[0] for metric in arrived(receiver, REQUESTS)]
    assert [(point.time_unix_nano / 1e9 - AT, point.as_double) for point in rounds] == [
        (5 * number, 1 + number) for number in range(6)
    ]
    assert {point.start_time_unix_nano for point in rounds} == {int(AT) * 10**9}
    assert [span.name for span in receiver.spans()].count("publish") == 1
    assert (shipper.health().refused, shipper.health().dropped) == (0, 0)
