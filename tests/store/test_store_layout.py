"""How things get into a store: by their hash, whole or not at all."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portico.kit import canonical
from portico.kit.errors import PorticoError
from portico.store import read
from portico.store.layout import CHUNK, Store
from support import snapshots

MIB = 1 << 20


@given(st.binary(max_size=2000))
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_body_comes_back_as_it_was_put_by_bytes_or_by_stream(store: Store, data: bytes):
    assert store.put(data) == store.put_stream(io.BytesIO(data))
    assert read.body(store, canonical.digest(data)) == data


def test_a_stream_longer_than_a_chunk_is_kept_whole(store: Store):
    data = os.urandom(2 * CHUNK + 17)
    stored = store.put_stream(io.BytesIO(data))
    assert stored.size == len(data)
    assert read.body(store, stored.digest) == data


def test_the_same_body_is_written_once(store: Store):
    first = store.put(b"same")
    before = store.body(first.digest).stat()
    store.put(b"same")
    store.put_stream(io.BytesIO(b"same"))
    after = store.body(first.digest).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_bodies_can_not_be_written_to(store: Store):
    stored = store.put(b"body")
    assert store.body(stored.digest).stat().st_mode & 0o222 == 0


def test_a_source_that_breaks_off_leaves_nothing(store: Store):
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            if not data:
                raise ConnectionResetError
            return data

    with pytest.raises(ConnectionResetError):
        store.put_stream(Breaking(b"half of it"))
    assert list(store.files()) == []


def test_an_encoding_source_that_breaks_off_leaves_nothing(store: Store):
    def broken() -> bytes:
        raise ConnectionResetError

    source = io.BytesIO(b"x")
    source.read = lambda _size=-1: broken()  # type: ignore[method-assign]
    with pytest.raises(ConnectionResetError):
        store.put_encoding("ab" * 32, "br", source)
    assert list(store.files()) == []


def test_snapshots_are_listed_by_when_they_came_or_were_touched(store: Store, keys: snapshots.Keys):
    one = snapshots.build(store, keys.private, {"/": ("text/plain", b"1")})
    two = snapshots.build(store, keys.private, {"/": ("text/plain", b"2")})
    os.utime(store.manifest(one), (1, 1))
    assert store.list_snapshots() == [two, one]
    os.utime(store.manifest(two), (2, 2))
    store.touch(one)
    assert store.list_snapshots() == [one, two]


def test_a_removed_snapshot_is_unknown(store: Store, keys: snapshots.Keys, snapshot: str):
    store.remove_snapshot(snapshot)
    assert store.list_snapshots() == []
    with pytest.raises(read.UnknownSnapshotError):
        read.read_root(store, snapshot, keys.public)


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Store]:
    """A store on a file system of its own that holds one MiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=400", "portico-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a small file system needs root")
    try:
        yield Store(folder / "store").create()
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_leaves_nothing_half_written(tiny: Store):
    for put in (
        lambda: tiny.put(os.urandom(2 * MIB)),
        lambda: tiny.put_stream(io.BytesIO(os.urandom(2 * MIB))),
        lambda: tiny.put_encoding("ab" * 32, "gzip", io.BytesIO(os.urandom(2 * MIB))),
    ):
        with pytest.raises(PorticoError, match="disk is full") as caught:
            put()
        assert caught.value.temporary
        assert list(tiny.files()) == []
    assert read.body(tiny, tiny.put(b"small").digest) == b"small"


def test_a_full_disk_lets_no_half_snapshot_be_seen(tiny: Store, keys: snapshots.Keys):
    site = {f"/{number}": ("image/png", os.urandom(100_000)) for number in range(20)}
    with pytest.raises(PorticoError, match="disk is full"):
        snapshots.build(tiny, keys.private, site)
    assert tiny.list_snapshots() == []
