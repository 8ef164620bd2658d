"""Earlier snapshots without what was taken down."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portico.kit.errors import PorticoError
from portico.model import Digest
from portico.snapshot import cleanse
from portico.store import check, read
from portico.store.layout import Store
from support import snapshots
from support.snapshots import HTML, Keys


class Site:
    """A store that gets a snapshot of some paths after another, a second apart."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "store").create()
        self.keys: Keys = snapshots.keys(folder)
        self.made = 0

    def publish(self, *paths: str, **options) -> Digest:
        site = {path: (HTML, f"<h1>{path}</h1>".encode()) for path in paths}
        snapshot = snapshots.build(self.store, self.keys.private, site, **options)
        self.made += 1
        self.store.touch(snapshot, at=1_700_000_000 + self.made)
        return snapshot

    def take_down(self, *paths: str, live: Digest | None, keep: int = 10) -> dict:
        return dict(cleanse.replacements(self.store, paths, self.keys.private, live=live, keep=keep))

    def paths(self, snapshot: Digest) -> set[str]:
        return {path for path, _ in read.Reader(self.store, self.keys.public).entries(snapshot)}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_an_earlier_snapshot_is_replaced_by_one_without_the_page(site: Site):
    old, live = site.publish("/", "/secret", "/about"), site.publish("/", "/about")
    replaced = site.take_down("/secret", live=live)
    assert set(replaced) == {old}
    assert site.paths(replaced[old]) == {"/", "/about"}
    assert not check.snapshot(site.store, replaced[old], site.keys.public).bad


def test_its_root_counts_what_is_left(site: Site):
    old, live = site.publish("/", "/secret"), site.publish("/")
    arrived = site.store.arrived(live)
    assert site.take_down("/secret", live=live)[old] == live  # the same paths, the same bytes, the same id
    assert site.store.arrived(live) == arrived


def test_a_snapshot_that_never_held_it_stays(site: Site):
    site.publish("/", "/about")
    live = site.publish("/")
    assert site.take_down("/secret", live=live) == {}


def test_the_replacement_is_as_old_as_what_it_replaces(site: Site):
    old, live = site.publish("/", "/secret", "/x"), site.publish("/")
    new = site.take_down("/secret", live=live)[old]
    assert site.store.arrived(new) == site.store.arrived(old) < site.store.arrived(live)


def test_snapshots_that_are_too_old_to_go_back_to_only_go(site: Site):
    oldest, old, live = site.publish("/secret", "/1"), site.publish("/secret", "/2"), site.publish("/")
    replaced = site.take_down("/secret", live=live, keep=2)
    assert replaced[oldest] is None
    assert replaced[old] is not None


def test_a_404_page_that_is_taken_down_answers_for_nothing_any_more(site: Site):
    old, live = site.publish("/", "/404.html", not_found=("/404.html",)), site.publish("/")
    new = site.take_down("/404.html", live=live)[old]
    assert read.read_root(site.store, new, site.keys.public).not_found == ()


def test_what_visitors_get_now_is_not_taken_down_behind_their_backs(site: Site):
    site.publish("/", "/page", "/x")
    live = site.publish("/", "/page")
    with pytest.raises(PorticoError, match="visitors get /page now"):
        site.take_down("/page", live=live)


def test_taking_down_twice_leaves_nothing_to_replace(site: Site):
    old, live = site.publish("/", "/secret", "/x"), site.publish("/")
    site.take_down("/secret", live=live)
    site.store.remove_snapshot(old)
    assert site.take_down("/secret", live=live) == {}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pages=st.sets(st.integers(0, 400), min_size=1, max_size=200),
    gone=st.sets(st.integers(0, 400), min_size=1, max_size=20),
)
def test_whatever_is_taken_down_all_else_answers_as_before(tmp_path_factory, pages, gone):
    site = Site(tmp_path_factory.mktemp("site"))
    old, live = site.publish("/", *(f"/{page}" for page in pages)), site.publish("/")
    new = site.take_down(*(f"/{page}" for page in gone), live=live).get(old, old)
    before, after = (
        dict(read.Reader(site.store, site.keys.public).entries(snapshot)) for snapshot in (old, new)
    )
    assert after == {path: entry for path, entry in before.items() if path not in {f"/{one}" for one in gone}}
    assert not check.snapshot(site.store, new, site.keys.public).bad
