"""What answers a path in a snapshot: a file, an alias of it, a rule, an older asset or a 404 page. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from portico.model import Entry
from portico.replica import location
from portico.replica.rules import Moved, Rules

_FINGERPRINTED = re.compile(r"[.\-_](?=[A-Za-z0-9_-]*[0-9A-Z])[A-Za-z0-9_-]{8,64}(?:\.[a-z0-9]{1,8}){1,2}$")


class Site(Protocol):
    """A snapshot's look-ups. `older` finds what its predecessors answered, the newest first."""

    not_found: tuple[str, ...]
    rules: Rules

    def lookup(self, path: str) -> Entry | None: ...

    def older(self, path: str) -> Entry | None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A manifest's entry, and the status that it is answered with."""

    entry: Entry
    status: int


def resolve(site: Site, path: str, query: str) -> Found | Moved | None:
    """None is a 404 for which the site has no page of its own."""
    entry = site.lookup(path)
    if entry and _is_redirect(entry):
        return _answer(entry, query)
    if moved := site.rules.moved(path, query):
        return moved
    if entry:
        return Found(entry, entry.status)
    return (
        _alias(site, path, query)
        or _retained(site, path)
        or _rewritten(site, path, query)
        or _not_found(site, path)
    )


def is_fingerprinted(path: str) -> bool:
    """Whether the file's name may hold a hash, so that only its very own bytes may answer.

    Wider than the freezer's guess, which decides on caching: a wrong one costs no more than a rewrite.
    """
    return not _is_page(path) and _FINGERPRINTED.search(path.rpartition("/")[2]) is not None


def _alias(site: Site, path: str, query: str) -> Found | Moved | None:
    """`/a/index.html` and `/a.html` answer as their clean address; a slash is put right by a redirect."""
    clean = _clean(path)
    if clean != path and (entry := site.lookup(clean)):
        return _answer(entry, query)
    other = path[:-1] if path.endswith("/") else f"{path}/"
    entry = site.lookup(other) if other and not path.endswith("//") else None
    if entry is None:
        return None
    if _is_redirect(entry):
        return _answer(entry, query)
    return Moved(308, location.with_query(location.of_path(other), query))


def _retained(site: Site, path: str) -> Found | None:
    """An asset that this snapshot lost, for pages that were read before. Old pages stay gone."""
    entry = site.older(path)
    if entry is None or not entry.digest or entry.status != 200:
        return None
    is_html = (entry.header("content-type") or "").startswith(("text/html", "application/xhtml"))
    return None if is_html else Found(entry, entry.status)


def _rewritten(site: Site, path: str, query: str) -> Found | Moved | None:
    """No rewrite answers for a fingerprinted asset: a page in a script's place would break, and be cached."""
    if is_fingerprinted(path):
        return None
    for target, status in site.rules.rewritten(path):
        entry = site.lookup(target) or site.lookup(_clean(target))
        if entry is None:
            continue
        return _answer(entry, query) if _is_redirect(entry) else Found(entry, status)
    return None


def _not_found(site: Site, path: str) -> Found | None:
    for page in site.not_found:
        folder = page[: page.rindex("/") + 1]
        if path.startswith(folder) and (entry := site.lookup(page)) and entry.digest:
            return Found(entry, 404)
    return None


def _answer(entry: Entry, query: str) -> Found | Moved:
    target = entry.header("location")
    if not _is_redirect(entry) or target is None:
        return Found(entry, entry.status)
    others = tuple(header for header in entry.headers if header[0] != "location")
    return Moved(entry.status, location.with_query(location.finished(target), query), others)


def _is_redirect(entry: Entry) -> bool:
    return not entry.digest and 300 <= entry.status < 400


def _is_page(path: str) -> bool:
    return path.endswith((".html", ".htm", "/"))


def _clean(path: str) -> str:
    """The clean address of a page's file name."""
    if path.endswith("/index.html"):
        return path.removesuffix("index.html")
    return path.removesuffix(".html") if not path.endswith("/.html") else path
