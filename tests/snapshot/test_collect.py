from __future__ import annotations

import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.kit import lock
from portico.kit.errors import IntegrityError, PorticoError
from portico.snapshot import collect
from portico.store import check
from portico.store.layout import Store
from support.freezing import HOME, Stack

DAY = 86400
IDS = [f"{number:064x}" for number in range(8)]


def rule(**values) -> collect.Rule:
    return collect.Rule(**{"keep": 2, "keep_days": 0, **values})


def history(*ages: float) -> list[collect.Held]:
    return [collect.Held(IDS[number], 1000 * DAY - age * DAY) for number, age in enumerate(ages)]


def test_the_last_ones_stay():
    assert collect.plan(history(1, 2, 3), rule(), 1000 * DAY) == {IDS[0], IDS[1]}


def test_young_ones_stay():
    assert collect.plan(history(1, 2, 3, 9), rule(keep_days=7), 1000 * DAY) == {IDS[0], IDS[1], IDS[2]}


def test_the_live_and_the_pinned_stay_however_old():
    kept = collect.plan(history(1, 2, 3, 4, 5), rule(live=IDS[3], pinned=frozenset({IDS[4]})), 1000 * DAY)
    assert kept == {IDS[0], IDS[1], IDS[3], IDS[4]}


@given(
    ages=st.lists(st.floats(0, 500), max_size=8),
    keep=st.integers(2, 10),
    days=st.floats(0, 500),
    live=st.integers(0, 7),
)
def test_enough_always_stays(ages, keep, days, live):
    held = history(*ages)
    kept = collect.plan(held, collect.Rule(keep, days, live=IDS[live]), 1000 * DAY)
    assert kept <= {one.id for one in held}
    assert len(kept) >= min(keep, len(held))
    assert IDS[live] in kept or all(one.id != IDS[live] for one in held)


def public(stack: Stack):
    return stack.key.public_key()


def test_what_no_kept_snapshot_names_goes_and_the_rest_stays_whole(stack: Stack):
    first = stack.freeze().id
    stack.write({"index.html": "<title>Two</title>" * 50})
    second = stack.freeze().id
    freed = collect.collect(stack.store, {second}, public(stack))
    assert freed.snapshots == (first,)
    assert freed.files >= 2
    assert freed.size > len(HOME)
    assert stack.store.list_snapshots() == [second]
    assert check.snapshot(stack.store, second, public(stack)).bad == ()
    named = {stored.partition(".")[0] for stored in (path.name for path in stack.store.files())}
    entries = stack.entries(second).values()
    assert named == {entry.digest for entry in entries} | set(stack.reader.root(second).shards)
    assert collect.collect(stack.store, {second}, public(stack)) == collect.Freed((), 0, 0)


def test_a_dry_run_says_the_same_and_removes_nothing(stack: Stack):
    first = stack.freeze().id
    stack.write({"index.html": "<title>Two</title>"})
    second = stack.freeze().id
    dry = collect.collect(stack.store, {second}, public(stack), dry_run=True)
    assert check.snapshot(stack.store, first, public(stack)).bad == ()
    assert collect.collect(stack.store, {second}, public(stack)) == dry


def test_what_a_crashed_writer_left_goes_after_an_hour(stack: Stack):
    snapshot = stack.freeze().id
    old, young = stack.store.bodies / "00/.x.1.tmp", stack.store.bodies / ".incoming.2"
    old.write_bytes(b"left")
    young.write_bytes(b"at work")
    os.utime(old, (time.time() - 7200,) * 2)
    freed = collect.collect(stack.store, {snapshot}, public(stack))
    assert (freed.files, freed.size) == (1, 4)
    assert young.exists()
    assert not old.exists()


def test_two_collections_do_not_meet(stack: Stack):
    first = stack.freeze().id
    with (
        lock.held(stack.store.collecting),
        pytest.raises(PorticoError, match="another collection is at work") as caught,
    ):
        collect.collect(stack.store, set(), public(stack))
    assert caught.value.temporary
    assert stack.store.list_snapshots() == [first]


def test_a_snapshot_that_comes_while_bodies_are_swept_stays_whole(stack: Stack, monkeypatch):
    stack.freeze()
    stack.write({"index.html": "<title>Two</title>"})
    second = stack.freeze().id
    stack.write({"index.html": HOME})
    came, all_folders = [], Store.folders

    def folders(store):
        for number, folder in enumerate(all_folders(store)):
            if number == 3:
                came.append(stack.freeze().id)
            yield folder

    monkeypatch.setattr(Store, "folders", folders)
    collect.collect(stack.store, {second}, public(stack))
    assert set(stack.store.list_snapshots()) == {second, *came}
    assert check.snapshot(stack.store, came[0], public(stack)).bad == ()


def test_a_kept_snapshot_that_cannot_be_read_stops_everything(stack: Stack):
    first = stack.freeze().id
    stack.write({"index.html": "<title>Two</title>"})
    second = stack.freeze().id
    shard = stack.store.body(stack.reader.root(second).shards[0])
    shard.unlink()
    before = sorted(stack.store.files())
    with pytest.raises(IntegrityError):
        collect.collect(stack.store, {second}, public(stack))
    assert sorted(stack.store.files()) == before
    assert set(stack.store.list_snapshots()) == {first, second}


def test_what_was_collected_is_frozen_anew(stack: Stack):
    first = stack.freeze().id
    stack.write({"index.html": "<title>Two</title>"})
    second = stack.freeze().id
    collect.collect(stack.store, {second}, public(stack))
    stack.write({"index.html": HOME})
    again = stack.freeze()
    assert (again.id, again.new) == (first, True)
    assert check.snapshot(stack.store, first, public(stack)).bad == ()


def test_a_snapshot_that_was_never_published_and_swept_comes_back_whole(stack: Stack):
    first = stack.freeze().id
    stack.write({"index.html": "<title>Two</title>", "new.html": "<p>new"})
    second = stack.freeze().id
    collect.collect(stack.store, {first}, public(stack))
    again = stack.freeze()
    assert (again.id, again.new) == (second, True)
    assert check.snapshot(stack.store, second, public(stack)).bad == ()
