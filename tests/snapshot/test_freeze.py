from __future__ import annotations

import gzip
import random

import brotli
import pytest
import zstandard

from portico.kit import canonical
from portico.kit.errors import PorticoError, SourceError
from portico.model import RedirectRule
from portico.snapshot import freeze
from portico.snapshot.links import Broken
from portico.store import check, read
from support.freezing import ABOUT, HOME, Stack, fingerprint


def test_a_folder_becomes_a_signed_snapshot_that_verifies(stack: Stack):
    frozen = stack.freeze()
    assert frozen.new
    assert frozen.paths == 2
    assert frozen.size == len(HOME) + len(ABOUT)
    assert check.snapshot(stack.store, frozen.id, stack.key.public_key()).bad == ()
    assert read.body(stack.store, stack.entries(frozen.id)["/"].digest) == HOME.encode()


def test_every_path_says_its_content_type(stack: Stack):
    stack.write({"a.css": "a{}", "a.bin": b"\0", "a.webmanifest": "{}", "a.txt": "x"})
    types = {path: entry.header("content-type") for path, entry in stack.published().items()}
    assert types == {
        "/": "text/html; charset=utf-8",
        "/about": "text/html; charset=utf-8",
        "/a.css": "text/css; charset=utf-8",
        "/a.bin": "application/octet-stream",
        "/a.webmanifest": "application/manifest+json",
        "/a.txt": "text/plain; charset=utf-8",
    }


def test_404_pages_are_named_the_deepest_first(stack: Stack):
    stack.write({"404.html": "none", "de/404.html": "nichts", "de/at/404.html": "nix"})
    frozen = stack.freeze()
    assert stack.reader.root(frozen.id).not_found == ("/de/at/404.html", "/de/404.html", "/404.html")
    assert stack.entries(frozen.id)["/de/404.html"].status == 404


def test_encodings_decode_to_the_body_and_are_kept_where_they_pay(stack: Stack):
    text = "".join(f"<p>{number} {number * 7919 % 10007}" for number in range(20_000))
    noise = random.Random(1).randbytes(5000)
    stack.write({"long.html": text, "short.html": "<p>x", "noise.txt": noise, "picture.png": text[1:]})
    entries = stack.published()

    def encodings(path: str) -> dict[str, bytes]:
        digest = entries[path].digest
        files = {name: stack.store.body(digest, name) for name in ("br", "gzip", "zstd")}
        return {name: file.read_bytes() for name, file in files.items() if file.exists()}

    long = encodings("/long")
    assert brotli.decompress(long["br"]) == gzip.decompress(long["gzip"]) == text.encode()
    if "zstd" in long:
        assert zstandard.ZstdDecompressor().decompress(long["zstd"]) == text.encode()
        assert len(long["zstd"]) < len(long["br"])
    assert encodings("/short") == encodings("/noise.txt") == encodings("/picture.png") == {}


def test_bytes_that_first_came_as_a_picture_are_compressed_when_they_come_as_a_page(stack: Stack):
    text = "<p>the same bytes" * 100
    stack.write({"a.png": text})
    entry = stack.published()["/a.png"]
    assert not stack.store.encoded(entry.digest)
    stack.write({"b.html": text})
    assert stack.published()["/b"].digest == entry.digest
    assert stack.store.encoded(entry.digest)


def test_a_long_body_is_compressed_on_the_way_through(stack: Stack):
    text = "".join(f"{number},{number * 7919 % 10007}\n" for number in range(200_000)).encode()
    stack.write({"table.csv": text})
    entry = stack.published()["/table.csv"]
    assert entry.size == len(text) > 1 << 20
    assert read.encoded(stack.store, entry.digest, "br", entry.size) is not None
    assert read.encoded(stack.store, entry.digest, "gzip", entry.size) is not None
    assert [path for path in stack.store.files() if path.name.startswith(".")] == []


def test_equal_files_are_kept_once(stack: Stack):
    stack.write({"copy/about.html": ABOUT})
    entries = stack.published()
    assert entries["/copy/about"].digest == entries["/about"].digest


def test_exact_redirects_are_entries_and_dynamic_ones_are_in_the_root(stack: Stack):
    stack.write({"_redirects": "/old /about 301\n/blog/* /about\n/home / 200\n"})
    frozen = stack.freeze()
    entries = stack.entries(frozen.id)
    assert (entries["/old"].status, entries["/old"].header("location")) == (301, "/about")
    assert (entries["/old"].digest, entries["/old"].size) == ("", 0)
    assert entries["/home"] == entries["/"]
    assert stack.reader.root(frozen.id).redirects == (RedirectRule("/blog/*", "/about", 302),)


def test_a_redirect_wins_over_a_file_and_says_so(stack: Stack):
    stack.write({"_redirects": "/about / 301\n/docs/* /\n", "docs/a.html": "x"})
    frozen = stack.freeze()
    entries = stack.entries(frozen.id)
    assert entries["/about"].status == 301
    assert entries["/docs/a"].header("location") == "/"
    assert frozen.warnings == (
        "_redirects:1: answers /about instead of the file about.html",
        "_redirects:2: answers /docs/a instead of the file docs/a.html",
    )


def test_a_rewrite_never_hides_a_file(stack: Stack):
    stack.write({"_redirects": "/about / 200\n/about.html / 200\n/* /index.html 200\n"})
    entries = stack.published()
    assert entries["/about"].size == len(ABOUT)
    assert "/about.html" not in entries


def test_a_rewrite_follows_its_target_when_that_changes(stack: Stack):
    stack.write({"_redirects": "/home /index.html 200\n"})
    stack.freeze()
    stack.write({"index.html": "<title>New</title>"})
    entries = stack.published()
    assert entries["/home"].digest == entries["/"].digest


def test_headers_of_the_site_reach_the_pages_by_either_name(stack: Stack):
    stack.write({"_headers": "/about.html\n  X-A: 1\n/\n  X-B: 2\n"})
    entries = stack.published()
    assert entries["/about"].header("x-a") == "1"
    assert entries["/"].header("x-b") == "2"


def test_broken_links_are_listed(stack: Stack):
    stack.write(
        {
            "index.html": '<a href="/gone">1</a><img src="no.png"><a href=about.html>2</a>',
            "about.html": '<a href="/blog/x">3</a><a href="/">4</a>',
            "_redirects": "/blog/* /about\n/old /nowhere\n",
        }
    )
    frozen = stack.freeze()
    assert set(frozen.broken) == {
        Broken("/", "/gone", "no such page"),
        Broken("/", "/no.png", "missing asset"),
        Broken("_redirects:2", "/nowhere", "no such page"),
    }
    assert frozen.broken_total == 3


def test_strict_refuses_broken_links_and_publishes_nothing(stack: Stack):
    stack.write({"index.html": "".join(f'<a href="/gone/{number}">x</a>' for number in range(7))})
    with pytest.raises(SourceError, match=r"7 broken links: / -> /gone/0 \(no such page\).*and 2 more"):
        stack.strict().freeze()
    assert stack.store.list_snapshots() == []


def test_a_failure_half_way_publishes_nothing_and_loses_nothing(stack: Stack):
    first = stack.freeze()
    stack.write({f"{number}.html": f"<p>{number}" for number in range(600)})
    (stack.site / "x.html").symlink_to("0.html")
    source = stack.source
    real_open = source.open

    def vanishing(item):
        if item.name == "x.html":
            (stack.site / "x.html").unlink()
        return real_open(item)

    source.open = vanishing
    with pytest.raises(SourceError, match="vanished"):
        stack.freeze(source)
    assert stack.store.list_snapshots() == [first.id]
    again = stack.freeze()
    assert again.paths == 602
    fresh = Stack(stack.root / "fresh")
    fresh.write({path.name: path.read_bytes() for path in stack.site.iterdir()})
    assert fresh.freeze().id == again.id


def test_an_empty_folder_is_refused(stack: Stack):
    for path in stack.site.iterdir():
        path.unlink()
    with pytest.raises(SourceError, match="there is nothing to publish in it"):
        stack.freeze()


def test_progress_is_told_by_phase(stack: Stack):
    stack.freeze()
    phases = list(dict.fromkeys(told.phase for told in stack.told))
    assert phases == ["look", "read", "links", "write"]
    assert freeze.Progress("read", 2, 2) in stack.told


def test_a_page_too_long_to_look_into_is_published_all_the_same(stack: Stack):
    stack.write({"long.html": b"<p>" + b"x" * (17 << 20)})
    frozen = stack.freeze()
    assert frozen.warnings == (
        "long.html: is too long to be looked into; its inline scripts and styles will not run",
    )
    assert stack.entries(frozen.id)["/long"].size == (17 << 20) + 3


def test_a_long_page_is_looked_into_and_compressed_on_the_way_through(stack: Stack):
    stack.write({"long.html": "<style>b{}</style>" + "<p>long" * 200_000})
    entry = stack.published()["/long"]
    assert "style-src 'self' 'sha256-" in (entry.header("content-security-policy") or "")
    assert read.encoded(stack.store, entry.digest, "br", entry.size) is not None


def test_a_page_that_is_not_utf8_leaves_the_charset_to_itself(stack: Stack):
    stack.write({"old.html": "<meta charset=latin1><p>é".encode("latin-1")})
    frozen = stack.freeze()
    assert stack.entries(frozen.id)["/old"].header("content-type") == "text/html"
    assert frozen.warnings == ("old.html: is not UTF-8, so browsers go by what the page itself says",)


def test_a_rewrite_to_nowhere_is_listed_and_answers_nothing(stack: Stack):
    stack.write({"_redirects": "/x /nowhere 200\n"})
    frozen = stack.freeze()
    assert frozen.broken == (Broken("_redirects:1", "/nowhere", "no such page"),)
    assert set(stack.entries(frozen.id)) == {"/", "/about"}


def test_an_index_that_cannot_be_opened_is_told(stack: Stack):
    stack.index.mkdir()
    with pytest.raises(PorticoError, match="the freezer's index: unable to open"):
        stack.freeze()


def test_a_snapshots_name_is_the_hash_of_its_manifest(stack: Stack):
    frozen = stack.freeze()
    assert canonical.digest(stack.store.manifest(frozen.id).read_bytes()) == frozen.id


def test_pages_that_load_from_elsewhere_are_warned_about_once(stack: Stack):
    page = '<script src="https://cdn.example/x.js"></script>'
    stack.write({"a.html": page, "b.html": page})
    (warning,) = stack.freeze().warnings
    assert warning.startswith("pages load from https://cdn.example: browsers refuse that unless _headers")
    stack.write({"_headers": "/*\n  Content-Security-Policy: script-src https://cdn.example\n"})
    assert stack.freeze().warnings == ()


def test_freezing_writes_nothing_into_the_source(stack: Stack):
    before = fingerprint(stack.site)
    stack.freeze()
    assert fingerprint(stack.site) == before
