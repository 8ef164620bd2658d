"""What becomes of findings: orders by policy, questions to people, ends, and nothing twice."""

import threading
from dataclasses import replace

import pytest

from portico.kit import lock
from portico.ledger import asks
from portico.ledger.ledger import Ledger
from portico.model import Severity
from portico.respond.actions import plan
from support import acting
from support.acting import NEW, OLD, finding

ERRING = finding("replica-errors:a1", Severity.WARNING, cluster="a", replica="a1")
SUFFERING = finding("cluster-answers-wrong:a", cluster="a", target="a")
BURNING = finding("slo-burning-fast:availability", objective="availability")


@pytest.fixture
def scene(tmp_path):
    with acting.scene(tmp_path) as made:
        yield made


def test_what_policy_allows_is_ordered_with_its_reason_in_the_chain(scene):
    scene.find(ERRING)
    scene.tick()
    (order,) = scene.orders()
    assert (order.kind, order.args["replica"], order.by) == ("eject", "a1", "policy")
    assert order.args["why"] == "replica-errors:a1 is off."
    given = scene.ledger.events(kind="order.given")[-1]
    assert given.data["args"]["words"].startswith("Eject replica a1: visitors are served by replica a2")
    assert scene.ledger.verify().broken is None


def test_a_second_tick_and_a_second_watcher_order_nothing_more(scene):
    scene.find(ERRING)
    for _ in range(3):
        scene.tick()
    plan.Reactions(scene.watched).tick(scene.now)
    assert scene.ordered() == [("eject", "a1")]


def test_what_needs_a_yes_is_asked_once_and_ordered_by_who_says_yes(scene):
    scene.find(SUFFERING)
    scene.tick()
    scene.tick()
    (ask,) = asks.waiting(scene.ledger)
    assert ask.question.words == "Drain cluster a: visitors are served by cluster b alone."
    assert scene.orders() == []
    number = asks.decide(scene.ledger, ask.id, True, "ada")
    order = scene.ledger.get_order(number)
    assert (order.kind, order.args["cluster"], order.by, order.args["ask"]) == ("drain", "a", "ada", ask.id)
    scene.tick()
    assert scene.asked() == []
    assert len(scene.orders()) == 1


def test_a_no_is_not_asked_again_about_the_same_trouble(scene):
    scene.find(SUFFERING)
    scene.tick()
    asks.decide(scene.ledger, 1, False, "ada")
    scene.later(4000)
    scene.tick()
    assert scene.asked() == []
    assert scene.orders() == []


def test_a_question_is_void_once_its_cause_is_over(scene):
    scene.find(SUFFERING)
    scene.tick()
    scene.find()
    scene.tick()
    assert asks.get(scene.ledger, 1).state == "expired"
    scene.later(60)
    scene.find(SUFFERING)
    scene.tick()
    assert scene.asked() == ["fail-over"]


def test_nothing_is_asked_or_done_where_policy_says_manual(tmp_path):
    with acting.scene(tmp_path, fail_over="manual", eject_replica="manual") as scene:
        scene.find(SUFFERING, ERRING)
        scene.tick()
        assert (scene.orders(), scene.asked()) == ([], [])


@pytest.mark.parametrize(
    "wrong",
    [finding("everything-fails"), finding("checker-wrong", hands_off=True), finding("x", hands_off=1)],
)
def test_while_every_check_fails_nothing_is_done(scene, wrong):
    scene.find(ERRING, wrong)
    scene.tick()
    assert scene.orders() == []


def test_a_practised_finding_goes_to_people_and_never_to_actions(scene):
    scene.find(finding("replica-errors:a1", cluster="a", replica="a1", drill=True))
    scene.tick()
    assert scene.orders() == []


def test_nothing_is_done_while_a_drill_runs_and_just_after_it(scene):
    scene.find(ERRING)
    with lock.held(scene.watched.home.drill_lock):
        scene.tick()
    scene.ledger.record("drill", "replica")
    scene.tick()
    assert scene.orders() == []
    scene.later(200)
    scene.tick()
    assert scene.ordered() == [("eject", "a1")]


def test_nothing_is_ejected_while_a_publish_goes_on(scene):
    number = scene.ledger.order("publish", {"snapshot": NEW}, by="ada")
    scene.find(ERRING)
    scene.tick()
    assert scene.ordered() == []
    scene.settle(number)
    scene.tick()
    assert scene.ordered() == [("eject", "a1")]


def test_what_stands_in_the_other_cluster_waits_for_the_soak_window(scene):
    scene.find(ERRING)
    scene.tick()
    scene.settle(1)
    scene.replica("a1", "drained")
    scene.later(1)
    scene.find(ERRING, finding("replica-errors:b1", cluster="b", replica="b1"))
    scene.tick()
    assert scene.ordered() == [("eject", "a1")]
    scene.later(20)
    scene.tick()
    assert ("eject", "b1") in scene.ordered()


def test_the_last_healthy_cluster_is_never_drained(tmp_path):
    with acting.scene(tmp_path, fail_over="automatic") as scene:
        scene.drained("b")
        scene.find(SUFFERING)
        scene.tick()
        assert scene.orders() == []


def test_an_action_is_not_done_more_often_than_its_limit(tmp_path):
    with acting.scene(tmp_path, fail_over="automatic") as scene:
        for _ in range(4):
            scene.find(SUFFERING)
            scene.tick()
            for order in scene.ledger.open_orders():
                scene.settle(order.id)
            scene.find()
            scene.later(600)
        assert scene.ordered() == [("drain", "a")]


def test_an_ejected_replica_comes_back_once_it_was_calm_and_only_once(scene):
    scene.find(ERRING)
    scene.tick()
    scene.settle(1)
    scene.show(ejected=["a1"])
    scene.replica("a1", "drained")
    scene.find()
    scene.later(200)
    scene.tick()
    assert len(scene.orders()) == 1
    scene.later(200)
    scene.tick()
    scene.tick()
    (back,) = scene.orders()[1:]
    assert (back.kind, back.args["replica"], back.args["undoes"], back.by) == ("readmit", "a1", 1, "policy")


def test_what_a_person_did_by_hand_is_not_ended_by_itself(scene):
    action = plan.table.ACTIONS["eject-replica"]
    plan.order(scene.ledger, action, action.by_hand(["a1"], scene.situation()), by="ada")
    scene.settle(1)
    scene.show(ejected=["a1"])
    scene.later(4000)
    scene.tick()
    assert len(scene.orders()) == 1


def test_an_order_is_taken_back_once(scene):
    scene.find(ERRING)
    scene.tick()
    scene.settle(1)
    assert plan.told(scene.ledger.get_order(1)).endswith("Undo: portico act undo 1")
    said = plan.told_of(scene.ledger.events(kind="order.given")[0])
    assert said.startswith("order 1 by policy: Eject replica a1: visitors are served by replica a2")
    assert said.endswith("(undo: portico act undo 1)")
    number = plan.take_back(scene.ledger, scene.ledger.get_order(1), by="ada")
    assert scene.ledger.get_order(number).kind == "readmit"
    with pytest.raises(plan.PorticoError, match="took it back already"):
        plan.take_back(scene.ledger, scene.ledger.get_order(1), by="ada")


def test_the_keepers_silence_forbids_orders_that_would_be_carried_out_much_later(scene):
    scene.find(ERRING)
    scene.clock[0] += 60
    scene.tick()
    assert scene.orders() == []


def test_a_publish_that_burns_the_budget_is_offered_to_be_rolled_back(scene):
    scene.publish()
    scene.later(120)
    scene.find(BURNING)
    scene.tick()
    (ask,) = asks.waiting(scene.ledger)
    assert (ask.question.kind, ask.question.args["snapshot"]) == ("rollback", OLD)
    assert ask.question.words.startswith(
        "Roll back: every visitor gets snapshot 222222222222 instead of 1111"
    )


def test_a_watcher_that_is_killed_while_it_decides_leaves_nothing_half_done(scene, monkeypatch):
    class KilledError(BaseException):
        pass

    def killed(*_args: object, **_more: object) -> None:
        raise KilledError

    scene.find(ERRING, SUFFERING)
    with monkeypatch.context() as patched:
        patched.setattr(asks, "create", killed)
        with pytest.raises(KilledError):
            scene.tick()
    assert (scene.orders(), scene.asked()) == ([], [])
    with monkeypatch.context() as patched:
        patched.setattr(plan.unixsocket, "poke", killed)
        with pytest.raises(KilledError):
            scene.tick()
    scene.tick()
    assert (scene.ordered(), scene.asked()) == ([("eject", "a1")], ["fail-over"])


def test_two_watchers_that_decide_at_the_same_moment_order_once(scene):
    scene.find(ERRING)
    ready = threading.Barrier(3)

    def watch() -> None:
        ledger = Ledger(scene.watched.home.ledger, now=lambda: scene.now)
        reactions = plan.Reactions(replace(scene.watched, ledger=ledger))
        ready.wait()
        reactions.tick(scene.now)
        ledger.close()

    watching = [threading.Thread(target=watch) for _ in range(3)]
    for one in watching:
        one.start()
    for one in watching:
        one.join()
    assert scene.ordered() == [("eject", "a1")]


def test_a_late_yes_does_not_roll_back_what_was_published_meanwhile(scene):
    scene.publish()
    scene.later(120)
    scene.find(BURNING)
    scene.tick()
    assert scene.asked() == ["roll-back"]
    scene.publish("3" * 64, NEW)
    scene.tick()
    assert asks.get(scene.ledger, 1).state == "expired"
