"""Random small sites, and a place to freeze them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import strategies as st

from support.freezing import clear, write

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
