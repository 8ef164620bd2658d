"""Builds the search index from frozen pages: after a publish, behind it. The same pages give the same files.

Nothing of the studio is asked: words, titles and languages are read from the pages as visitors get them.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from pagefind_bin import get_executable

Document = tuple[str, Path]
"""A page's path, and the file that holds its HTML, whose own `lang` counts."""

UNDER = "/pagefind/"
_ENTRY = "pagefind-entry.json"
_NEEDED = (
    "pagefind.js",
    "pagefind-worker.js",
    _ENTRY,
    "*.pf_meta",
    "wasm.*.pagefind",
    "index/*",
    "fragment/*",
)
_HIDDEN = (b'<meta name="robots" content="noindex"', b'data-pagefind-ignore="all"')
"""Said by a page of itself: to search engines, or to this search alone, as lists of other pages do."""
_PATIENCE = 600.0


class SearchError(Exception):
    """The index can't be built, with Pagefind's own words."""


def build(pages: Iterable[Document], folder: Path) -> list[tuple[str, Path]]:
    """Write the index of the pages into `folder`; each of its files with the path that visitors ask for.

    None without a page: the search page's script then says that it can't search.
    """
    listed = list(_listed(pages))
    if not listed:
        return []
    with tempfile.TemporaryDirectory(prefix="portico-search-", dir=folder.parent) as draft:
        site = Path(draft) / "site"
        for path, html in listed:
            file = site / f"{path.strip('/') or '.'}/index.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            _lay(html, file)
        _run(site, folder)
    _settle(folder / _ENTRY)
    return [(UNDER + str(file.relative_to(folder)), file) for file in _needed(folder)]


def _listed(pages: Iterable[Document]) -> Iterator[Document]:
    """In one order, and without those that say of themselves that they are not to be found."""
    for path, file in sorted(pages):
        if path.endswith("/") and not _is_hidden(file.read_bytes()):
            yield path, file


def _is_hidden(html: bytes) -> bool:
    return any(words in html for words in _HIDDEN)


def _lay(html: Path, file: Path) -> None:
    """The same file under another name: copies would have to be written while some editor publishes."""
    with contextlib.suppress(OSError):
        os.link(html, file)
        return
    shutil.copyfile(html, file)


def _run(site: Path, folder: Path) -> None:
    """With an empty environment, as Pagefind takes settings from there, too."""
    where = ["--site", str(site), "--output-path", str(folder)]
    command = [str(get_executable()), *where, "--root-selector", "main", "--silent"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_PATIENCE, env={})
    if done.returncode:
        raise SearchError(f"the search index can't be built: {(done.stderr or done.stdout).strip()[-500:]}")


def _settle(entry: Path) -> None:
    """Pagefind writes its languages in any order."""
    entry.write_text(json.dumps(json.loads(entry.read_text()), sort_keys=True, ensure_ascii=False))


def _needed(folder: Path) -> list[Path]:
    """Without Pagefind's own user interfaces, which nobody asks for."""
    return sorted(file for pattern in _NEEDED for file in folder.glob(pattern))
