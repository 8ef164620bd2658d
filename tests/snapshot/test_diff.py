from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from portico.snapshot.diff import diff
from portico.store import read
from support.freezing import Stack
from support.trees import folder, lay, trees


def test_added_changed_and_gone_are_told_with_their_bytes(stack: Stack):
    stack.write({"old.html": "<p>old"})
    before = stack.freeze().id
    (stack.site / "old.html").unlink()
    stack.write({"about.html": "<p>about now", "new.html": "<p>brand new"})
    after = stack.freeze().id
    found = diff(stack.reader, before, after)
    assert (found.added, found.changed, found.gone) == (("/new",), ("/about",), ("/old",))
    assert found.bytes_added == len("<p>about now") + len("<p>brand new")
    assert not found.rules
    assert not found.empty


def test_equal_snapshots_differ_in_nothing(stack: Stack):
    snapshot = stack.freeze().id
    assert diff(stack.reader, snapshot, snapshot).empty


def test_other_redirects_are_a_difference_too(stack: Stack):
    before = stack.freeze().id
    stack.write({"_redirects": "/blog/* /about"})
    found = diff(stack.reader, before, stack.freeze().id)
    assert found.rules
    assert not found.empty
    assert (found.added, found.changed, found.gone) == ((), (), ())


def test_only_shards_that_differ_are_read(stack: Stack):
    stack.write({f"{number}.html": f"<p>{number}" for number in range(300)})
    before = stack.freeze().id
    stack.write({"7.html": "<p>seven"})
    after = stack.freeze().id
    reader = stack.reader
    ours, theirs = reader.root(before).shards, reader.root(after).shards
    for shard in set(ours) & set(theirs):
        stack.store.body(shard).unlink()
    assert diff(reader, before, after).changed == ("/7",)


def test_an_unknown_snapshot_is_told(stack: Stack):
    with pytest.raises(read.UnknownSnapshotError):
        diff(stack.reader, stack.freeze().id, "0" * 64)


@settings(max_examples=20, deadline=None)
@given(one=trees(), other=trees())
def test_a_difference_is_what_comparing_everything_says(one, other):
    with folder() as root:
        stack = Stack(Path(root))
        lay(stack.site, one)
        before = stack.freeze().id
        lay(stack.site, other)
        after = stack.freeze().id
        found = diff(stack.reader, before, after)
        old, new = stack.entries(before), stack.entries(after)
        assert found.added == tuple(sorted(new.keys() - old.keys()))
        assert found.gone == tuple(sorted(old.keys() - new.keys()))
        assert found.changed == tuple(
            sorted(path for path in old.keys() & new.keys() if old[path] != new[path])
        )
