"""Nothing leaves a store unverified: each flipped byte is refused."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import brotli
import pytest

from portico.kit.errors import IntegrityError
from portico.model import ENCODINGS, Entry
from portico.store import manifest, read
from portico.store.layout import Store
from support import snapshots

SIZE = 6000


def test_a_flipped_byte_in_a_body_is_refused(store: Store):
    stored = store.put(b"x" * SIZE)
    snapshots.flip(store.body(stored.digest))
    with pytest.raises(read.CorruptError, match="not what its hash says") as caught:
        read.body(store, stored.digest)
    assert caught.value.digest == stored.digest
    with pytest.raises(read.CorruptError):
        read.verify_file(store, stored.digest, "", stored.size)


def test_a_missing_body_is_refused(store: Store):
    with pytest.raises(read.CorruptError, match="No such file"):
        read.body(store, "ab" * 32)
    with pytest.raises(read.CorruptError, match="No such file"):
        read.verify_file(store, "ab" * 32, "", 1)


def test_a_body_that_is_a_folder_is_refused(store: Store):
    store.body("ab" * 32).mkdir()
    store.body("ab" * 32, "br").mkdir()
    with pytest.raises(read.CorruptError):
        read.body(store, "ab" * 32)
    with pytest.raises(read.CorruptError):
        read.encoded(store, "ab" * 32, "br", 1)


@pytest.mark.parametrize("encoding", ENCODINGS)
class TestEncodings:
    @pytest.fixture
    def digest(self, store: Store, encoding: str) -> str:
        body = bytes(range(256)) * (SIZE // 256) + b"!" * (SIZE % 256)
        stored = store.put(body)
        store.put_encoding(stored.digest, encoding, io.BytesIO(snapshots.ENCODERS[encoding](body)))
        return stored.digest

    def test_it_is_read_when_it_decodes_to_the_body(self, store: Store, digest: str, encoding: str):
        assert read.encoded(store, digest, encoding, SIZE) == store.body(digest, encoding).read_bytes()

    def test_a_flipped_byte_is_refused(self, store: Store, digest: str, encoding: str):
        snapshots.flip(store.body(digest, encoding))
        with pytest.raises(read.CorruptError):
            read.encoded(store, digest, encoding, SIZE)
        with pytest.raises(read.CorruptError):
            read.verify_file(store, digest, encoding, SIZE)

    def test_one_cut_short_is_refused(self, store: Store, digest: str, encoding: str):
        file = store.body(digest, encoding)
        data = file.read_bytes()
        file.chmod(0o644)
        for length in (0, 1, len(data) // 2, len(data) - 1):
            file.write_bytes(data[:length])
            with pytest.raises(read.CorruptError):
                read.encoded(store, digest, encoding, SIZE)

    def test_one_with_more_behind_it_is_refused(self, store: Store, digest: str, encoding: str):
        file = store.body(digest, encoding)
        file.chmod(0o644)
        file.write_bytes(file.read_bytes() + b"tail")
        with pytest.raises(read.CorruptError):
            read.encoded(store, digest, encoding, SIZE)

    def test_the_encoding_of_another_body_is_refused(self, store: Store, digest: str, encoding: str):
        store.put_encoding(digest, encoding, io.BytesIO(snapshots.ENCODERS[encoding](b"?" * SIZE)))
        with pytest.raises(read.CorruptError):
            read.encoded(store, digest, encoding, SIZE)

    def test_one_that_is_not_there_is_none(self, store: Store, digest: str, encoding: str):
        store.body(digest, encoding).unlink()
        assert read.encoded(store, digest, encoding, SIZE) is None


def test_a_brotli_stream_that_swells_is_given_up_at_the_bodys_size(store: Store):
    stored = store.put(b"0" * SIZE)
    store.put_encoding(stored.digest, "br", io.BytesIO(brotli.compress(b"0" * (64 << 20), quality=1)))
    with pytest.raises(read.CorruptError):
        read.encoded(store, stored.digest, "br", stored.size)


@pytest.mark.parametrize("body", [b"", b"a", b"0" * (5 << 20), bytes(range(256)) * (3 << 12) + b"end"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_long_and_short_bodies_are_verified_through_each_encoding(store: Store, body: bytes, encoding: str):
    stored = store.put(body)
    store.put_encoding(stored.digest, encoding, io.BytesIO(snapshots.ENCODERS[encoding](body)))
    read.verify_file(store, stored.digest, encoding, stored.size)


def test_a_snapshot_that_is_not_here_is_unknown(store: Store, keys: snapshots.Keys):
    with pytest.raises(read.UnknownSnapshotError, match="no snapshot abababababab here"):
        read.read_root(store, "ab" * 32, keys.public)


def test_a_flipped_byte_in_the_root_is_refused(store: Store, keys: snapshots.Keys, snapshot: str):
    snapshots.flip(store.manifest(snapshot))
    with pytest.raises(IntegrityError, match="not what its id says"):
        read.read_root(store, snapshot, keys.public)


def test_a_flipped_byte_in_the_signature_is_refused(store: Store, keys: snapshots.Keys, snapshot: str):
    snapshots.flip(store.signature(snapshot))
    with pytest.raises(IntegrityError, match="not by our key"):
        read.read_root(store, snapshot, keys.public)


def test_a_snapshot_signed_by_another_key_is_refused(store: Store, keys: snapshots.Keys, tmp_path: Path):
    stranger = snapshots.keys(tmp_path)
    forged = snapshots.build(store, stranger.private, {"/": ("text/html", b"gotcha")})
    with pytest.raises(IntegrityError, match="not by our key"):
        read.Reader(store, keys.public).lookup(forged, "/")


def test_a_flipped_byte_in_a_shard_is_refused(store: Store, keys: snapshots.Keys, snapshot: str):
    reader = read.Reader(store, keys.public)
    snapshots.flip(store.body(reader.root(snapshot).shards[0]))
    with pytest.raises(read.CorruptError):
        reader.lookup(snapshot, "/")


def test_a_repaired_shard_is_read_again(store: Store, keys: snapshots.Keys, snapshot: str, tmp_path: Path):
    reader = read.Reader(store, keys.public)
    shard = store.body(reader.root(snapshot).shards[0])
    shutil.copy(shard, tmp_path / "good")
    snapshots.flip(shard)
    with pytest.raises(read.CorruptError):
        reader.lookup(snapshot, "/")
    shutil.copy(tmp_path / "good", shard)
    assert reader.lookup(snapshot, "/") is not None


def test_every_path_is_found_again_in_its_shard(store: Store, keys: snapshots.Keys):
    entries = {f"/{number}": Entry(301, (("location", f"/to/{number}"),), "", 0) for number in range(500)}
    snapshot = snapshots.publish(store, keys.private, entries)
    reader = read.Reader(store, keys.public)
    assert len(reader.root(snapshot).shards) == 8
    assert all(reader.lookup(snapshot, path) == entry for path, entry in entries.items())
    assert dict(reader.entries(snapshot)) == entries
    assert reader.lookup(snapshot, "/none") is None


def test_a_reader_keeps_no_more_paths_than_it_may(store: Store, keys: snapshots.Keys):
    entries = {f"/{number}": Entry(301, (("location", "/"),), "", 0) for number in range(2000)}
    snapshot = snapshots.publish(store, keys.private, entries)
    reader = read.Reader(store, keys.public, paths=200)
    assert all(reader.lookup(snapshot, path) for path in entries)
    assert 1 < reader.cached_shards <= 200 // 30
    assert len(reader.root(snapshot).shards) == 1 << manifest.bits_for(2000)
