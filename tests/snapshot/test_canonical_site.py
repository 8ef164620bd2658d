"""The same folder is the same snapshot, however it came to be."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from support.freezing import Stack, clear, write

NAMES = st.sampled_from(
    ["index.html", "about.html", "docs/index.html", "docs/a.html", "docs/404.html", "404.html", "a.css",
     "app.3f2a9c1b.js", "é/ü.html", "x y.html", "LICENSE", "_headers", "_redirects"]
    + [f"p/{number}.html" for number in range(70)]
)  # fmt: skip
PIECES = st.sampled_from(
    ['<a href="/about">a</a>', '<a href="p/1.html">b</a>', "<style>b{}</style>", "<p style='c:d'>", "text",
     "é", '<img src="/a.css">', "<script>1</script>"]
)  # fmt: skip
BODIES = st.lists(PIECES, max_size=4).map("".join)
RULES = {
    "_headers": st.sampled_from(["", "/*\n  X-A: 1\n", "/p/*\n  ! X-Frame-Options\n/p/:n\n  X-A: 2\n"]),
    "_redirects": st.sampled_from(
        ["", "/about /docs/ 301\n", "/p/* /docs/a\n/n /about 200\n", "/* /404.html 200\n"]
    ),
}


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str]:
    names = draw(st.sets(NAMES, max_size=12)) | {"index.html"}
    return {name: draw(RULES.get(name, BODIES)) for name in sorted(names)}


def folder() -> tempfile.TemporaryDirectory[str]:
    """In memory where that can be: each freeze flushes its disk."""
    return tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)  # noqa: S108 - random name


def lay(site: Path, tree: dict[str, str]) -> None:
    site.mkdir(parents=True, exist_ok=True)
    clear(site)
    write(site, tree)


@settings(max_examples=25, deadline=None)
@given(tree=trees(), data=st.data())
def test_two_copies_of_a_folder_give_the_same_bytes(tree, data):
    with folder() as root:
        one, other = Stack(Path(root) / "one"), Stack(Path(root) / "other")
        write(one.site, tree)
        for name in data.draw(st.permutations(list(tree))):
            write(other.site, {name: tree[name]})
            os.utime(other.site / name, (1, data.draw(st.integers(0, 2**31))))
        first, second = one.freeze(), other.freeze()
        assert first.id == second.id
        assert one.store.manifest(first.id).read_bytes() == other.store.manifest(second.id).read_bytes()
        names = sorted(path.name for path in one.store.files())
        assert names == sorted(path.name for path in other.store.files())


@settings(max_examples=25, deadline=None)
@given(history=st.lists(trees(), min_size=2, max_size=5))
def test_freezing_change_by_change_is_the_same_as_freezing_once(history):
    with folder() as root:
        grown, fresh = Stack(Path(root) / "grown"), Stack(Path(root) / "fresh")
        for tree in history:
            lay(grown.site, tree)
            frozen = grown.freeze()
            shutil.rmtree(fresh.root, ignore_errors=True)
            write(fresh.site, tree)
            anew = fresh.freeze()
            assert (frozen.id, frozen.paths, frozen.size) == (anew.id, anew.paths, anew.size)
            assert frozen.broken == anew.broken
            assert frozen.warnings == anew.warnings
            assert grown.entries(frozen.id) == fresh.entries(anew.id)
