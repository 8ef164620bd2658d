import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.keeper import steps
from portico.model import MIRROR
from support.simulated import SOAK_S, Sim


@pytest.fixture
def sim() -> Sim:
    sim = Sim()
    assert sim.settle() == []
    return sim


def stopped(sim: Sim) -> list[tuple[float, str]]:
    return [(at, step.name) for at, step, _ in sim.taken if isinstance(step, steps.StopReplica)]


def test_a_drained_cluster_gets_no_visitors_until_it_is_undrained(sim):
    drain = sim.order("drain", cluster="a")
    sim.settle()
    assert sim.settled[drain] == "done"
    assert sim.serving() == ["b1", "b2"]
    sim.order("undrain", cluster="a")
    sim.settle()
    assert sim.serving() == ["a1", "a2", "b1", "b2"]


def test_the_last_healthy_cluster_is_not_drained(sim):
    sim.order("drain", cluster="a")
    second = sim.order("drain", cluster="b")
    sim.settle()
    assert sim.settled[second] == "b is the last healthy cluster"
    assert sim.serving() == ["b1", "b2"]


def test_scaling_up_starts_replicas_and_scaling_down_stops_them_only_after_the_edge_left_them(sim):
    sim.order("scale", cluster="b", replicas=4)
    sim.settle()
    assert sim.serving() == ["a1", "a2", "b1", "b2", "b3", "b4"]
    sim.order("scale", cluster="b", replicas=1)
    sim.settle()
    assert sim.serving() == ["a1", "a2", "b1"]
    for _, step, world in sim.taken:
        if isinstance(step, steps.StopReplica):
            assert world.edge.servers[step.name].admin != "ready"


@pytest.mark.parametrize("count", [0, 5, "two", None])
def test_a_count_out_of_range_is_refused(sim, count):
    number = sim.order("scale", cluster="a", replicas=count)
    sim.tick()
    assert sim.settled[number] == f"expected 1 to 4 replicas, got {count!r}"


def test_an_unknown_cluster_is_refused_by_name(sim):
    number = sim.order("drain", cluster="west")
    sim.tick()
    assert sim.settled[number] == "there is no cluster 'west'"


def test_a_rolling_restart_takes_one_replica_at_a_time_and_soaks_between_the_clusters(sim):
    before = {name: seen.pid for name, seen in sim.replicas.items()}
    number = sim.order("restart", target="all")
    while number not in sim.settled:
        sim.tick()
        assert len(sim.serving()) >= 3
    assert sim.settled[number] == "done"
    assert all(sim.replicas[name].pid != pid for name, pid in before.items())
    at = {name: when for when, name in stopped(sim)}
    assert at["b1"] - at["a2"] >= SOAK_S
    assert [name for _, name in stopped(sim)] == ["a1", "a2", "b1", "b2", MIRROR]


def test_the_last_one_that_serves_is_not_restarted(sim):
    sim.order("scale", cluster="a", replicas=1)
    sim.order("scale", cluster="b", replicas=1)
    sim.order("drain", cluster="a")
    number = sim.order("restart", target="b1")
    sim.settle()
    assert sim.settled[number] == "b1 is the last one that serves"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["restart", "drain", "scale", "undrain"]), st.lists(st.integers(0, 60), max_size=4))
def test_an_order_ends_the_same_however_often_the_keeper_dies_meanwhile(kind, deaths):
    args = {"restart": {"target": "a"}, "scale": {"cluster": "a", "replicas": 3}}.get(kind, {"cluster": "a"})

    def final(kills: list[int]) -> tuple:
        sim = Sim()
        sim.settle()
        sim.order(kind, **args)
        for tick in range(120):
            if tick in kills:
                sim.kill_keeper()
            sim.tick()
        sim.settle()
        return sim.settled, sim.serving(), sim.admin

    assert final(deaths) == final([])
