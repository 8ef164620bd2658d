"""What arrives at a real UDP socket, as an agent would read it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portico.kit.errors import ConfigError
from portico.watch import signal
from portico.watch.collect.histogram import Histogram
from portico.watch.export import statsd
from portico.watch.export.datadog.notices import Check, From, Notice
from portico.watch.export.statsd import Statsd
from support.edging import until

REQUESTS = signal.of("portico_edge_requests_total", 1000, door="https")
TICK = signal.of("portico_keeper_tick_seconds", 0.0065)
DURATION = "portico_edge_request_duration_seconds"


@pytest.fixture
def agent() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(60)
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


def test_a_counter_that_stood_still_is_a_zero_for_whoever_waits_for_it(agent: socket.socket):
    with sending(agent) as made:
        made.send([REQUESTS], {REQUESTS.key: 0.0})
        assert agent.recv(2048) == b"portico_edge_requests_total:0|c|#door:https"


def test_a_counter_that_is_new_is_not_sent(agent: socket.socket):
    with sending(agent) as made:
        made.send([REQUESTS, TICK], {TICK.key: 0.0065})
        assert agent.recv(2048) == b"portico_keeper_tick_seconds:0.0065|g"


def test_of_a_histogram_sum_and_count_are_sent_and_its_values_as_a_distribution(agent: socket.socket):
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
        f"{DURATION}:0.55|d|@0.5|#cluster:a,source:replica",
    ]


def test_an_agent_weighs_a_bucket_by_its_sample_rate(agent: socket.socket):
    counted = Histogram((0.1, 1.0))
    for value in [0.05] * 3 + [5.0]:
        counted.observe(value)
    signals = list(counted.signals(DURATION, source="replica", cluster="a"))
    with sending(agent) as made:
        made.send(signals, {one.key: one.value for one in signals})
        found = [line.split("|") for line in agent.recv(2048).decode().split("\n") if "|d" in line]
    assert [(value, 1 / float(rest[1:] if rest[0] == "@" else 1)) for value, _, rest, *_ in found] == [
        (f"{DURATION}:0.05", pytest.approx(3)),
        (f"{DURATION}:1", 1),
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
        agent.settimeout(60)
        made = Statsd(f"[::1]:{agent.getsockname()[1]}")
        made.send([TICK], {})
        assert agent.recv(2048).startswith(b"portico_keeper_tick_seconds")
        made.close()


def unix_agent(path: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    made.bind(str(path))
    made.settimeout(60)
    return made


def test_an_agent_is_told_on_its_unix_socket_also_after_it_began_anew(tmp_path: Path):
    path = tmp_path / "dsd.socket"
    made = Statsd(f"unix://{path}", ("portico_site:abc",))
    for _ in range(2):
        with unix_agent(path) as agent:
            until(lambda: _arrives(made, agent), "a datagram")
        path.unlink()
    made.close()


def _arrives(made: Statsd, agent: socket.socket) -> bool:
    """A first try at a socket that is new finds the old one gone."""
    agent.setblocking(False)
    made.send([TICK], {})
    until(made._sending.done, "the round to be sent")
    try:
        return agent.recv(8192) == b"portico_keeper_tick_seconds:0.0065|g|#portico_site:abc"
    except BlockingIOError:
        return False


def test_an_event_is_one_datagram_with_its_lengths_in_bytes(agent: socket.socket):
    told = From("web-1", ("portico_site:abc",))
    notice = Notice(1_700_000_000.4, "Cluster ä | down", "one\ntwo", "error", "portico-1", told.tags)
    with sending(agent) as made:
        made.notice(notice, told)
        assert agent.recv(8192).decode() == (
            "_e{17,8}:Cluster ä / down|one\\ntwo|d:1700000000|h:web-1|k:portico-1|s:portico|t:error"
            "|#portico_site:abc"
        )


def test_a_service_check_says_its_status_and_why_at_the_end(agent: socket.socket):
    told = From("web-1", ())
    with sending(agent) as made:
        made.check([Check(2, "Disk m: full", ("alert:disk-low",))], told, 1_700_000_000.0)
        assert agent.recv(8192).decode() == (
            "_sc|portico.alert|2|d:1700000000|h:web-1|#alert:disk-low|m:Disk m\\: full"
        )


def test_a_path_that_is_not_whole_is_refused_with_the_setting():
    with pytest.raises(ConfigError, match="watch/statsd"):
        Statsd("unix://dsd.socket")
