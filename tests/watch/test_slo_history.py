"""Promises are held against what the store of series has, whole at the start and then bit by bit."""

from __future__ import annotations

import pytest

from portico.config.models import Settings
from portico.config.watching import Watch
from portico.watch import signal
from portico.watch.series import read, store
from portico.watch.slo import harm
from portico.watch.slo.judge import Slos

BEGAN = 1_700_000_000.0 // 3600 * 3600


class Stack:
    settings = Settings()


class Slow:
    settings = Settings.model_validate({"watch": {"every_s": 60.0}})


class World:
    """A real store of series, and its reader, at a time that the test sets."""

    def __init__(self, folder):
        self.now = BEGAN
        self.store = store.Store(folder, Watch(), now=lambda: self.now)
        self.reader = read.Reader(folder)

    def run(self, seconds: float, *, good: float = 10, bad: float = 0, looks: str = "right", slow: float = 0):
        end = self.now + seconds
        while self.now < end:
            self.now += 5
            self.store.append(self.now, values(good, bad, looks, slow))

    def look(self, slos: Slos | None = None):
        found = (slos or Slos(Stack(), self.reader)).look(self.now)
        return {state.objective: state for state in found}


def values(good: float, bad: float, looks: str, slow: float) -> dict[str, float]:
    def looked(target: str, result: str, count: float) -> tuple[str, float]:
        return signal.of("portico_probe_agreed_total", 0, target=target, result=result).key, count

    def answered(door: str, code: str, count: float) -> tuple[str, float]:
        return signal.of("portico_edge_responses_total", 0, door=door, code=code).key, count

    def took(bound: str, count: float) -> tuple[str, float]:
        return signal.of(
            "portico_edge_request_duration_seconds_bucket", 0, source="cache", le=bound
        ).key, count

    return dict(
        [
            answered("https", "2xx", good),
            answered("https", "5xx", bad),
            answered("http", "3xx", 100),
            looked("edge", "right", 2 if looks == "right" else 0),
            looked("edge", looks, 2) if looks != "right" else looked("edge", "error", 0),
            looked("dns", "right", 2),
            looked("a", "unreachable", 1),
            took("0.25", good - slow),
            took("0.5", good),
            took("+Inf", good),
        ]
    )


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "series")
    yield made
    made.store.close()


def test_5xx_and_failed_looks_burn_the_availability(world: World):
    world.run(600)
    assert world.look()["availability"].left == 1.0
    world.run(60, bad=10)
    state = world.look()["availability"]
    assert (state.firing, state.by, state.total - state.good) == ("fast", "requests", 120)


def test_an_edge_that_nobody_reaches_burns_by_the_looks(world: World):
    world.run(600)
    world.run(60, good=0, looks="unreachable")
    state = world.look()["availability"]
    assert (state.firing, state.by) == ("fast", "looks")


def test_each_promise_counts_its_own(world: World):
    world.run(300, looks="stale", slow=5)
    found = world.look()
    assert found["availability"].left == 1.0
    assert found["latency"].measured == pytest.approx(0.5)
    assert found["freshness"].measured == 0.0
    assert found["integrity"].measured == 1.0
    world.run(300, looks="defaced")
    assert world.look()["integrity"].measured == pytest.approx(0.5, abs=0.01)


def test_looking_bit_by_bit_is_the_same_as_looking_at_the_whole(world: World):
    slos = Slos(Stack(), world.reader)
    for bad in (0, 0, 3, 0, 1):
        world.run(35, bad=bad)
        world.look(slos)
    assert world.look(slos) == world.look()


def test_days_later_it_still_adds_up(world: World):
    slos = Slos(Stack(), world.reader)
    world.run(600, bad=1)
    first = world.look(slos)["availability"]
    world.now += 9 * 3600
    world.run(600)
    later = world.look(slos)["availability"]
    assert later.total - later.good == first.total - first.good
    assert later.burn == 0.0


def test_days_that_were_rolled_up_still_add_up(world: World):
    """As a watcher finds them that is started anew: older than what is kept by the minute."""
    bad = 0.0
    for hour in range(30):
        for minute in range(60):
            world.now = BEGAN + hour * 3600 + minute * 60
            failed = 2.0 if (hour, minute) == (3, 7) else 0.0
            bad += failed
            world.store.append(world.now, values(10, failed, "right", 0))
        world.store.maintain(world.now)
    state = world.look(Slos(Slow(), world.reader))["availability"]
    assert state.total - state.good == bad
    assert state.total == 30 * 60 * 10 + bad
    assert state.left == pytest.approx(1 - bad / state.total * (30 / 720) / 0.0005, rel=0.01)


def test_where_nothing_was_measured_every_promise_stands(world: World):
    assert [state.firing for state in world.look().values()] == [""] * 4


def test_an_edge_that_is_gone_harms_though_it_counts_nothing(world: World):
    world.run(60, good=0, looks="unreachable")
    assert harm.bad_answers(world.reader, BEGAN + 10, BEGAN + 40)


def test_the_harm_of_a_time_is_its_bad_answers_to_visitors(world: World):
    assert harm.bad_answers(world.reader, BEGAN, BEGAN + 60) is None
    world.run(60)
    world.run(10, bad=3)
    world.run(60)
    assert harm.bad_answers(world.reader, BEGAN, BEGAN + 40) == 0
    assert harm.bad_answers(world.reader, BEGAN + 60, BEGAN + 80) == 6
