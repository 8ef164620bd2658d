"""All collectors together: one that fails, hangs or errs must not cost the others anything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.kit.errors import UnavailableError
from portico.watch import signal
from portico.watch.collect import table
from portico.watch.collect.protocol import Base
from portico.watch.collect.table import Collectors
from portico.watch.signal import Signal
from portico.watch.watched import Watched
from support import collecting
from support.collecting import NOW
from support.edging import until

GOOD = 'portico_collector_up{collector="good"}'
BAD = 'portico_collector_up{collector="bad"}'


class Good(Base):
    """What is given is how often it was asked."""

    name = "good"
    metrics = ()

    def __init__(self, watched: Watched) -> None:
        self.asked = 0

    def collect(self, now: float, /) -> Iterator[Signal]:
        self.asked += 1
        yield signal.of("asked", self.asked)


class Seldom(Good):
    name = "seldom"
    every_s = 3600.0


class Bad(Base):
    """Does what the test says."""

    name = "bad"
    metrics = ()
    error: Exception | None = None
    hold: threading.Event | None = None

    def __init__(self, watched: Watched) -> None:
        pass

    def collect(self, now: float, /) -> Iterator[Signal]:
        if Bad.hold:
            Bad.hold.wait(30)
        if Bad.error:
            raise Bad.error
        yield signal.of("well", 1)


@pytest.fixture
def collectors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request) -> Iterator[Collectors]:
    monkeypatch.setattr(table, "TABLE", request.param)
    monkeypatch.setattr(Bad, "error", None)
    monkeypatch.setattr(Bad, "hold", None)
    with collecting.watched(tmp_path) as watched:
        made = Collectors(watched, patience_s=60)
        yield made
        if Bad.hold:
            Bad.hold.set()
        made.close()


def look(collectors: Collectors) -> dict[str, float]:
    """A part that hangs is not waited for as long as one that is only slow."""
    if Bad.hold:
        collectors._patience_s = 1.0
    return {one.key: one.value for one in collectors.collect(NOW)}


both = pytest.mark.parametrize("collectors", [(Bad, Good)], indirect=True)


@both
def test_a_part_that_can_not_be_asked_is_told_with_its_reason(collectors: Collectors):
    Bad.error = UnavailableError("the edge doesn't answer", where="run/edge.sock")
    found = look(collectors)
    assert (found[GOOD], found[BAD]) == (1, 0)
    assert collectors.troubles == {"bad": "run/edge.sock: the edge doesn't answer"}
    assert found["asked"] == 1
    assert "well" not in found


@both
def test_a_collectors_own_mistake_stops_nobody_else(collectors: Collectors):
    Bad.error = KeyError("tick_ms")
    assert look(collectors)[GOOD] == 1
    assert collectors.troubles == {"bad": "KeyError: 'tick_ms'"}


@both
def test_what_is_over_is_no_trouble_any_more(collectors: Collectors):
    Bad.error = OSError("no room")
    look(collectors)
    Bad.error = None
    assert look(collectors)["well"] == 1
    assert collectors.troubles == {}


@both
def test_one_that_hangs_is_down_and_is_asked_once_until_it_answers(collectors: Collectors):
    Bad.hold = threading.Event()
    assert [look(collectors)[name] for name in (GOOD, BAD, GOOD, BAD)] == [1, 0, 1, 0]
    assert "no answer within" in collectors.troubles["bad"]
    Bad.hold.set()
    Bad.hold = None
    until(lambda: look(collectors)[BAD], "the late answer")
    assert look(collectors)["well"] == 1


@both
def test_a_hung_part_is_waited_for_once_only(collectors: Collectors, monkeypatch: pytest.MonkeyPatch):
    waited: list[int] = []
    wait = table.wait
    monkeypatch.setattr(
        table, "wait", lambda asked, timeout: waited.append(len(asked)) or wait(asked, timeout)
    )
    Bad.hold = threading.Event()
    for _ in range(3):
        look(collectors)
    assert waited == [2, 1, 1]


@pytest.mark.parametrize("collectors", [(Seldom,)], indirect=True)
def test_one_that_is_dear_to_ask_is_asked_when_it_is_due_and_told_each_time(collectors: Collectors):
    assert [look(collectors)["asked"] for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("collectors", [table.TABLE], indirect=True)
def test_without_a_stack_the_host_is_still_told_and_the_edge_is_down(collectors: Collectors):
    signals = collectors.collect(NOW)
    collecting.check(signals)
    found = {one.key: one.value for one in signals}
    assert found['portico_collector_up{collector="host"}'] == 1
    assert found['portico_collector_up{collector="edge"}'] == 0
    assert found["portico_host_memory_bytes"] > 0
    assert set(collectors.troubles) == {"edge", "certificate"}
