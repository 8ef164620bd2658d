"""What each action is proposed for, what it says that it will do, and for what it isn't."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.config.models import Settings
from portico.kit.errors import Exit, PorticoError
from portico.model import MIRROR, Severity
from portico.respond.actions import causes, fail_over, limits, plan, table
from portico.respond.actions.situation import Open, Situation
from portico.respond.actions.table import ACTIONS
from portico.watch.alerts.table import ALERTS
from support import acting
from support.acting import NEW, OLD, finding


@pytest.fixture
def scene(tmp_path):
    with acting.scene(tmp_path) as made:
        yield made


def proposed(scene, name, *found):
    scene.find(*found)
    return ACTIONS[name].propose(scene.situation())


def wrong(cluster, severity=Severity.CRITICAL):
    where = {"target": MIRROR} if cluster == MIRROR else {"cluster": cluster, "target": cluster}
    return finding(f"cluster-answers-wrong:{cluster}", severity, **where)


ERRING = finding("replica-errors:a1", Severity.WARNING, cluster="a", replica="a1")
GROWING = finding("replica-memory:b2", Severity.WARNING, cluster="b", replica="b2")
BURNING = finding("slo-burning-fast:availability", objective="availability")


def test_every_action_has_its_policy_in_the_settings(scene):
    assert {name: table.policy(scene.watched.settings, name) for name in ACTIONS} == {
        "restart-replica": "automatic",
        "eject-replica": "automatic",
        "fail-over": "ask",
        "roll-back": "ask",
        "repair-store": "automatic",
        "renew-certificate": "automatic",
        "free-disk": "automatic",
        "shield": "ask",
        "serve-from-mirror": "manual",
    }


def test_the_alerts_that_call_for_actions_exist():
    named = (
        causes.ERRING
        | causes.GROWING
        | causes.FLOODED
        | causes.FULL
        | causes.SPOILT
        | causes.CERTIFICATE
        | causes.FELT
        | causes.EVERYTHING_FAILS
        | {causes.CLUSTER}
    )
    assert named <= set(ALERTS)


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_a_calm_stack_needs_nothing(scene, name):
    assert proposed(scene, name) is None


def test_a_replica_that_errs_is_ejected_and_once_it_is_out_restarted(scene):
    eject = proposed(scene, "eject-replica", ERRING)
    assert eject.words == (
        "Eject replica a1: visitors are served by replica a2 of cluster a; it finishes what it answers."
    )
    assert proposed(scene, "restart-replica", ERRING) is None
    scene.show(ejected=["a1"])
    scene.replica("a1", "drained")
    assert proposed(scene, "eject-replica", ERRING) is None
    assert proposed(scene, "restart-replica", ERRING).args == {"target": "a1"}


def test_the_last_replica_of_a_cluster_is_not_ejected(scene):
    scene.replica("a2", "down")
    assert proposed(scene, "eject-replica", ERRING) is None


def test_a_replica_that_takes_too_much_memory_is_restarted(scene):
    assert proposed(scene, "restart-replica", GROWING).touches == "b"


def test_a_cluster_that_answers_wrongly_is_failed_over_from(scene):
    found = proposed(scene, "fail-over", wrong("b"))
    assert found.words == "Drain cluster b: visitors are served by cluster a alone."
    assert (found.args, found.touches, found.takes_out) == ({"cluster": "b"}, "b", True)


def test_a_cluster_that_is_just_back_is_not_failed_over_from(scene):
    down = finding("cluster-down:b", cluster="b")
    assert proposed(scene, "fail-over", wrong("b"), down) is None
    assert proposed(scene, "fail-over", wrong("b")) is None
    scene.later(fail_over.JUST_BACK_S)
    assert proposed(scene, "fail-over", wrong("b")) is not None


def test_what_may_pass_is_waited_for_before_a_cluster_is_drained(scene):
    errors = wrong("b", Severity.WARNING)
    assert proposed(scene, "fail-over", errors) is None
    scene.later(causes.LASTS_S)
    assert proposed(scene, "fail-over", errors).args == {"cluster": "b"}


def test_there_is_no_failing_over_to_a_cluster_that_is_no_better(scene):
    assert proposed(scene, "fail-over", wrong("a"), wrong("b")) is None
    scene.drained("a")
    assert proposed(scene, "fail-over", wrong("b")) is None


def test_a_wrong_mirror_is_no_cluster(scene):
    assert proposed(scene, "fail-over", wrong(MIRROR)) is None


def test_when_every_cluster_is_wrong_the_mirror_may_serve_alone(scene):
    found = proposed(scene, "serve-from-mirror", wrong("a"), wrong("b"))
    assert found.args == {"on": True}
    assert proposed(scene, "serve-from-mirror", wrong("a")) is None
    assert proposed(scene, "serve-from-mirror", wrong("a"), wrong("b"), wrong(MIRROR)) is None


def test_a_mirror_that_is_behind_is_no_refuge(scene):
    scene.show(mirror={"state": "up", "behind": True})
    assert proposed(scene, "serve-from-mirror", wrong("a"), wrong("b")) is None


def test_trouble_shortly_after_a_publish_calls_for_a_roll_back(scene):
    scene.publish()
    scene.later(60)
    assert proposed(scene, "roll-back", BURNING).args == {"snapshot": OLD, "instead_of": NEW}


def test_trouble_long_after_a_publish_or_before_it_does_not(scene):
    scene.publish()
    scene.later(3600)
    assert proposed(scene, "roll-back", BURNING) is None
    scene.later(60)
    scene.publish("3" * 64, NEW)
    assert proposed(scene, "roll-back", BURNING) is None


def test_what_a_rollback_made_live_is_not_rolled_back(scene):
    scene.publish(kind="rollback")
    scene.later(60)
    assert proposed(scene, "roll-back", BURNING) is None


def test_a_first_publish_has_nothing_to_go_back_to(scene):
    scene.publish(before=None)
    scene.later(60)
    assert proposed(scene, "roll-back", BURNING) is None


def test_a_page_that_is_late_somewhere_is_no_reason_to_roll_back(scene):
    scene.publish()
    scene.later(60)
    late = finding("slo-burning-fast:freshness", objective="freshness")
    assert proposed(scene, "roll-back", late) is None


def test_a_body_that_stays_refused_has_its_whole_store_read(scene):
    refused = finding("body-refused:a:0123", Severity.WARNING, cluster="a")
    assert proposed(scene, "repair-store", refused) is None
    scene.later(30)
    found = proposed(scene, "repair-store", refused)
    assert found.args == {"cluster": "a"}
    assert found.words.startswith("Repair the store of cluster a: every byte")


def test_a_certificate_that_ends_is_signed_anew(scene):
    found = proposed(scene, "renew-certificate", finding("certificate-expiring", Severity.WARNING))
    assert found.words.startswith("Have the local authority sign a new certificate")


def test_a_full_disk_is_freed_and_the_words_say_that_it_is_for_good(scene):
    found = proposed(scene, "free-disk", finding("disk-low", Severity.WARNING, part="host"))
    assert found.words.endswith("What is deleted is gone.")


def test_a_flood_calls_for_the_shield_unless_it_is_up(scene):
    flood = finding("edge-flood", Severity.WARNING, part="edge")
    found = proposed(scene, "shield", flood)
    assert "50 requests a second and 64 connections" in found.words
    scene.show(shield=9e9)
    assert proposed(scene, "shield", flood) is None


def test_the_shield_is_over_after_some_calm_and_not_before(tmp_path):
    with acting.scene(tmp_path, shield="automatic") as scene:
        flood = finding("edge-flood", Severity.WARNING, part="edge")
        scene.find(flood)
        scene.tick()
        scene.settle(1)
        scene.show(shield=9e9)
        scene.later(2000)
        scene.tick()
        assert len(scene.orders()) == 1, "the flood goes on"
        scene.find()
        scene.later(800)
        scene.tick()
        assert len(scene.orders()) == 1, "it may come again"
        scene.later(200)
        scene.tick()
        down = scene.orders()[1]
        assert (down.kind, down.args["on"], down.args["undoes"]) == ("shield", False, 1)


BY_HAND = {
    "restart-replica": (["b1"], {"target": "b1"}),
    "eject-replica": (["b1"], {"replica": "b1"}),
    "fail-over": (["a"], {"cluster": "a"}),
    "roll-back": ([OLD], {"snapshot": OLD}),
    "repair-store": ([MIRROR], {"cluster": MIRROR}),
    "renew-certificate": ([], {}),
    "free-disk": ([], {}),
    "serve-from-mirror": ([], {"on": True}),
}


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_a_person_names_what_it_is_done_to(scene, name):
    words, args = BY_HAND[name]
    found = ACTIONS[name].by_hand(words, scene.situation())
    assert found.args == args
    assert found.words.endswith(".")


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_what_a_person_names_wrongly_is_told_with_what_was_expected(scene, name):
    with pytest.raises(PorticoError) as told:
        ACTIONS[name].by_hand(["west", "east"], scene.situation())
    assert told.value.code == Exit.USAGE


def test_a_roll_back_by_hand_without_a_word_goes_to_what_was_live_before(scene):
    scene.publish()
    assert ACTIONS["roll-back"].by_hand([], scene.situation()).args == {"snapshot": OLD}


UNDONE = {
    "eject-replica": ("readmit", {"replica": "b1"}),
    "fail-over": ("undrain", {"cluster": "a"}),
    "roll-back": ("rollback", {"snapshot": NEW}),
    "shield": ("shield", {"on": False}),
    "serve-from-mirror": ("mirror", {"on": False}),
}


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_each_action_is_undone_or_says_that_there_is_nothing_to_undo(scene, name):
    action = ACTIONS[name]
    words = BY_HAND.get(name, ([], {}))[0]
    number = scene.ledger.order(action.kind, action.by_hand(words, scene.situation()).args, by="ada")
    scene.settle(number, before=NEW)
    undo = action.undo(scene.ledger.get_order(number))
    assert (undo and (undo.kind, undo.args)) == UNDONE.get(name)
    assert action.undoable == (name in UNDONE)


def test_limits_are_counted_by_hour_and_by_day(scene):
    action = ACTIONS["eject-replica"]
    for _ in range(3):
        scene.ledger.order("eject", {"replica": "a1", "action": action.name, "about": "a1"}, by="policy")
        scene.later(1500)
    assert limits.left(action, scene.situation()) == (2, 9)
    scene.later(90_000)
    assert limits.left(action, scene.situation()) == (4, 12)


@pytest.mark.parametrize(
    ("name", "times", "said"), [("fail-over", 1, "once"), ("eject-replica", 4, "4 times")]
)
def test_a_limit_that_is_reached_is_told_in_words(scene, name, times, said):
    action, args = ACTIONS[name], BY_HAND[name][0]
    for _ in range(times):
        number = scene.ledger.order(action.kind, {"action": name, "about": "x"}, by="policy")
        scene.settle(number)
    now = scene.situation()
    told = limits.why_not(action, action.by_hand(args, now), now)
    assert f"it was done {said} in the last hour" in told


PLACES = ("a", "b", "a1", "a2", "b1", "b2")
TROUBLES = [
    *(wrong(cluster, severity) for cluster in "ab" for severity in (Severity.CRITICAL, Severity.WARNING)),
    *(finding(f"replica-errors:{name}", cluster=name[0], replica=name) for name in PLACES[2:]),
    *(finding(f"replica-memory:{name}", cluster=name[0], replica=name) for name in PLACES[2:]),
    BURNING,
    finding("edge-flood"),
    finding("disk-low"),
]
STATES = ("up", "drained", "down", "hung", "starting")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(TROUBLES), max_size=6),
    st.fixed_dictionaries({name: st.sampled_from(STATES) for name in PLACES[2:]}),
    st.sets(st.sampled_from("ab")),
    st.floats(0, 60),
)
def test_whatever_is_off_nothing_is_due_that_takes_the_last_one_away(troubles, states, drained, ago):
    status = acting.well()
    for cluster in status["clusters"]:
        cluster["drained"] = cluster["name"] in drained
        for replica in cluster["replicas"]:
            replica["state"] = "drained" if cluster["drained"] else states[replica["name"]]
    asked = Settings.model_validate({"actions": dict.fromkeys(AUTOMATIC, "automatic")})
    now = Situation(1000.0, asked, tuple(Open(one, 1000.0 - ago) for one in troubles), status, 1000.0)
    serving = {name for cluster in "ab" for name in now.serving(cluster)}
    for due in plan.due(now):
        taken = due.proposal.touches
        gone = set(now.serving(taken)) if due.proposal.takes_out else {due.proposal.target}
        assert not taken or serving - gone
        assert due.action.name != "serve-from-mirror"


AUTOMATIC = ("restart_replica", "eject_replica", "fail_over", "roll_back", "shield")
