"""The page in its stores: frozen and signed as any page, apart from the site's, whatever a place does."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from portico.config.home import Home
from portico.model import MIRROR
from portico.statuspage import pages, publish
from portico.store import read, signing
from portico.store.layout import Store
from support import statusfacts

PLACES = ("a", "b", MIRROR)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home").create()
    signing.create_keys(made.signing_key, made.public_key)
    for place in PLACES:
        Store(made.store(place)).create()
    return made


def published(home: Home, after_s: float = 0) -> tuple[str, dict[str, str]]:
    files = pages.made(replace(statusfacts.quiet(), at=statusfacts.NOW + after_s))
    snapshot = publish.frozen(home, files)
    return snapshot, publish.spread(home, PLACES, snapshot, signing.load_public(home.public_key))


def test_every_place_gets_it_signed_and_the_sites_stores_get_nothing(home: Home):
    snapshot, lacking = published(home)
    assert lacking == {}
    key = signing.load_public(home.public_key)
    for place in PLACES:
        assert read.read_root(Store(home.status_store(place)), snapshot, key).not_found == (
            "/de/404.html",
            "/404.html",
        )
        assert Store(home.store(place)).list_snapshots() == []


def test_the_headers_are_those_of_any_frozen_page(home: Home):
    snapshot, _ = published(home)
    reader = read.Reader(publish.origin(home), signing.load_public(home.public_key))
    page = reader.lookup(snapshot, "/")
    assert page
    policy = page.header("content-security-policy") or ""
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "atom+xml" in (reader.lookup(snapshot, "/feed.atom").header("content-type"))


def test_a_place_that_can_not_be_written_is_told_and_stops_nobody(home: Home):
    Path(home.status_store("a")).touch()
    _, lacking = published(home)
    assert set(lacking) == {"a"}


def test_a_store_that_is_gone_is_made_again(home: Home):
    published(home)
    shutil.rmtree(home.status_store("a"))
    _, lacking = published(home, 60)
    assert lacking == {}


def test_a_flipped_byte_is_mended_with_the_next_page(home: Home):
    snapshot, _ = published(home)
    store, key = Store(home.status_store("b")), signing.load_public(home.public_key)
    entry = read.Reader(store, key).lookup(snapshot, "/history/")
    assert entry
    bad = store.body(entry.digest)
    bad.chmod(0o644)
    bad.write_bytes(b"x" + bad.read_bytes()[1:])
    _, lacking = published(home, 60)
    assert lacking == {}
    assert read.body(store, entry.digest)


@pytest.mark.parametrize(
    ("lacking", "serving", "may"),
    [
        ((), ("a", "b"), True),
        (("a", "b"), (), True),
        (("a",), ("a", "b"), True),
        (("a",), ("a",), False),
        (("a", "b"), ("a", "b"), False),
        ((MIRROR,), ("a", "b"), False),
    ],
)
def test_it_is_flipped_where_the_mirror_has_it_and_whoever_serves(
    lacking: tuple[str, ...], serving: tuple[str, ...], *, may: bool
):
    assert publish.may_flip(lacking, serving) is may


def test_however_fast_it_changes_a_page_that_was_just_live_stays(home: Home):
    """As said by an incident's updates one after the other: an edge's old worker still asks for it."""
    key = signing.load_public(home.public_key)
    made = [published(home, 60 * number)[0] for number in range(publish.KEEP + 2)]
    store = Store(home.status_store("a"))
    old = time.time() - publish.KEEP_S - 60
    os.utime(store.manifest(made[0]), (old, old))
    publish.sweep(home, PLACES, made[-1], key)
    assert set(store.list_snapshots()) == set(made[1:])


def test_a_page_each_minute_leaves_a_handful_of_snapshots_and_their_bodies(home: Home):
    key = signing.load_public(home.public_key)
    for minute in range(publish.KEEP + 3):
        snapshot, _ = published(home, 60 * minute)
        for place in PLACES:
            os.utime(Store(home.status_store(place)).manifest(snapshot), (minute, minute))
        publish.sweep(home, PLACES, snapshot, key)
    for place in PLACES:
        store = Store(home.status_store(place))
        assert len(store.list_snapshots()) == publish.KEEP
        assert len([path for path in store.files() if not path.suffix]) < 60
