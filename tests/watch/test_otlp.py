"""What an OpenTelemetry receiver understands of what it gets, by the protocol's own services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portico.config.models import Settings
from portico.watch import signal
from portico.watch.collect.histogram import Histogram
from portico.watch.export import table
from portico.watch.export.otlp.totals import Span, Totals
from support import collecting, otlpshipping
from support.edging import until
from support.otlpreceiver import Receiver, receiving
from support.otlpshipping import AT, CUMULATIVE, DELTA, SNAPSHOT, Clocked, look, publish

REQUESTS = "portico_edge_requests_total"
DURATION = "portico_edge_request_duration_seconds"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Clocked]:
    made = Clocked(tmp_path / "ledger.db")
    yield made
    made.close()


@pytest.fixture
def ship(receiver: Receiver, ledger: Clocked) -> Iterator[Any]:
    with otlpshipping.shipping(receiver.url, ledger) as start:
        yield start


def test_what_is_sent_says_whose_it_is(receiver: Receiver, ship):
    ship().tell(look(AT, signal.of("portico_keeper_tick_seconds", 0.0125)))
    until(lambda: receiver.metrics, "the request")
    (ours,) = receiver.metrics[0].resource_metrics
    said = {one.key: one.value.string_value for one in ours.resource.attributes}
    assert said["service.name"] == "portico"
    assert said["service.instance.id"] == "www.example.com"
    (metric,) = ours.scope_metrics[0].metrics
    assert (metric.name, metric.unit) == ("portico_keeper_tick_seconds", "s")
    assert metric.description
    (point,) = metric.gauge.data_points
    assert (point.as_double, point.time_unix_nano) == (0.0125, int(AT) * 10**9)


def test_a_counter_is_a_total_since_its_start_which_moves_when_it_begins_anew(receiver: Receiver, ship):
    shipper = ship()
    for seconds, total in ((0, 100), (5, 130), (10, 7)):
        shipper.tell(look(AT + seconds, signal.of(REQUESTS, total, door="https")))
    until(lambda: len(receiver.metrics) == 3, "three requests")
    told = [receiver.points(REQUESTS, number) for number in range(3)]
    assert all(one.is_monotonic and one.aggregation_temporality == CUMULATIVE for one in told)
    points = [one.data_points[0] for one in told]
    assert [point.as_double for point in points] == [100, 130, 7]
    starts = [point.start_time_unix_nano / 1e9 - AT for point in points]
    assert starts == [0, 0, 5]
    assert {one.key: one.value.string_value for one in points[0].attributes} == {"door": "https"}


def test_a_counter_is_what_it_grew_by_where_that_is_asked_for(receiver: Receiver, ship):
    shipper = ship(temporality="delta")
    for seconds, total in ((0, 100), (5, 130), (10, 7)):
        tick = signal.of("portico_keeper_tick_seconds", 1)
        shipper.tell(look(AT + seconds, tick, signal.of(REQUESTS, total, door="https")))
    until(lambda: len(receiver.metrics) == 3, "three requests")
    assert len(receiver.metrics[0].resource_metrics[0].scope_metrics[0].metrics) == 1
    told = [receiver.points(REQUESTS, number) for number in (1, 2)]
    assert [one.aggregation_temporality for one in told] == [DELTA, DELTA]
    assert [one.data_points[0].as_double for one in told] == [30, 7]
    assert [one.data_points[0].start_time_unix_nano / 1e9 - AT for one in told] == [0, 5]


@pytest.mark.parametrize(("temporality", "counts"), [("cumulative", [0, 2, 2]), ("delta", [0, 1, 1])])
def test_a_histogram_s_buckets_each_count_for_themselves(receiver: Receiver, ship, temporality, counts):
    counted, shipper = Histogram((0.1, 1.0)), ship(temporality=temporality)
    for number in range(2):
        counted.observe(0.5)
        counted.observe(3)
        parts = list(counted.signals(DURATION, source="edge", cluster="a"))
        shipper.tell(look(AT + 5 * number, signal.of("portico_keeper_tick_seconds", 1), *parts))
    until(lambda: len(receiver.metrics) == 2, "both requests")
    told = receiver.points(DURATION)
    (point,) = told.data_points
    assert list(point.bucket_counts) == counts
    assert list(point.explicit_bounds) == [0.1, 1.0]
    assert point.count == sum(counts)
    assert point.sum == 3.5 * sum(counts) / 2
    assert {one.key for one in point.attributes} == {"source", "cluster"}


def test_a_publish_is_one_trace_of_its_steps(receiver: Receiver, ship, ledger: Clocked):
    shipper = ship()
    publish(ledger)
    shipper.tell(look(ledger.at, signal.of("portico_keeper_tick_seconds", 1)))
    until(lambda: receiver.traces, "the trace")
    root, *parts = receiver.spans()
    assert (root.name, root.parent_span_id, root.status.code) == ("publish", b"", 1)
    assert [part.name for part in parts] == ["freeze", "check", "copy a", "copy b", "copy mirror", "flip"]
    assert {part.parent_span_id for part in parts} == {root.span_id}
    assert {part.trace_id for part in parts} == {root.trace_id}
    assert len({part.span_id for part in (root, *parts)}) == 7
    took = [(part.end_time_unix_nano - part.start_time_unix_nano) / 1e9 for part in parts]
    assert took == pytest.approx([1.5, 0.1, 0.3, 0.2, 0.2, 0.01])
    assert root.start_time_unix_nano == parts[0].start_time_unix_nano
    assert all(part.end_time_unix_nano <= root.end_time_unix_nano for part in parts)
    said = {one.key: one.value.string_value for one in root.attributes}
    assert said["portico.snapshot"] == SNAPSHOT
    assert "anna" not in str(root), "who publishes is nobody else's business"


def test_a_publish_that_failed_says_why(receiver: Receiver, ship, ledger: Clocked):
    shipper = ship()
    publish(ledger, failed="copy:a: no room")
    shipper.tell(look(ledger.at, signal.of("portico_keeper_tick_seconds", 1)))
    until(lambda: receiver.traces, "the trace")
    root = receiver.spans()[0]
    assert (root.status.code, root.status.message) == (2, "copy:a: no room")


def test_sent_twice_it_is_the_same_trace(receiver: Receiver, ship, ledger: Clocked):
    publish(ledger)
    for _ in range(2):  # the second is a watcher that was started anew
        ship().tell(look(ledger.at, signal.of("portico_keeper_tick_seconds", 1)))
    until(lambda: len(receiver.traces) == 2, "both")
    assert receiver.traces[0].SerializeToString() == receiver.traces[1].SerializeToString()


def test_what_was_published_long_before_is_not_sent_again(receiver: Receiver, ship, ledger: Clocked):
    publish(ledger)
    shipper = ship()
    shipper.tell(look(ledger.at + 3600, signal.of("portico_keeper_tick_seconds", 1)))
    publish(ledger)
    shipper.tell(look(ledger.at + 3610, signal.of("portico_keeper_tick_seconds", 1)))
    until(lambda: receiver.traces, "the second publish")
    assert [span.name for span in receiver.spans()].count("publish") == 1


def test_without_traces_there_are_none(receiver: Receiver, ship, ledger: Clocked):
    publish(ledger)
    shipper = ship(traces=False)
    shipper.tell(look(ledger.at, signal.of("portico_keeper_tick_seconds", 1)))
    until(lambda: shipper.health().sent == 1, "the numbers")
    assert receiver.traces == []


def test_a_receiver_that_is_busy_is_asked_again_with_the_same(receiver: Receiver, ship):
    receiver.statuses = [503]
    shipper = ship()
    shipper.tell(look(AT, signal.of("portico_keeper_tick_seconds", 1)))
    until(lambda: receiver.metrics, "the second try")
    until(lambda: shipper.health().sent == 1, "it to be counted")
    assert len(receiver.heads) == 2


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_an_answer_that_is_for_good_is_believed(receiver: Receiver, ship, status: int):
    receiver.statuses = [status]
    shipper = ship()
    shipper.tell(look(AT, signal.of("portico_keeper_tick_seconds", 1)))
    until(lambda: shipper.health().refused == 1, "it to be given up")
    assert shipper.health().loss == f"it answered {status}: not now"


def test_what_was_taken_in_part_is_told(receiver: Receiver, ship):
    receiver.rejects = 1
    shipper = ship()
    tick = signal.of("portico_keeper_tick_seconds", 1)
    shipper.tell(look(AT, tick, signal.of(REQUESTS, 1, door="https")))
    until(lambda: shipper.health().refused == 1, "the part to be told")
    assert shipper.health().sent == 1
    assert "too many series" in shipper.health().loss


def test_more_headers_and_a_token_come_from_files_that_may_change(receiver: Receiver, ship, tmp_path: Path):
    token, headers = tmp_path / "token", tmp_path / "headers"
    token.write_text("first\n")
    headers.write_text("X-Scope-OrgID: homepage\n\napi-key: s:3cret\n")
    shipper = ship(bearer_file=token, headers_file=headers)
    shipper.tell(look(AT, signal.of("portico_keeper_tick_seconds", 1)))
    until(lambda: len(receiver.metrics) == 1, "the first")
    token.write_text("second\n")
    shipper.tell(look(AT + 5, signal.of("portico_keeper_tick_seconds", 1)))
    until(lambda: len(receiver.metrics) == 2, "the second")
    assert [head["authorization"] for head in receiver.heads] == ["Bearer first", "Bearer second"]
    assert {(head["x-scope-orgid"], head["api-key"]) for head in receiver.heads} == {("homepage", "s:3cret")}


def test_a_secret_that_can_t_be_read_holds_the_numbers_and_is_not_shown(
    receiver: Receiver, ship, tmp_path: Path
):
    headers = tmp_path / "headers"
    headers.write_text("api-key s3cret\n")
    shipper = ship(headers_file=headers)
    shipper.tell(look(AT, signal.of("portico_keeper_tick_seconds", 1)))
    until(lambda: shipper.health().trouble, "it to be noticed")
    assert "line 1" in shipper.health().trouble
    assert "s3cret" not in shipper.health().trouble
    headers.write_text("api-key: s3cret\n")
    until(lambda: receiver.metrics, "it to go on")


def test_it_is_one_of_the_ways_out(receiver: Receiver, tmp_path: Path):
    settings = Settings.model_validate({"export": {"otlp": [{"name": "there", "url": receiver.url}]}})
    with collecting.watched(tmp_path / "home", settings) as watched:
        (way,) = table.wanted(watched)
        way.tell(look(AT, signal.of("portico_keeper_tick_seconds", 1)))
        until(lambda: receiver.metrics, "the request")
        way.close()


def test_a_counter_that_is_away_for_a_while_loses_nothing():
    totals = Totals(delta=True)
    assert totals.span("x", 0, (5.0,)) is None
    assert totals.span("x", 60, (9.0,)) == Span(0, (4.0,))
