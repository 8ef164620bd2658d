"""The numbers of a real edge, and the times that it tells of a share of its requests."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portico.edge import logged
from portico.kit.errors import UnavailableError
from portico.watch.collect import edge as edge_collector
from portico.watch.collect.edge import EdgeCollector
from portico.watch.collect.edge_log import DURATION, EdgeLogCollector
from portico.watch.watched import Watched
from support import collecting, echoing, edging
from support.edging import BROWSER, Edge

COUNT = f"{DURATION.name}_count"
CACHED = 'cluster="",source="cache"'


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    slots = edging.servers("a1", "b1") + edging.servers("a2", enabled=False)
    with (
        edging.prepared(tmp_path, servers=slots) as made,
        echoing.replica(tmp_path, "a1"),
        echoing.replica(tmp_path, "b1"),
    ):
        made.start()
        yield made
        made.stop()


@pytest.fixture
def watched(edge: Edge) -> Iterator[Watched]:
    with collecting.watched(edge.home.root) as made:
        yield made


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge_collector, "TIMEOUT_S", 60.0)


@contextmanager
def listening(watched: Watched) -> Iterator[EdgeLogCollector]:
    collector = EdgeLogCollector(watched)
    try:
        collecting.numbers(collector)
        yield collector
    finally:
        collector.close()


def counted(collector: EdgeLogCollector, source: str = CACHED) -> float:
    return collecting.numbers(collector)[f"{COUNT}{{{source}}}"]


def ask_cached(edge: Edge, times: int, **headers: str) -> None:
    connection = edge.connect()
    for _ in range(times):
        answer = edging.ask(connection, "/page", headers={"accept-encoding": BROWSER, **headers})
        assert answer.status == 200


def test_visits_are_counted_by_door_and_class(edge: Edge, watched: Watched):
    edge.get("/page", accept_encoding=BROWSER)
    edge.get("/page", accept_encoding=BROWSER)
    edge.get("/status/404")
    edge.plain("/page")
    collector, told = (
        EdgeCollector(watched),
        {
            'portico_edge_requests_total{door="https"}': 3,
            'portico_edge_responses_total{code="2xx",door="https"}': 2,
            'portico_edge_responses_total{code="4xx",door="https"}': 1,
            'portico_edge_responses_total{code="3xx",door="http"}': 1,
            'portico_edge_cache_hits_total{look="first"}': 1,
        },
    )
    edging.until(lambda: told.items() <= collecting.numbers(collector).items(), "all visits to be over")
    assert collecting.numbers(collector)['portico_edge_sent_bytes_total{door="https"}'] > 0


def test_handshakes_and_resumed_sessions_are_counted(edge: Edge, watched: Watched):
    context = edge.context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with edging.resuming(edge, context, None) as first:
        session = first.session
    with edging.resuming(edge, context, session) as second:
        assert second.session_reused
    found = collecting.numbers(EdgeCollector(watched))
    assert found["portico_edge_tls_handshakes_total"] == 1
    assert found["portico_edge_tls_resumptions_total"] == 1


def test_each_replica_is_told_with_its_cluster_and_a_slot_without_one_is_not(edge: Edge, watched: Watched):
    edging.until(lambda: edge.runtime.servers()["a1"].check == "L7OK", "the first check")
    for _ in range(4):
        edge.get("/secret")
    found = collecting.numbers(EdgeCollector(watched))
    asked = [
        found[f'portico_edge_server_requests_total{{cluster="{n[0]}",replica="{n}"}}'] for n in ("a1", "b1")
    ]
    assert sum(asked) == 4
    assert all(asked)
    assert found['portico_edge_server_up{cluster="a",replica="a1"}'] == 1
    assert found['portico_edge_server_up{cluster="mirror",replica="mirror"}'] == 1
    assert not any('replica="a2"' in key for key in found)


def test_a_replica_that_is_gone_shows_as_down_with_its_retries(edge: Edge, watched: Watched):
    (edge.home.root / "run/a1/http.sock").unlink()
    collector = EdgeCollector(watched)
    down = 'portico_edge_server_up{cluster="a",replica="a1"}'
    edging.until(lambda: collecting.numbers(collector)[down] == 0, "a1 to be taken out")
    found = collecting.numbers(collector)
    assert found['portico_edge_server_ejections_total{cluster="a",replica="a1"}'] == 1


def test_an_edge_that_is_gone_is_told(tmp_path: Path):
    with collecting.watched(tmp_path) as watched, pytest.raises(UnavailableError):
        list(EdgeCollector(watched).collect(collecting.NOW))


def test_the_times_of_a_share_of_the_requests_are_counted(edge: Edge, watched: Watched):
    ask_cached(edge, 1)
    with listening(watched) as collector:
        edging.until(lambda: ask_cached(edge, 32) or counted(collector) >= 4, "times")
        found = collecting.numbers(collector)
        below = [
            found[f'{DURATION.name}_bucket{{cluster="",le="{end}",source="cache"}}']
            for end in ("0.001", "10.0", "+Inf")
        ]
        assert below == sorted(below)
        assert below[-1] == found[f"{COUNT}{{{CACHED}}}"]


def test_a_replicas_times_are_told_by_cluster(edge: Edge, watched: Watched):
    with listening(watched) as collector:
        of_a = 'cluster="a",source="replica"'

        def asked() -> bool:
            connection = edge.connect()
            for _ in range(32):
                edging.ask(connection, "/secret")
            return counted(collector, of_a) > 0

        edging.until(asked, "a time of cluster a")


@contextmanager
def bound(edge: Edge) -> Iterator[socket.socket]:
    """Where the edge sends its lines, read by nobody else."""
    edge.home.edge_log_socket.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(str(edge.home.edge_log_socket))
        edge.home.edge_log_socket.chmod(0o666)
        made.settimeout(60)
        yield made


def test_nothing_of_the_visitor_is_told(edge: Edge):
    with bound(edge) as lines:
        ask_cached(edge, 200)
        with socket.create_connection(("localhost", edge.https_port)) as rude:
            rude.sendall(b"no handshake at all")
            told = [lines.recv(512), lines.recv(512), lines.recv(512)]
    assert all(re.fullmatch(rb"(\d+ \d+ \d+ (<CACHE>|a1) 200 /page |-)\n", line) for line in told)


def test_nobody_waits_for_a_watcher_that_is_not_there_or_reads_nothing(edge: Edge):
    ask_cached(edge, 200)
    with bound(edge):
        ask_cached(edge, 1000)
        assert int(edge.runtime.info()["DroppedLogs"]) > 0
    ask_cached(edge, 200)
    assert edge.process
    assert edge.process.poll() is None


def test_a_watcher_that_comes_back_hears_the_edge_again(edge: Edge, watched: Watched):
    for _ in range(2):
        with listening(watched) as collector:
            edging.until(lambda c=collector: ask_cached(edge, 32) or counted(c) > 0, "a time")


def test_a_socket_that_somebody_took_away_is_made_again(edge: Edge, watched: Watched):
    with listening(watched) as collector:
        edge.home.edge_log_socket.unlink()
        before = counted(collector)
        edging.until(lambda: ask_cached(edge, 32) or counted(collector) > before, "a time")


@pytest.mark.parametrize(
    ("datagram", "told"),
    [
        (b"0 0 0 <CACHE> 200 / person\n", logged.Line(0.0005, "<CACHE>", 200, "/")),
        (b"2 1 40 a1 404 /x bot\n", logged.Line(0.0435, "a1", 404, "/x", bot=True)),
        (b"0 0 0 a1 200 / person DE\n", logged.Line(0.0005, "a1", 200, "/", country="DE")),
        (b"0 0 0 a1 200 / person DEX\n", logged.Line(0.0005, "a1", 200, "/")),
        (b"0 0 0 a1 200 / person a b\n", logged.Line(0.0005, "a1", 200, "/")),
        (b"0 0 0 a1 200 /  \n", logged.Line(0.0005, "a1", 200, "/", bot=True)),
        (b"0 -1 -1 <NOSRV> 429 / person\n", logged.Line(None, "<NOSRV>", 429, "/")),
        (b"-1 -1 -1 <NOSRV> 400 -\n", None),
        (b"-\n", None),
        (b"", None),
        (b"\xff\xfe 1 2 3", None),
        (b"1 2 3 4 5", None),
    ],
)
def test_a_line_is_read_or_left_out(datagram: bytes, told: logged.Line | None):
    assert logged.parse(datagram) == told
