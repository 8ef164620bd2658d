"""The manifest's bytes are canonical: they depend on the site and on nothing else."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.model import Entry, RedirectRule
from portico.store import manifest

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DIGESTS = st.binary(max_size=8).map(lambda data: hashlib.sha256(data).hexdigest())
ENTRIES = st.builds(
    Entry,
    st.sampled_from([200, 301, 404]),
    st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple),
    st.one_of(st.just(""), DIGESTS),
    st.integers(0, 2**53),
)
SITES = st.dictionaries(TEXT.map(lambda text: f"/{text}"), ENTRIES, max_size=20)
ROOTS = st.builds(
    manifest.Root,
    st.lists(DIGESTS, min_size=1, max_size=8).map(tuple),
    st.integers(0, 10**6),
    st.integers(0, 2**53),
    st.lists(TEXT, max_size=3).map(tuple),
    st.lists(st.builds(RedirectRule, TEXT, TEXT, st.sampled_from([200, 301, 302])), max_size=3).map(tuple),
)


@given(SITES)
@settings(deadline=None, max_examples=50)
def test_a_shard_comes_back_as_it_was_written(site: dict[str, Entry]):
    assert manifest.decode_shard(manifest.encode_shard(site.items())) == site


@given(SITES, st.randoms())
@settings(deadline=None, max_examples=50)
def test_the_order_of_paths_does_not_change_a_shards_bytes(site: dict[str, Entry], random):
    shuffled = list(site.items())
    random.shuffle(shuffled)
    assert manifest.encode_shard(shuffled) == manifest.encode_shard(site.items())


@given(ROOTS)
@settings(deadline=None, max_examples=50)
def test_a_root_comes_back_as_it_was_written(root: manifest.Root):
    assert manifest.decode_root(manifest.encode_root(root)) == root


@given(ROOTS, ROOTS)
@settings(deadline=None, max_examples=50)
def test_roots_are_equal_exactly_when_their_bytes_are(one: manifest.Root, two: manifest.Root):
    assert (one == two) == (manifest.encode_root(one) == manifest.encode_root(two))


def test_a_known_root_has_the_bytes_that_every_machine_must_make():
    root = manifest.Root(("ab" * 32,), 1, 5, ("/404.html",), (RedirectRule("/a/*", "/b/:splat", 301),))
    assert manifest.encode_root(root) == (
        b'{"format":"portico.snapshot/1","not_found":["/404.html"],"paths":1,'
        b'"redirects":[["/a/*","/b/:splat",301]],"shards":["' + b"ab" * 32 + b'"],"size":5}'
    )


def test_equal_header_sets_are_written_once():
    headers = (("content-type", "text/html"), ("x-long", "v" * 200))
    entries = [(f"/{number}", Entry(200, headers, "ab" * 32, 1)) for number in range(10)]
    assert manifest.encode_shard(entries).count(b"v" * 200) == 1


@pytest.mark.parametrize(
    ("paths", "shards"), [(0, 1), (64, 1), (65, 2), (128, 2), (129, 4), (100_000, 2048), (10**9, 4096)]
)
def test_the_number_of_shards_follows_the_number_of_paths(paths: int, shards: int):
    assert 1 << manifest.bits_for(paths) == shards


@given(TEXT, st.integers(0, manifest.MOST_BITS))
@settings(deadline=None, max_examples=50)
def test_a_path_has_one_shard_and_a_finer_cut_keeps_it_inside(path: str, bits: int):
    index = manifest.shard_index(path, bits)
    assert 0 <= index < 1 << bits
    if bits < manifest.MOST_BITS:
        assert manifest.shard_index(path, bits + 1) >> 1 == index


def test_paths_spread_evenly_over_shards():
    counts = [0] * 16
    for number in range(1600):
        counts[manifest.shard_index(f"/page/{number}", 4)] += 1
    assert min(counts) > 50


@pytest.mark.parametrize("data", [b"{}", b'{"format": "portico.snapshot/2"}', b"no json"])
def test_a_root_of_another_format_is_refused(data: bytes):
    with pytest.raises(ValueError):
        manifest.decode_root(data)
