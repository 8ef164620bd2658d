"""One flipped byte: that copy is refused, reported, and served again once it is repaired. Retained assets."""

from __future__ import annotations

import gzip
import io
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portico.kit import files, unixsocket
from portico.model import Digest
from portico.store import copy, read
from portico.store.layout import Store, Stored
from support import replicas, snapshots
from support.replicas import Replica, wait_until

LONG = os.urandom(1 << 20) + b"more than is read into memory"
SITE = {
    "/": snapshots.Page(snapshots.HTML, b"home" * 500, encodings=("br", "gzip")),
    "/film.mp4": snapshots.Page("video/mp4", LONG),
    "/words.txt": snapshots.Page("text/plain", b"words " * (1 << 18), encodings=("br", "gzip")),
}


@pytest.fixture
def snapshot(store: Store, keys: snapshots.Keys) -> Digest:
    return snapshots.build(store, keys.private, SITE)


@pytest.fixture
def good(tmp_path: Path, store: Store, snapshot: Digest, keys: snapshots.Keys) -> Store:
    """A copy to repair from."""
    other = Store(tmp_path / "good").create()
    copy.snapshot(store, other, snapshot, keys.public)
    return other


@pytest.fixture
def replica(store: Store, keys: snapshots.Keys, tmp_path: Path) -> Iterator[Replica]:
    with replicas.running(store.root, keys.public_file, tmp_path, "--retain", "3") as running:
        yield running


def stored(path: str) -> Stored:
    body = SITE[path].body
    return Stored(read.canonical.digest(body), len(body))


def repair(good: Store, store: Store, path: str) -> None:
    copy.one(good, store, stored(path))


@pytest.mark.parametrize("path", ["/", "/film.mp4"])
def test_a_flipped_byte_is_refused_reported_and_served_again_when_repaired(
    replica: Replica, store: Store, good: Store, snapshot: Digest, path: str
):
    assert replica.ask(f"/{snapshot}{path}").body == SITE[path].body
    file = store.body(stored(path).digest)
    snapshots.flip(file)
    for _ in range(2):
        reply = replica.ask(f"/{snapshot}{path}")
        assert (reply.status, reply.headers["cache-control"]) == (503, "no-store")
        assert reply.headers["retry-after"] == "1"
        assert SITE[path].body[:4] not in reply.body
    (refused,) = replica.live()["refused"]
    assert (refused["digest"], refused["file"]) == (file.name, str(file))
    assert "hash" in refused["why"]
    repair(good, store, path)
    wait_until(lambda: not replica.refused())
    assert replica.ask(f"/{snapshot}{path}").body == SITE[path].body
    assert replica.log.read_text().count('"refused"') == 1


def test_a_repair_is_noticed_without_a_visitor(replica: Replica, store: Store, good: Store, snapshot: Digest):
    store.body(stored("/").digest).unlink()
    assert replica.ask(f"/{snapshot}/").status == 503
    assert len(replica.refused()) == 1
    repair(good, store, "/")
    wait_until(lambda: not replica.refused())


@pytest.mark.parametrize("path", ["/", "/words.txt"])
def test_a_broken_encoding_is_passed_over_and_reported(
    replica: Replica, store: Store, good: Store, snapshot: Digest, path: str
):
    snapshots.flip(store.body(stored(path).digest, "br"))
    reply = replica.ask(f"/{snapshot}{path}", accept_encoding="br, gzip")
    assert (reply.status, reply.headers["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(reply.body) == SITE[path].body
    assert reply.headers["etag"].endswith('-gzip"')
    assert replica.ask(f"/{snapshot}{path}", accept_encoding="br").body == SITE[path].body
    assert replica.refused() == {str(store.body(stored(path).digest, "br"))}
    repair(good, store, path)
    wait_until(lambda: not replica.refused())
    assert replica.ask(f"/{snapshot}{path}", accept_encoding="br").headers["content-encoding"] == "br"


def test_a_broken_encoding_that_was_removed_is_refused_no_more(
    replica: Replica, store: Store, snapshot: Digest
):
    file = store.body(stored("/").digest, "br")
    snapshots.flip(file)
    replica.ask(f"/{snapshot}/", accept_encoding="br")
    assert replica.refused() == {str(file)}
    file.unlink()
    wait_until(lambda: not replica.refused())


def test_an_encoding_is_served_while_the_raw_body_is_broken(replica: Replica, store: Store, snapshot: Digest):
    snapshots.flip(store.body(stored("/").digest))
    assert replica.ask(f"/{snapshot}/", accept_encoding="gzip").status == 200
    assert replica.ask(f"/{snapshot}/").status == 503


def test_a_body_of_another_length_is_refused_without_reading_it(
    replica: Replica, store: Store, snapshot: Digest
):
    file = store.body(stored("/").digest)
    file.chmod(0o644)
    os.truncate(file, 1 << 34)
    assert replica.ask(f"/{snapshot}/").status == 503
    store.put_encoding(stored("/").digest, "br", io.BytesIO(b"x" * (1 << 20)))
    assert replica.ask(f"/{snapshot}/", accept_encoding="br").status == 503
    assert len(replica.refused()) == 2


def test_an_encoding_made_better_is_served_from_then_on(replica: Replica, store: Store, snapshot: Digest):
    before = replica.ask(f"/{snapshot}/", accept_encoding="gzip")
    store.put_encoding(stored("/").digest, "gzip", io.BytesIO(gzip.compress(SITE["/"].body, 1, mtime=7)))
    after = replica.ask(f"/{snapshot}/", accept_encoding="gzip")
    assert before.body != after.body
    assert gzip.decompress(after.body) == SITE["/"].body
    assert after.headers["etag"] == before.headers["etag"]


def test_a_broken_shard_is_refused_and_reported(
    replica: Replica, store: Store, good: Store, snapshot: Digest, keys: snapshots.Keys
):
    shard = read.read_root(store, snapshot, keys.public).shards[0]
    snapshots.flip(store.body(shard))
    assert replica.ask(f"/{snapshot}/").status == 503
    assert replica.live()["refused"][0]["digest"] == shard
    files.write_whole(store.body(shard), good.body(shard).read_bytes())
    wait_until(lambda: not replica.refused())
    assert replica.ask(f"/{snapshot}/").status == 200


@pytest.mark.parametrize("part", ["manifest", "signature"])
def test_a_broken_root_is_refused_even_after_it_was_served(
    replica: Replica, store: Store, good: Store, snapshot: Digest, part: str
):
    assert replica.ask(f"/{snapshot}/").status == 200
    snapshots.flip(getattr(store, part)(snapshot))
    assert replica.ask(f"/{snapshot}/").status == 503
    assert replica.ask("/-/ready").status == 503
    assert replica.live()["refused"][0]["digest"] == snapshot
    shutil.copy(getattr(good, part)(snapshot), getattr(store, part)(snapshot))
    assert replica.ask(f"/{snapshot}/").status == 200
    assert replica.ask("/-/ready").status == 200
    assert not replica.refused()


def test_a_snapshot_by_another_key_is_refused(
    replica: Replica, store: Store, snapshot: Digest, tmp_path: Path
):
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    forged = snapshots.build(store, snapshots.keys(stranger).private, {"/": (snapshots.HTML, b"gotcha")})
    reply = replica.ask(f"/{forged}/")
    assert reply.status == 503
    assert b"gotcha" not in reply.body
    assert "signature" in replica.live()["refused"][0]["why"]
    assert replica.ask(f"/{snapshot}/").status == 200


def test_a_removed_snapshot_is_gone_at_once(replica: Replica, store: Store, snapshot: Digest):
    assert replica.ask(f"/{snapshot}/").status == 200
    store.remove_snapshot(snapshot)
    assert replica.ask(f"/{snapshot}/").status == 503
    assert replica.live() == {**replica.live(), "snapshots": [], "refused": []}


def test_live_answers_while_the_store_is_away(replica: Replica, store: Store, snapshot: Digest):
    away = store.root.with_name("away")
    store.root.rename(away)
    assert replica.live()["snapshots"] == []
    assert replica.ask("/-/ready").status == 503
    assert replica.ask("/-/metrics").status == 200
    assert replica.ask(f"/{snapshot}/").status == 503
    away.rename(store.root)
    assert replica.ask(f"/{snapshot}/").status == 200


def test_a_visitor_who_leaves_does_not_end_the_verifying(replica: Replica, store: Store, snapshot: Digest):
    gone = unixsocket.connect(replica.socket, 5)
    gone.sendall(f"GET /{snapshot}/film.mp4 HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    gone.close()
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: replica.ask(f"/{snapshot}/film.mp4"), range(8)))
    assert {(reply.status, reply.body) for reply in replies} == {(200, LONG)}


def test_a_failure_of_ours_is_a_plain_500_and_one_log_line(
    replica: Replica, store: Store, keys: snapshots.Keys
):
    page = snapshots.Page(snapshots.HTML, b"page", (("x-number", 5),))  # type: ignore[arg-type]
    odd = snapshots.build(store, keys.private, {"/": page})
    for _ in range(3):
        reply = replica.ask(f"/{odd}/")
        assert reply.status == 500
        assert reply.headers["cache-control"] == "no-store"
        assert b"Traceback" not in reply.body
    assert replica.log.read_text().count('"failed"') == 1
    assert "TypeError" in replica.log.read_text()
    assert replica.ask("/-/ready").status == 200


def test_a_new_snapshot_is_served_as_soon_as_it_is_there(
    replica: Replica, store: Store, keys: snapshots.Keys
):
    assert replica.ask("/-/ready").status == 503
    first = snapshots.build(store, keys.private, {"/": (snapshots.HTML, b"first")})
    assert replica.ask(f"/{first}/").body == b"first"
    assert replica.live()["snapshots"] == [first]
    assert replica.ask("/-/ready").status == 200


class TestAssetsOfOlderSnapshots:
    """`--retain 3`: the newest three snapshots of the store keep their assets resolving."""

    @pytest.fixture
    def ids(self, store: Store, keys: snapshots.Keys) -> list[Digest]:
        """Five snapshots, each with a page and an asset of its own, the oldest first."""
        made = []
        for number in range(5):
            site = {
                f"/page{number}": (snapshots.HTML, b"page"),
                f"/app.{number}abcdef0.css": ("text/css", f"asset {number}".encode()),
                "/logo.svg": ("image/svg+xml", f"logo {number}".encode()),
                "/404.html": (snapshots.HTML, b"own 404"),
            }
            made.append(snapshots.build(store, keys.private, site, not_found=("/404.html",)))
            os.utime(store.manifest(made[-1]), (1000 + number, 1000 + number))
        return made

    def test_an_asset_that_is_gone_is_served_from_an_older_one(self, replica: Replica, ids: list[Digest]):
        for number in (2, 3):
            reply = replica.ask(f"/{ids[4]}/app.{number}abcdef0.css")
            assert (reply.status, reply.body) == (200, f"asset {number}".encode())

    def test_beyond_the_retention_it_is_404_with_no_store(self, replica: Replica, ids: list[Digest]):
        reply = replica.ask(f"/{ids[4]}/app.1abcdef0.css")
        assert (reply.status, reply.headers["cache-control"]) == (404, "no-store")

    def test_a_page_that_is_gone_stays_gone(self, replica: Replica, ids: list[Digest]):
        reply = replica.ask(f"/{ids[4]}/page3")
        assert (reply.status, reply.body) == (404, b"own 404")

    def test_what_the_snapshot_has_is_its_own(self, replica: Replica, ids: list[Digest]):
        assert replica.ask(f"/{ids[3]}/logo.svg").body == b"logo 3"

    def test_after_a_rollback_the_newer_assets_keep_resolving(
        self, replica: Replica, store: Store, ids: list[Digest]
    ):
        store.touch(ids[0])
        for number in (3, 4):
            assert replica.ask(f"/{ids[0]}/app.{number}abcdef0.css").body == f"asset {number}".encode()

    def test_a_collected_older_snapshot_is_passed_over(
        self, replica: Replica, store: Store, ids: list[Digest]
    ):
        assert replica.ask(f"/{ids[4]}/app.3abcdef0.css").status == 200
        store.remove_snapshot(ids[3])
        assert replica.ask(f"/{ids[4]}/app.3abcdef0.css").status == 404
        wait_until(lambda: replica.ask(f"/{ids[4]}/app.2abcdef0.css").status == 200)
