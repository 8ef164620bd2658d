"""What Debian's real Prometheus has, after it was written to."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from pathlib import Path

import cramjam
import pytest

from portico.config.exporting import RemoteWrite
from portico.config.models import Settings
from portico.watch import signal
from portico.watch.collect.histogram import Histogram
from portico.watch.export import table
from portico.watch.export.exporter import Look
from portico.watch.export.paced import Paced
from portico.watch.export.remote_write import exporter
from portico.watch.export.remote_write.message import WriteRequest
from portico.watch.export.remote_write.packing import MOST, Packer
from portico.watch.signal import Signal
from support import collecting, prometheus
from support.edging import until
from support.prometheus import Prometheus

REQUESTS = "portico_edge_requests_total"
DURATION = "portico_edge_request_duration_seconds"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    with prometheus.running(tmp_path_factory.mktemp("prometheus")) as made:
        yield made


@pytest.fixture
def shipper(server: Prometheus, request: pytest.FixtureRequest) -> Iterator[Paced]:
    """One that calls the stack by the test's name, so that no test sees another one's series."""
    made = exporter.to(RemoteWrite(name="there", url=server.write, every_s=1), request.node.name)
    yield made
    made.close()


def round_of(at: float, *signals: Signal) -> Look:
    return Look(at, signals, {})


def unpacked(look: Look, stack: str = "here") -> list[tuple[dict[str, str], float, int]]:
    """Labels, value and milliseconds of each series that would be sent."""
    found = []
    for parcel in Packer(stack).pack(look):
        sent = WriteRequest.FromString(bytes(cramjam.snappy.decompress_raw(parcel.body)))
        for one in sent.timeseries:
            names = [label.name for label in one.labels]
            assert names == sorted(names), "the protocol asks for sorted labels"
            labels = {label.name: label.value for label in one.labels}
            found.append((labels, one.samples[0].value, one.samples[0].timestamp))
    return found


def test_a_series_is_sent_with_its_labels_the_stack_and_the_moment():
    look = round_of(1_800_000_000.25, signal.of(REQUESTS, 12, door="https", empty=""))
    labels = {"__name__": REQUESTS, "door": "https", "instance": "here", "job": "portico"}
    assert unpacked(look) == [(labels, 12.0, 1_800_000_000_250)]


def test_a_series_that_ended_is_marked_so_once():
    packer = Packer("here")
    up = signal.of("portico_replica_up", 1, replica="a1")
    list(packer.pack(round_of(1, up)))
    (parcel,) = packer.pack(round_of(2))
    sent = WriteRequest.FromString(bytes(cramjam.snappy.decompress_raw(parcel.body)))
    (sample,) = sent.timeseries[0].samples
    assert struct.pack(">d", sample.value).hex() == "7ff0000000000002"
    assert list(packer.pack(round_of(3))) == []


def test_many_series_are_several_requests():
    look = round_of(1, *(signal.of("portico_replica_up", 1, replica=f"a{one}") for one in range(MOST + 1)))
    assert [parcel.count for parcel in Packer("here").pack(look)] == [MOST, 1]


def test_who_configures_no_destination_has_no_thread_and_no_library(tmp_path: Path):
    with collecting.watched(tmp_path) as watched:
        assert table.wanted(watched) == []


def test_each_configured_destination_is_one_way_out(tmp_path: Path):
    two = [{"name": name, "url": "http://127.0.0.1:9/write"} for name in ("one", "two")]
    settings = Settings.model_validate({"export": {"remote_write": two}})
    with collecting.watched(tmp_path, settings) as watched:
        ways = table.wanted(watched)
        assert [way.health().destination for way in ways] == ["one", "two"]
        for way in ways:
            way.close()


@prometheus.needed
def test_prometheus_has_each_value_at_its_moment(server: Prometheus, shipper: Paced, request):
    now, stack = float(int(time.time())), request.node.name
    counted = Histogram((0.1, 1.0))
    counted.observe(0.5)
    for ago, total in ((20, 100), (10, 130), (0, 190)):
        requests = signal.of(REQUESTS, total, door="https")
        shipper.tell(round_of(now - ago, requests, *counted.signals(DURATION, source="edge", cluster="a")))
    selector = f'{REQUESTS}{{instance="{stack}",job="portico",door="https"}}'
    until(lambda: len(server.samples(selector, now, 60)) == 3, "three samples")
    assert server.samples(selector, now, 60) == [(now - 20, 100), (now - 10, 130), (now, 190)]
    assert server.ask(f'{DURATION}_bucket{{instance="{stack}",le="1.0"}}', now)[0][1] == 1
    median = f'histogram_quantile(0.5, {DURATION}_bucket{{instance="{stack}"}})'
    assert 0.1 <= server.ask(median, now)[0][1] <= 1
    until(lambda: shipper.health().sent == 18, "the last answer")


@prometheus.needed
def test_a_replica_that_is_gone_is_gone_in_prometheus_at_once(server: Prometheus, shipper: Paced, request):
    now = float(int(time.time()))
    up = signal.of("portico_replica_up", 1, replica="a1")
    shipper.tell(round_of(now - 20, up))
    shipper.tell(round_of(now - 5))
    until(lambda: shipper.health().sent == 2, "both rounds")
    selector = f'portico_replica_up{{instance="{request.node.name}"}}'
    assert [value for _, value in server.ask(selector, now - 10)] == [1]
    assert server.ask(selector, now) == []


@prometheus.needed
def test_while_prometheus_is_down_nothing_is_lost(tmp_path: Path):
    with prometheus.running(tmp_path) as server:
        shipper = exporter.to(RemoteWrite(name="there", url=server.write, every_s=1), "here")
        now = float(int(time.time())) - 60
        shipper.tell(round_of(now, signal.of(REQUESTS, 1, door="https")))
        until(lambda: shipper.health().sent == 1, "the first round")
        server.stop()
        for number in range(1, 6):
            shipper.tell(round_of(now + 5 * number, signal.of(REQUESTS, 1 + number, door="https")))
        until(lambda: shipper.health().failing_s > 0, "it to be noticed")
        server.start()
        until(lambda: shipper.health().waiting == 0, "all to arrive")
        shipper.close()
        found = server.samples(REQUESTS, now + 30, 60)
        assert found == [(now + 5 * number, 1 + number) for number in range(6)]
        assert (shipper.health().refused, shipper.health().dropped) == (0, 0)


@prometheus.needed
def test_what_prometheus_refuses_is_dropped_and_told(server: Prometheus, shipper: Paced):
    now = float(int(time.time()))
    shipper.tell(round_of(now, signal.of(REQUESTS, 2, door="http")))
    shipper.tell(round_of(now - 30, signal.of(REQUESTS, 1, door="http")))
    until(lambda: shipper.health().refused == 1, "the late one to be refused")
    assert "out of order" in shipper.health().loss
    assert "400" in shipper.health().loss
