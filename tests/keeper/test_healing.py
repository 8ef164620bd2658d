import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from portico.keeper import judge, steps
from portico.keeper.wanted import wanted_of
from portico.model import MIRROR, Health
from support.simulated import LIVE, SOAK_S, Sim


def up() -> Sim:
    sim = Sim()
    assert sim.settle() == []
    return sim


def health(sim: Sim, name: str) -> Health:
    return judge.health(sim.world(), wanted_of(sim.clusters, sim.remembered), sim.memory, name)


def findings(sim: Sim) -> set[str]:
    return set(judge.findings(sim.world(), wanted_of(sim.clusters, sim.remembered), sim.memory))


def kinds(sim: Sim, after: int = 0) -> list[type]:
    return [type(step) for _, step, _ in sim.taken[after:]]


def test_an_empty_home_becomes_two_clusters_a_mirror_and_an_edge_that_points_at_what_is_wanted():
    sim = up()
    assert sorted(sim.serving()) == ["a1", "a2", "b1", "b2"]
    assert sim.edge_live == LIVE
    assert health(sim, MIRROR) is Health.UP
    assert findings(sim) == set()


def test_a_first_start_is_no_trouble_and_a_cluster_that_died_is():
    sim = Sim()
    seen = set()
    for _ in range(20):
        sim.tick()
        seen |= findings(sim)
    assert seen == set()
    for name in ("a1", "a2"):
        sim.die(name)
    sim.tick()
    assert findings(sim) == {"cluster-down:a"}


def test_a_dead_replica_is_started_at_the_next_tick():
    sim = up()
    sim.die("a1")
    assert sim.tick() == [steps.StartReplica("a1", "a")]


def test_a_whole_dead_cluster_and_the_mirror_are_started_at_once():
    sim = up()
    for name in ("a1", "a2", "b1", "b2", MIRROR):
        sim.die(name)
    started = {step.name for step in sim.tick() if isinstance(step, steps.StartReplica)}
    assert started == {"a1", "a2", "b1", "b2", MIRROR}


def test_a_hung_replica_is_killed_and_started_again():
    sim = up()
    sim.hang("b2")
    sim.run(5)
    assert steps.KillReplica("b2", "b") in [step for _, step, _ in sim.taken]
    assert "b2" in sim.serving()


def test_hung_replicas_of_both_clusters_are_not_killed_within_one_soak_window():
    sim = up()
    sim.hang("a1")
    sim.hang("b1")
    assert sim.settle() == []
    killed = {step.cluster: at for at, step, _ in sim.taken if isinstance(step, steps.KillReplica)}
    assert abs(killed["a"] - killed["b"]) >= SOAK_S


def test_when_every_check_fails_at_once_nothing_is_touched_and_a_person_is_called():
    sim = up()
    before = len(sim.taken)
    for name in ("a1", "a2", "b1", "b2", MIRROR):
        sim.hang(name)
    sim.run(20)
    assert kinds(sim, before) == []
    assert "everything-fails" in findings(sim)


def test_one_that_keeps_dying_is_started_with_growing_waits_and_becomes_a_finding():
    sim = up()
    for _ in range(200):
        sim.die("a1")
        sim.tick()
    starts = [at for at, step, _ in sim.taken if step == steps.StartReplica("a1", "a")]
    waits = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert waits[-1] > waits[0]
    assert len(starts) < 12
    assert "replica-keeps-dying:a1" in findings(sim)
    assert health(sim, "a1") is Health.WAITING
    sim.run(600)
    assert "a1" in sim.serving()
    assert findings(sim) == set()


def test_a_dead_edge_is_started_before_anything_else():
    sim = up()
    sim.kill_edge()
    sim.die("a1")
    assert sim.tick()[0] == steps.StartEdge()


def test_a_restarted_keeper_adopts_what_runs_and_touches_nothing():
    sim = up()
    before = len(sim.taken)
    sim.kill_keeper()
    sim.run(30)
    assert kinds(sim, before) == []


def test_a_restarted_keeper_still_honours_the_soak_window():
    sim = up()
    sim.hang("a1")
    while not any(isinstance(step, steps.KillReplica) for _, step, _ in sim.taken):
        sim.tick()
    sim.kill_keeper()
    sim.hang("b1")
    assert sim.settle() == []
    killed = {step.cluster: at for at, step, _ in sim.taken if isinstance(step, steps.KillReplica)}
    assert killed["b"] - killed["a"] >= SOAK_S


def test_an_edge_that_points_elsewhere_is_pointed_back():
    sim = up()
    sim.edge_live = "2" * 64
    assert sim.tick() == [steps.PointEdge(LIVE)]


NAMES = ("a1", "a2", "b1", "b2", MIRROR)
failures = st.one_of(
    st.tuples(st.just("die"), st.sampled_from(NAMES)),
    st.tuples(st.just("hang"), st.sampled_from(NAMES)),
    st.tuples(st.just("wake"), st.sampled_from(NAMES)),
    st.tuples(st.just("kill_edge")),
    st.tuples(st.just("kill_keeper")),
    st.tuples(st.just("run"), st.floats(0.25, 15)),
)
asked = st.one_of(
    st.tuples(
        st.just("restart"), st.fixed_dictionaries({"target": st.sampled_from(["all", "a", "b2", MIRROR])})
    ),
    st.tuples(st.just("drain"), st.fixed_dictionaries({"cluster": st.sampled_from("ab")})),
    st.tuples(st.just("undrain"), st.fixed_dictionaries({"cluster": st.sampled_from("ab")})),
    st.tuples(
        st.just("scale"),
        st.fixed_dictionaries({"cluster": st.sampled_from("ab"), "replicas": st.integers(0, 5)}),
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(failures, asked), max_size=12))
def test_over_any_schedule_of_failures_and_orders_what_must_hold_holds(schedule):
    sim = up()
    for what, *args in schedule:
        if what in {"restart", "drain", "undrain", "scale"}:
            sim.order(what, **args[0])
        elif hasattr(sim, what):
            getattr(sim, what)(*args)
        sim.tick()
    for name in list(sim.stopped):
        sim.wake(name)
    assert sim.settle(900) == []
    assert_never_both(sim)
    assert_never_the_healthy(sim)
    assert len(sim.settled) == len(sim.orders)
    assert sim.serving() != []


def assert_never_both(sim: Sim) -> None:
    killed = [(at, step.cluster) for at, step, _ in sim.taken if isinstance(step, steps.KillReplica)]
    for at, cluster in killed:
        for other_at, other in killed:
            if MIRROR not in {cluster, other} and cluster != other:
                assert abs(at - other_at) >= SOAK_S


def assert_never_the_healthy(sim: Sim) -> None:
    for _, step, world in sim.taken:
        if isinstance(step, steps.KillReplica):
            assert world.replicas[step.name].hung
        if isinstance(step, steps.StartReplica) and step.name in world.replicas:
            assert not world.replicas[step.name].alive
