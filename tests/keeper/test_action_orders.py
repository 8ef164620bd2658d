"""The orders that actions give, carried out in a world in memory, and interrupted at every moment."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.keeper import steps
from portico.model import MIRROR
from support.simulated import LIVE, SOAK_S, Sim

BY_POLICY = {"by": "policy", "action": "some"}


@pytest.fixture
def sim() -> Sim:
    sim = Sim()
    assert sim.settle() == []
    return sim


def test_an_ejected_replica_runs_on_without_visitors_until_it_is_readmitted(sim):
    eject = sim.order("eject", replica="a1")
    sim.settle()
    assert sim.settled[eject] == "done"
    assert sim.serving() == ["a2", "b1", "b2"]
    assert sim.replicas["a1"].alive
    sim.order("readmit", replica="a1")
    sim.settle()
    assert sim.serving() == ["a1", "a2", "b1", "b2"]


def test_an_ejected_replica_that_dies_is_started_and_stays_ejected(sim):
    sim.order("eject", replica="a1")
    sim.settle()
    sim.die("a1")
    sim.settle()
    assert sim.replicas["a1"].answers
    assert sim.serving() == ["a2", "b1", "b2"]


def test_an_ejected_replica_can_be_restarted(sim):
    sim.order("eject", replica="a1")
    sim.settle()
    pid = sim.replicas["a1"].pid
    number = sim.order("restart", target="a1")
    sim.settle()
    assert sim.settled[number] == "done"
    assert sim.replicas["a1"].pid != pid


@pytest.mark.parametrize("replica", ["c9", MIRROR, None])
def test_what_is_no_replica_of_a_cluster_is_not_ejected(sim, replica):
    number = sim.order("eject", replica=replica)
    sim.tick()
    assert sim.settled[number] == f"there is no replica {replica!r}"


def test_policy_does_not_eject_the_last_replica_of_a_cluster_and_a_person_may(sim):
    sim.order("eject", replica="a1")
    sim.settle()
    refused = sim.order("eject", replica="a2", **BY_POLICY)
    sim.settle()
    assert sim.settled[refused] == "a2 is the last one of cluster a that serves"
    sim.order("eject", replica="a2")
    sim.settle()
    assert sim.serving() == ["b1", "b2"]


def test_the_last_replica_of_all_is_ejected_only_by_a_person_who_insists(sim):
    sim.order("drain", cluster="b")
    sim.order("eject", replica="a1")
    refused = sim.order("eject", replica="a2")
    by_policy = sim.order("eject", replica="a2", force=True, **BY_POLICY)
    sim.settle()
    assert sim.settled[refused] == sim.settled[by_policy] == "a2 is the last one that serves"
    insisted = sim.order("eject", replica="a2", force=True)
    sim.settle()
    assert sim.settled[insisted] == "done"


def test_policy_never_drains_the_last_healthy_cluster_and_a_person_who_insists_may(sim):
    sim.order("drain", cluster="a")
    sim.settle()
    sim.run(SOAK_S)
    forced = sim.order("drain", cluster="b", force=True, **BY_POLICY)
    sim.settle()
    assert sim.settled[forced] == "b is the last healthy cluster"
    assert sim.serving() == ["b1", "b2"]
    insisted = sim.order("drain", cluster="b", force=True)
    sim.settle()
    assert sim.settled[insisted] == "done"
    assert sim.serving() == []


@pytest.mark.parametrize(
    "second", [("eject", {"replica": "b1"}), ("drain", {"cluster": "b"}), ("restart", {"target": "b1"})]
)
def test_actions_never_touch_both_clusters_within_the_soak_window(sim, second):
    kind, args = second
    sim.order("eject", replica="a1", **BY_POLICY)
    sim.settle()
    sim.kill_keeper()
    early = sim.order(kind, **args, **BY_POLICY)
    sim.tick()
    assert "within the soak window" in sim.settled[early]
    sim.run(SOAK_S)
    late = sim.order(kind, **args, **BY_POLICY)
    sim.settle()
    assert sim.settled[late] == "done"


def test_what_policy_ordered_long_ago_is_not_done_by_a_keeper_that_comes_back(sim):
    sim.order("drain", cluster="a", **BY_POLICY)
    sim.now += 600
    sim.tick()
    assert sim.settled[1] == "it was decided 600 s ago"
    assert sim.serving() == ["a1", "a2", "b1", "b2"]


def test_the_shield_is_raised_and_taken_down(sim):
    up = sim.order("shield", on=True, until=sim.now + 3600)
    sim.settle()
    assert (sim.settled[up], sim.shield) == ("done", True)
    down = sim.order("shield", on=False)
    sim.settle()
    assert (sim.settled[down], sim.shield) == ("done", False)


def test_the_shield_ends_by_itself_whether_anybody_watches_or_not(sim):
    sim.order("shield", on=True, until=sim.now + 60)
    sim.settle()
    sim.run(70)
    assert not sim.shield


def test_an_edge_that_lost_the_shield_gets_it_back(sim):
    sim.order("shield", on=True, until=sim.now + 3600)
    sim.settle()
    sim.shield = False
    sim.settle()
    assert sim.shield


def test_the_mirror_serves_alone_with_an_empty_cache_and_the_clusters_come_back(sim):
    sim.order("drain", cluster="b")
    alone = sim.order("mirror", on=True)
    sim.settle()
    assert (sim.settled[alone], sim.serving(), sim.reloads) == ("done", [], 1)
    back = sim.order("mirror", on=False)
    sim.settle()
    assert sim.settled[back] == "done"
    assert sim.serving() == ["a1", "a2"]


def test_no_policy_lets_the_mirror_serve_alone_while_a_cluster_is_healthy(sim):
    number = sim.order("mirror", on=True, force=True, **BY_POLICY)
    sim.settle()
    assert sim.settled[number] == "no policy takes the last healthy cluster away"


def test_a_mirror_that_lacks_what_is_live_does_not_serve_alone(sim):
    sim.remembered["snapshot"] = "2" * 64
    number = sim.order("mirror", on=True)
    sim.tick()
    assert sim.settled[number] == "the mirror lacks what is live"
    sim.remembered["snapshot"] = LIVE


def test_while_the_mirror_serves_alone_no_cluster_is_undrained(sim):
    sim.order("mirror", on=True)
    number = sim.order("undrain", cluster="a")
    sim.settle()
    assert sim.settled[number] == "the mirror alone serves"


def test_a_repair_goes_on_beside_the_other_orders(sim):
    repair = sim.order("repair", cluster="a")
    drain = sim.order("drain", cluster="b")
    sim.tick()
    sim.tick()
    sim.tick()
    assert (sim.settled.get(repair), sim.settled.get(drain)) == (None, "done")
    sim.settle()
    assert sim.settled[repair] == "done"
    assert sim.jobs_begun == 1


def test_a_keeper_that_comes_back_begins_the_repair_anew(sim):
    sim.order("repair", cluster="a")
    sim.tick()
    sim.kill_keeper()
    sim.settle()
    assert (sim.settled[1], sim.jobs_begun) == ("done", 2)


def test_a_repair_that_fails_says_why(sim):
    sim.order("repair", cluster="a")
    sim.tick()
    sim.working.clear()
    sim.job = {"order": 1, "ended": True, "why": "no good copy", "hint": "publish"}
    sim.tick()
    assert sim.settled[1] == "no good copy"


def test_an_unknown_store_is_refused_by_name(sim):
    number = sim.order("repair", cluster="west")
    sim.tick()
    assert sim.settled[number] == "there is no store 'west'"


KINDS = {
    "eject": {"replica": "a1"},
    "readmit": {"replica": "a1"},
    "shield": {"on": True},
    "mirror": {"on": True},
    "repair": {"cluster": "a"},
}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.lists(st.integers(0, 60), max_size=4))
def test_an_action_ends_the_same_however_often_the_keeper_dies_meanwhile(kind, deaths):
    def final(kills: list[int]) -> tuple:
        sim = Sim()
        sim.settle()
        sim.order(kind, **KINDS[kind])
        for tick in range(120):
            if tick in kills:
                sim.kill_keeper()
            sim.tick()
        sim.settle()
        return sim.settled, sim.serving(), sim.admin, sim.shield

    assert final(deaths) == final([])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    ("eject", {"replica": "a1"}),
                    ("eject", {"replica": "b1"}),
                    ("drain", {"cluster": "a"}),
                    ("drain", {"cluster": "b"}),
                    ("mirror", {"on": True}),
                    ("restart", {"target": "b2"}),
                    ("undrain", {"cluster": "a"}),
                    ("readmit", {"replica": "b1"}),
                ]
            ),
            st.integers(0, 60),
        ),
        max_size=8,
    )
)
def test_whatever_policy_orders_a_cluster_goes_on_serving(orders):
    sim = Sim()
    sim.settle()
    for (kind, args), ticks in orders:
        sim.order(kind, **args, **BY_POLICY)
        for _ in range(ticks):
            sim.tick()
            assert sim.serving()
    sim.settle()
    assert sim.serving()
    assert not any(isinstance(step, steps.ReloadEdge) for _, step, _ in sim.taken)
