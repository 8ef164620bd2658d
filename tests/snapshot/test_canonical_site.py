"""The same folder is the same snapshot, however it came to be."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from support.freezing import Stack, write
from support.trees import folder, lay, trees


@settings(max_examples=25, deadline=None)
@given(tree=trees(), data=st.data())
def test_two_copies_of_a_folder_give_the_same_bytes(tree, data):
    with folder() as root:
        one, other = Stack(Path(root) / "one"), Stack(Path(root) / "other")
        write(one.site, tree)
        for name in data.draw(st.permutations(list(tree))):
            write(other.site, {name: tree[name]})
            os.utime(other.site / name, (1, data.draw(st.integers(0, 2**31))))
        first, second = one.freeze(), other.freeze()
        assert first.id == second.id
        assert one.store.manifest(first.id).read_bytes() == other.store.manifest(second.id).read_bytes()
        names = sorted(path.name for path in one.store.files())
        assert names == sorted(path.name for path in other.store.files())


@settings(max_examples=25, deadline=None)
@given(history=st.lists(trees(), min_size=2, max_size=5))
def test_freezing_change_by_change_is_the_same_as_freezing_once(history):
    with folder() as root:
        grown, fresh = Stack(Path(root) / "grown"), Stack(Path(root) / "fresh")
        for tree in history:
            lay(grown.site, tree)
            frozen = grown.freeze()
            shutil.rmtree(fresh.root, ignore_errors=True)
            write(fresh.site, tree)
            anew = fresh.freeze()
            assert (frozen.id, frozen.paths, frozen.size) == (anew.id, anew.paths, anew.size)
            assert frozen.broken == anew.broken
            assert frozen.warnings == anew.warnings
            assert grown.entries(frozen.id) == fresh.entries(anew.id)
