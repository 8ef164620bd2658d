"""The whole-snapshot check names each file that is not what it should be."""

from __future__ import annotations

import pytest

from portico.kit.errors import IntegrityError
from portico.model import ENCODINGS
from portico.store import check, read
from portico.store.layout import Store
from support import snapshots


def test_a_whole_snapshot_is_reported_whole(store: Store, keys: snapshots.Keys, snapshot: str):
    report = check.snapshot(store, snapshot, keys.public)
    assert report.bad == ()
    assert report.checked == len(["shard", "page", *ENCODINGS, "logo"])


def test_each_broken_file_is_reported(store: Store, keys: snapshots.Keys, snapshot: str):
    shards = set(read.read_root(store, snapshot, keys.public).shards)
    broken = {file for file in store.files() if file.name not in shards}
    for file in broken:
        snapshots.flip(file)
    report = check.snapshot(store, snapshot, keys.public)
    assert {error.where for error in report.bad} == {str(file) for file in broken}


def test_a_missing_body_is_reported(store: Store, keys: snapshots.Keys, snapshot: str):
    entry = read.Reader(store, keys.public).lookup(snapshot, "/logo.png")
    assert entry is not None
    store.body(entry.digest).unlink()
    (error,) = check.snapshot(store, snapshot, keys.public).bad
    assert error.digest == entry.digest


def test_a_broken_shard_is_reported_and_the_check_goes_on(store: Store, keys: snapshots.Keys):
    pages = {f"/{number}": ("text/plain", str(number).encode()) for number in range(100)}
    snapshot = snapshots.build(store, keys.private, pages)
    first = read.read_root(store, snapshot, keys.public).shards[0]
    snapshots.flip(store.body(first))
    report = check.snapshot(store, snapshot, keys.public)
    assert [error.digest for error in report.bad] == [first]
    assert report.checked > 40


def test_a_broken_root_ends_the_check(store: Store, keys: snapshots.Keys, snapshot: str):
    snapshots.flip(store.manifest(snapshot))
    with pytest.raises(IntegrityError):
        check.snapshot(store, snapshot, keys.public)


def test_a_check_with_a_base_leaves_out_the_shards_that_both_have(store: Store, keys: snapshots.Keys):
    pages = {f"/{number}": ("text/plain", str(number).encode()) for number in range(200)}
    base = snapshots.build(store, keys.private, pages)
    newer = snapshots.build(store, keys.private, {**pages, "/7": ("text/plain", b"seven")})
    seen: list[int] = []
    whole = check.snapshot(store, newer, keys.public)
    part = check.snapshot(store, newer, keys.public, base=base, progress=seen.append)
    assert part.checked < whole.checked / 2
    assert len(seen) == 1
