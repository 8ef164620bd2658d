"""Better encodings behind the publish, without another id."""

from __future__ import annotations

from pathlib import Path

import brotli
import pytest

from portico.snapshot.improve import Improver
from portico.store import check, copy, read
from portico.store.layout import Store
from support import snapshots
from support.snapshots import HTML, Page

TEXT = b"".join(b"<p>paragraph %d of a page about nothing much %d</p>" % (n, n * n) for n in range(400))


class Site:
    def __init__(self, folder: Path) -> None:
        self.keys = snapshots.keys(folder)
        self.origin = Store(folder / "origin").create()
        self.a = Store(folder / "a").create()
        self.done = folder / "improved.txt"
        pages = {f"/{n}": Page(HTML, TEXT + b"%d" % n, encodings=("br", "gzip")) for n in range(3)}
        picture = {"/logo.png": ("image/png", bytes(range(256)) * 9)}
        self.snapshot = snapshots.build(self.origin, self.keys.private, {**pages, **picture})
        copy.snapshot(self.origin, self.a, self.snapshot, self.keys.public)
        reader = read.Reader(self.origin, self.keys.public)
        self.bodies = [entry for _, entry in reader.entries(self.snapshot)]

    @property
    def improver(self) -> Improver:
        return Improver(self.origin, [self.a], self.done)

    def improve(self, improver: Improver | None = None, go_on=lambda: True):
        return (improver or self.improver).improve(self.snapshot, self.keys.public, go_on)

    def lengths(self, store: Store) -> list[int]:
        files = [store.body(entry.digest, "br") for entry in self.bodies]
        return [file.stat().st_size for file in files if file.exists()]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_brotli_gets_smaller_in_every_store_and_decodes_to_the_same(site: Site):
    before = site.lengths(site.a)
    done = site.improve()
    assert done.bodies == len(before) == 3
    assert done.saved == sum(before) - sum(site.lengths(site.a)) > 0
    assert site.lengths(site.a) == site.lengths(site.origin)
    for store in (site.origin, site.a):
        assert not check.snapshot(store, site.snapshot, site.keys.public).bad


def test_the_snapshot_keeps_its_id(site: Site):
    before = site.a.manifest(site.snapshot).read_bytes()
    site.improve()
    assert site.a.manifest(site.snapshot).read_bytes() == before


def test_what_has_no_encoding_gets_none(site: Site):
    site.improve()
    [picture] = [entry for entry in site.bodies if entry.header("content-type") == "image/png"]
    assert not site.origin.body(picture.digest, "br").exists()


def test_what_was_tried_is_not_tried_again_even_by_a_successor(site: Site):
    assert site.improve().looked == 4
    assert site.improve().looked == 0


def test_it_gives_way_and_goes_on_where_it_stopped(site: Site):
    turns = iter([True, False])
    assert site.improve(go_on=lambda: next(turns)).looked == 1
    assert site.improve().looked == 3


def test_a_line_that_a_crash_cut_short_only_costs_another_try(site: Site):
    site.improve()
    lines = site.done.read_text().splitlines()
    site.done.write_text("\n".join([*lines[:-1], lines[-1][:20]]))
    assert site.improve().looked == 1


def test_a_body_that_is_not_what_its_hash_says_is_left_for_the_repair(site: Site):
    page = next(entry for entry in site.bodies if site.origin.body(entry.digest, "br").exists())
    snapshots.flip(site.origin.body(page.digest))
    encoded = site.a.body(page.digest, "br").read_bytes()
    site.improve()
    assert site.a.body(page.digest, "br").read_bytes() == encoded
    assert brotli.decompress(encoded)
