"""What the edge hands over becomes histograms: few series, whatever is sent."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.config.models import Settings
from portico.kit import unixsocket
from portico.watch import registry
from portico.watch.collect.vitals import StandingCollector, VitalsCollector
from portico.watch.increases import Increases
from portico.watch.visitors import standing
from support import collecting
from support.edging import until

PHONE = 'portico_visitor_largest_paint_seconds_bucket{device="phone",kind="home",le="2.5"}'
TAKEN = 'portico_visitor_visits_total{result="taken"}'
ODD = 'portico_visitor_visits_total{result="odd"}'


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[VitalsCollector]:
    with collecting.watched(tmp_path) as watched:
        made = VitalsCollector(watched)
        collecting.numbers(made)
        yield made
        made.close()


def tell(folder: Path, *lines: bytes) -> None:
    path = folder / "run" / "visitors.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as edge, unixsocket.reachable(path) as address:
        edge.connect(address)
        for line in lines:
            edge.send(line)


def told(collector: VitalsCollector, number: int) -> dict[str, float]:
    """Once that many lines were read."""
    until(lambda: sum(collecting.numbers(collector)[one] for one in (TAKEN, ODD)) == number, "the lines")
    return collecting.numbers(collector)


def test_a_visit_is_counted_by_kind_and_device(collector, tmp_path):
    tell(tmp_path, b"kind=home&device=phone&lcp=1830&cls=12", b"kind=home&device=phone&lcp=2600")
    numbers = told(collector, 2)
    assert numbers[PHONE] == 1
    assert numbers[PHONE.replace("2.5", "3.25")] == 2
    assert numbers['portico_visitor_layout_shift_ratio_count{device="phone",kind="home"}'] == 1


def test_the_first_visit_of_a_kind_is_not_lost_to_the_series(collector, tmp_path):
    """A counter that is seen first gives no increase yet."""
    tell(tmp_path, b"kind=home&device=phone&lcp=1830")
    increases = Increases(registry.counters())
    grown = 0.0

    def seen() -> bool:
        nonlocal grown
        grown += increases.of(collector.collect(0.0)).get(PHONE, 0.0)
        return grown == 1

    until(seen, "the visit")


def test_kinds_that_nobody_set_are_one_however_many_are_sent(collector, tmp_path):
    odd = [
        f"kind=k{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}&device=phone&lcp=1".encode() for n in range(50)
    ]
    tell(tmp_path, *odd)
    numbers = told(collector, 50)
    kinds = {key for key in numbers if key.startswith("portico_visitor_largest_paint_seconds_count")}
    assert kinds == {'portico_visitor_largest_paint_seconds_count{device="phone",kind="other"}'}


def test_what_is_not_in_order_is_counted_as_odd(collector, tmp_path):
    tell(tmp_path, b"kind=home&device=phone&lcp=nan", b"\xff" * 600, b"kind=home&device=tv&lcp=1")
    numbers = told(collector, 3)
    assert numbers[ODD] == 3
    assert not any("seconds" in key for key in numbers)


def test_all_that_can_be_sent_stays_within_the_documented_budget(collector, tmp_path):
    kinds = [*Settings().visitors.kinds, "nonsense"]
    lines = [
        f"kind={kind}&device={device}&lcp=1&inp=1&cls=1&ttfb=1".encode()
        for kind in kinds
        for device in ("phone", "desktop")
    ]
    tell(tmp_path, *lines)
    numbers = told(collector, len(lines))
    assert len(numbers) - 2 == 72 * len(kinds)


def test_how_it_stands_is_read_beside_the_looks_and_told_to_the_console(tmp_path):
    with collecting.watched(tmp_path) as watched, contextlib.closing(StandingCollector(watched)) as made:
        until(
            lambda: collecting.numbers(made) is not None and watched.ledger.seen(standing.SEEN), "a reading"
        )
        assert standing.of_json(watched.ledger.seen(standing.SEEN)[0]).day == {}
