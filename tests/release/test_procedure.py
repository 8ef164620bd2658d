from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from portico.model import Order
from portico.release import procedure
from portico.release.procedure import Progress

NEW, OLD, OLDER = "1" * 64, "2" * 64, "3" * 64
CLUSTERS = ("a", "b")


def walk(kind: str, progress: Progress, failing: str | None = None) -> Progress:
    while step := procedure.next_step(kind, CLUSTERS, progress):
        progress = progress.failed("broken") if step == failing else progress.after(step, 0.0)
        if step == failing:
            failing = None
    return progress


def test_a_publish_copies_to_both_clusters_and_the_mirror_before_the_one_flip():
    done = walk("publish", Progress(NEW)).done
    flip = done.index("flip")
    assert {"check", "copy:a", "copy:b", "copy:mirror", "warm"} == set(done[:flip])
    assert done[flip + 1 :] == ("seen:a", "seen:b", "seen")


def test_a_rollback_flips_without_warming():
    assert "warm" not in walk("rollback", Progress(OLD)).done


@given(st.sampled_from(["publish", "rollback"]), st.integers(0, 12))
def test_whoever_is_interrupted_after_any_step_goes_on_and_ends_the_same(kind, interrupted_after):
    progress = Progress(NEW, before=OLD)
    for _ in range(interrupted_after):
        if step := procedure.next_step(kind, CLUSTERS, progress):
            progress = progress.after(step, 0.0)
    remembered = procedure.load(asdict(progress))
    assert remembered is not None
    assert walk(kind, remembered).done == walk(kind, Progress(NEW, before=OLD)).done


@given(st.sampled_from(["check", "copy:a", "copy:b", "copy:mirror", "warm"]))
def test_a_failure_before_the_flip_leaves_the_site_as_it_was(failing):
    ended = walk("publish", Progress(NEW, before=OLD), failing)
    assert "flip" not in ended.done
    assert "flip-back" not in ended.done


@given(st.sampled_from(["seen:a", "seen:b", "seen"]))
def test_what_was_flipped_and_not_seen_is_flipped_back(failing):
    ended = walk("publish", Progress(NEW, before=OLD), failing)
    assert ended.done[-1] == "flip-back"
    assert ended.why


def test_the_first_publish_has_nothing_to_go_back_to():
    assert "flip-back" not in walk("publish", Progress(NEW), "seen").done


def test_a_later_release_overtakes_the_ones_before_it():
    orders = [
        Order(n, 0.0, kind, {}, "me", "waiting") for n, kind in enumerate(["publish", "drain", "rollback"])
    ]
    assert [(older.id, newer.id) for older, newer in procedure.overtaken(orders)] == [(0, 2)]


def test_two_that_publish_the_same_do_not_overtake_each_other():
    same = [Order(number, 0.0, "publish", {"snapshot": NEW}, "me", "waiting") for number in range(2)]
    assert procedure.overtaken(same) == []
    other = Order(2, 0.0, "publish", {"snapshot": OLD}, "me", "waiting")
    assert [older.id for older, _ in procedure.overtaken([*same, other])] == [0, 1]


def test_a_rollback_goes_to_the_newest_other_snapshot_that_was_seen_live_and_is_still_held():
    assert procedure.last_good([OLDER, OLD, NEW], NEW, [NEW, OLD, OLDER]) == OLD
    assert procedure.last_good([OLDER, OLD, NEW], NEW, [NEW, OLDER]) == OLDER
    assert procedure.last_good([NEW], NEW, [NEW]) is None
