"""The keeper starts the watcher once there is something to look at, and heals it."""

import os
import time
from dataclasses import replace

import pytest

from portico.config.home import Home
from portico.config.models import Settings
from portico.keeper import memory, steps
from portico.keeper.decide import decide
from portico.keeper.observe import Observer
from portico.keeper.stack import Stack
from portico.keeper.wanted import wanted_of
from portico.keeper.watchers import Watchers
from portico.keeper.world import WatcherSeen
from portico.kit import process
from support.simulated import SOAK_S, Sim

RUNNING = WatcherSeen(7, alive=True)


def due(watcher, sim=None):
    sim = sim or settled()
    world = replace(sim.world(), watcher=watcher)
    return decide(world, wanted_of(sim.clusters, sim.remembered), sim.memory, soak_s=SOAK_S)


def settled():
    sim = Sim()
    sim.settle()
    return sim


def test_a_watcher_is_started_when_none_runs():
    assert due(WatcherSeen()) == [steps.StartWatcher()]


def test_a_watcher_that_ticks_is_left_alone():
    assert due(RUNNING) == []


def test_a_watcher_that_looks_no_more_is_ended():
    assert due(replace(RUNNING, silent_s=11)) == [steps.KillWatcher()]


def test_no_watcher_is_started_where_none_is_wanted():
    assert due(None) == []


def test_no_watcher_is_started_before_something_is_live():
    sim = settled()
    sim.remembered = {}
    assert due(WatcherSeen(), sim) == []


def test_a_watcher_that_keeps_dying_is_started_with_growing_pauses():
    sim = settled()
    started = 0
    for _ in range(240):
        if steps.StartWatcher() in due(WatcherSeen(), sim):
            sim.memory = memory.after(sim.memory, steps.StartWatcher(), sim.now)
            started += 1
        sim.now += 0.25
    assert 5 < started < 12


@pytest.fixture
def observer(tmp_path):
    """A keeper's eyes on a watcher that runs."""
    home = Home(tmp_path).create()
    running = process.spawn(["sleep", "60"], cwd=tmp_path, log=home.log("watcher"))
    process.remember(home.record("watcher"), running)
    yield Observer(Stack(home, Settings(), None, None, "", "", None), Watchers(lambda: None))
    process.stop(running, grace=2)


def test_a_clock_that_was_set_makes_no_watcher_silent(observer):
    os.utime(observer.stack.home.record("watcher"), (0, 0))
    assert not observer.look(time.time()).watcher.hung


def test_a_watcher_whose_sign_of_life_stays_the_same_is_hung(observer):
    observer.look(time.time())
    observer.beaten -= 31
    assert observer.look(time.time()).watcher.hung
    os.utime(observer.stack.home.record("watcher"))
    assert not observer.look(time.time()).watcher.hung
