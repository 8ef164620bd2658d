"""The keeper starts the watcher once there is something to look at, and heals it."""

from dataclasses import replace

from portico.keeper import memory, steps
from portico.keeper.decide import decide
from portico.keeper.wanted import wanted_of
from portico.keeper.world import WatcherSeen
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
