"""A snapshot gets to another store whole or not at all, and a broken copy is never kept."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from portico.kit import files
from portico.kit.errors import IntegrityError
from portico.model import ENCODINGS
from portico.store import check, copy, read
from portico.store.layout import Store
from support import snapshots

Site = dict[str, snapshots.Page]


def site(changed: str = "") -> Site:
    """Three hundred pages in eight shards; `changed` names one that differs."""
    pages = (f"/page/{number}" for number in range(300))
    return {path: snapshots.Page(snapshots.HTML, f"{path} {path == changed}".encode()) for path in pages}


def tree(store: Store) -> dict[str, bytes]:
    files_there = (path for path in store.root.rglob("*") if path.is_file() and path != store.lock)
    return {str(path.relative_to(store.root)): path.read_bytes() for path in files_there}


def test_a_copy_is_the_same_to_the_byte(store: Store, other: Store, keys: snapshots.Keys, snapshot: str):
    done = copy.snapshot(store, other, snapshot, keys.public)
    assert tree(other) == tree(store)
    assert done.bodies == 3
    assert check.snapshot(other, snapshot, keys.public).bad == ()


def test_a_copy_keeps_the_bodies_times(store: Store, other: Store, keys: snapshots.Keys, snapshot: str):
    for file in store.files():
        os.utime(file, (1_000_000_000, 1_000_000_000))
    copy.snapshot(store, other, snapshot, keys.public)
    assert {int(file.stat().st_mtime) for file in other.files()} == {1_000_000_000}


def test_copying_again_copies_nothing(store: Store, other: Store, keys: snapshots.Keys, snapshot: str):
    copy.snapshot(store, other, snapshot, keys.public)
    assert copy.snapshot(store, other, snapshot, keys.public) == copy.Copied(0, 0)


@pytest.mark.parametrize("at", [1, 2, 17, 200, 308])
def test_an_interrupted_copy_is_not_seen_and_is_taken_up_again(
    store: Store, other: Store, keys: snapshots.Keys, at: int
):
    snapshot = snapshots.build(store, keys.private, site())

    def interrupt(bodies: int) -> None:
        if bodies == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy.snapshot(store, other, snapshot, keys.public, progress=interrupt)
    assert other.list_snapshots() == []
    done = copy.snapshot(store, other, snapshot, keys.public)
    assert done.bodies == 308 - at
    assert tree(other) == tree(store)


def test_a_write_that_fails_anywhere_leaves_no_half_file(
    store: Store, other: Store, keys: snapshots.Keys, snapshot: str, monkeypatch: pytest.MonkeyPatch
):
    """The disk fails at each file in turn, right before it would get its name."""
    whole, replace = tree(store), Path.replace
    for fails_at in range(1, len(whole) + 1):
        calls = 0

        def failing(self: Path, target: Path, fails_at: int = fails_at) -> Path:
            nonlocal calls
            calls += 1
            if calls == fails_at:
                raise OSError(5, "Input/output error")
            return replace(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", failing)
            with pytest.raises(OSError, match="Input/output error"):
                copy.snapshot(store, other, snapshot, keys.public)
        assert other.list_snapshots() == []
        assert tree(other).items() <= whole.items()
        for left in list(other.files()):
            left.unlink()
        other.signature(snapshot).unlink(missing_ok=True)
    copy.snapshot(store, other, snapshot, keys.public)
    assert tree(other) == whole


@pytest.mark.parametrize("encoding", ["", *ENCODINGS])
def test_a_flipped_byte_in_the_source_is_told_and_not_copied(
    store: Store, other: Store, keys: snapshots.Keys, snapshot: str, encoding: str
):
    entry = read.Reader(store, keys.public).lookup(snapshot, "/")
    assert entry is not None
    snapshots.flip(store.body(entry.digest, encoding))
    with pytest.raises(read.CorruptError) as caught:
        copy.snapshot(store, other, snapshot, keys.public)
    assert caught.value.where == str(store.body(entry.digest, encoding))
    assert not other.body(entry.digest, encoding).exists()
    assert other.list_snapshots() == []


def test_a_body_missing_in_the_source_is_told(
    store: Store, other: Store, keys: snapshots.Keys, snapshot: str
):
    entry = read.Reader(store, keys.public).lookup(snapshot, "/")
    assert entry is not None
    store.body(entry.digest).unlink()
    with pytest.raises(read.CorruptError, match="No such file"):
        copy.snapshot(store, other, snapshot, keys.public)
    assert other.list_snapshots() == []


def test_bytes_that_change_on_their_way_to_the_target_are_refused(
    store: Store, other: Store, keys: snapshots.Keys, snapshot: str, monkeypatch: pytest.MonkeyPatch
):
    def garble(_source: object, target: object, _length: int) -> None:
        target.write(b"garbled")  # type: ignore[attr-defined]

    monkeypatch.setattr(copy.shutil, "copyfileobj", garble)
    with pytest.raises(read.CorruptError) as caught:
        copy.snapshot(store, other, snapshot, keys.public)
    assert caught.value.where.startswith(str(other.root))
    assert list(other.files()) == []


def test_a_snapshot_of_another_key_is_not_copied(
    store: Store, other: Store, keys: snapshots.Keys, tmp_path: Path
):
    forged = snapshots.build(store, snapshots.keys(tmp_path).private, {"/": ("text/html", b"gotcha")})
    with pytest.raises(IntegrityError):
        copy.snapshot(store, other, forged, keys.public)
    assert list(other.files()) == []


def test_a_copy_with_a_base_looks_at_changed_shards_only(
    store: Store, other: Store, keys: snapshots.Keys, monkeypatch: pytest.MonkeyPatch
):
    base = snapshots.build(store, keys.private, site())
    copy.snapshot(store, other, base, keys.public)
    newer = snapshots.build(store, keys.private, site(changed="/page/7"))
    looked_at = []
    body = read.body

    def looking(source: Store, digest: str) -> bytes:
        looked_at.append(digest)
        return body(source, digest)

    monkeypatch.setattr(copy.read, "body", looking)
    done = copy.snapshot(store, other, newer, keys.public, base=base)
    assert len(looked_at) == 1
    assert done.bodies == 2
    assert check.snapshot(other, newer, keys.public).bad == ()


def test_a_base_that_the_target_lacks_is_not_trusted(
    store: Store, other: Store, keys: snapshots.Keys, snapshot: str
):
    copy.snapshot(store, other, snapshot, keys.public, base=snapshot)
    assert check.snapshot(other, snapshot, keys.public).bad == ()


def test_a_repair_replaces_a_broken_body_and_its_encodings(
    store: Store, other: Store, keys: snapshots.Keys, snapshot: str
):
    copy.snapshot(store, other, snapshot, keys.public)
    whole = tree(other)
    for file in other.files():
        snapshots.flip(file)
    for error in check.snapshot(store, snapshot, keys.public).bad:
        pytest.fail(str(error))
    root = read.read_root(store, snapshot, keys.public)
    for stored in [*copy._named_by(store, root.shards[0])]:
        copy.one(store, other, stored)
    assert tree(other) == whole


def test_a_store_that_lost_its_folders_is_filled_again(
    store: Store, other: Store, keys: snapshots.Keys, snapshot: str
):
    shutil.rmtree(other.bodies)
    copy.snapshot(store, other, snapshot, keys.public)
    assert tree(other) == tree(store)


def test_what_is_written_can_be_read_back_before_it_has_its_name(tmp_path: Path):
    with files.replacing(tmp_path / "file") as file:
        file.write(b"abc")
        file.seek(0)
        assert file.read() == b"abc"
        assert not (tmp_path / "file").exists()
