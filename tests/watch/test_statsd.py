"""What arrives at a real UDP socket, as an agent would read it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portico.kit.errors import ConfigError
from portico.watch import signal
from portico.watch.collect.histogram import Histogram
from portico.watch.export import statsd
from portico.watch.export.statsd import Statsd
from support.edging import until

REQUESTS = signal.of("portico_edge_requests_total", 1000, door="https")
TICK = signal.of("portico_keeper_tick_seconds", 0.0065)
DURATION = "portico_edge_request_duration_seconds"


@pytest.fixture
def agent() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(10)
        yield made


@contextmanager
def sending(agent: socket.socket) -> Iterator[Statsd]:
    made = Statsd(f"127.0.0.1:{agent.getsockname()[1]}")
    try:
        yield made
    finally:
        made.close()


def test_a_counter_is_sent_as_what_it_grew_by_and_a_gauge_as_it_is(agent: socket.socket):
    with sending(agent) as made:
        made.send([REQUESTS, TICK], {REQUESTS.key: 12, TICK.key: 0.0065})
        lines = agent.recv(2048).split(b"\n")
    assert lines == [
        b"portico_edge_requests_total:12|c|#door:https",
        b"portico_keeper_tick_seconds:0.0065|g",
    ]


def test_a_counter_that_stood_still_or_is_new_is_not_sent(agent: socket.socket):
    with sending(agent) as made:
        made.send([REQUESTS, TICK], {TICK.key: 0.0065})
        made.close()
        assert agent.recv(2048) == b"portico_keeper_tick_seconds:0.0065|g"


def test_of_a_histogram_sum_and_count_are_sent(agent: socket.socket):
    counted = Histogram((0.1, 1.0))
    counted.observe(0.5)
    counted.observe(0.5)
    signals = list(counted.signals(DURATION, source="replica", cluster="a"))
    with sending(agent) as made:
        made.send(signals, {one.key: one.value for one in signals})
        lines = agent.recv(2048).decode().split("\n")
    assert lines == [
        f"{DURATION}_sum:1|c|#cluster:a,source:replica",
        f"{DURATION}_count:2|c|#cluster:a,source:replica",
    ]


def test_no_datagram_is_larger_than_a_packet_and_no_line_is_cut(agent: socket.socket):
    signals = [signal.of("portico_keeper_tick_seconds", number, part="x" * 40) for number in range(500)]
    found: list[str] = []
    with sending(agent) as made:
        made.send(signals, {})
        while len(found) < 500:
            datagram = agent.recv(65536)
            assert len(datagram) <= statsd.LARGEST
            found += datagram.decode().split("\n")
    assert [int(re.match(r"\w+:(\d+)\|g", line)[1]) for line in found] == list(range(500))


def test_what_separates_the_parts_of_a_line_does_not_stand_in_a_tag(agent: socket.socket):
    with sending(agent) as made:
        made.send([signal.of("portico_keeper_tick_seconds", 1, place="a|b,c:d\ne")], {})
        assert agent.recv(2048) == b"portico_keeper_tick_seconds:1|g|#place:a_b_c_d_e"


def test_where_nobody_listens_nothing_happens():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Statsd(f"127.0.0.1:{port}")
    for _ in range(3):
        made.send([TICK], {})
        until(made._sending.done, "the round to be sent")
        assert made._sending.exception() is None
    made.close()


def test_a_server_whose_name_is_unknown_holds_nobody_up(agent: socket.socket):
    made = Statsd("nowhere.invalid:8125")
    made.send([TICK], {})
    made.send([TICK], {})
    made.close()


@pytest.mark.parametrize("address", ["127.0.0.1", "host:", ":8125", "host:http", "host:99999"])
def test_an_address_that_is_none_is_refused_with_the_setting(address: str):
    with pytest.raises(ConfigError, match="watch/statsd"):
        Statsd(address)


def test_ipv6_is_reached_too():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as agent:
        try:
            agent.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 here")
        agent.settimeout(10)
        made = Statsd(f"[::1]:{agent.getsockname()[1]}")
        made.send([TICK], {})
        assert agent.recv(2048).startswith(b"portico_keeper_tick_seconds")
        made.close()
