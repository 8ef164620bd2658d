"""Which links of the whole published site lead nowhere, and which lead outside. Pure.

Why is said in English, and translated where it is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urljoin, urlsplit

TOLD = 10
"""Pages that are named for an address outside: an address in the footer is on all of them."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The page at `path` links to `href`, which leads nowhere."""

    path: str
    href: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """`outside` names some pages that link to an address outside; `revision` is what was looked at."""

    revision: str
    broken: tuple[Broken, ...]
    outside: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a page links to, and the places in it that can be linked to."""

    hrefs: tuple[str, ...]
    ids: Collection[str]


@dataclass(frozen=True, slots=True)
class Site:
    """`hosts` are its own names, `paths` all that it answers, `redirects` the beginnings of its lines."""

    hosts: Collection[str]
    paths: Collection[str]
    redirects: Collection[str]

    def has(self, path: str) -> bool:
        return path in self.paths or f"{path}/" in self.paths or self._redirects(path)

    def _redirects(self, path: str) -> bool:
        bare = path.rstrip("/") or "/"
        return any(start in {path, bare} or _matches(start, path) for start in self.redirects)


def _(words: str) -> str:
    """Marks what is translated where it is shown: there is no Django where it is found."""
    return words


def broken(pages: Mapping[str, Looked], site: Site) -> list[Broken]:
    @cache
    def anywhere(href: str) -> str:
        return _problem("/", href, pages, site)

    found = []
    for path, page in pages.items():
        for href in dict.fromkeys(page.hrefs):
            why = anywhere(href) if href.startswith("/") else _problem(path, href, pages, site)
            if why:
                found.append(Broken(path, href, why))
    return found


def outside(pages: Mapping[str, Looked], site: Site) -> dict[str, list[str]]:
    """Address to some pages that link to it, sorted."""
    found: dict[str, list[str]] = {}
    for path, page in pages.items():
        for href in dict.fromkeys(page.hrefs):
            if not _leads_outside(href, site):
                continue
            named = found.setdefault(href.partition("#")[0], [])
            if len(named) < TOLD:
                named.append(path)
    return dict(sorted(found.items()))


def _leads_outside(href: str, site: Site) -> bool:
    if href.lstrip()[:4].lower() != "http":
        return False
    parts = urlsplit(href)
    return parts.scheme in {"http", "https"} and parts.netloc not in site.hosts


def _problem(path: str, href: str, pages: Mapping[str, Looked], site: Site) -> str:
    parts = urlsplit(urljoin(path, href))
    if parts.scheme not in {"", "http", "https"} or (parts.netloc and parts.netloc not in site.hosts):
        return ""
    target, place = unquote(parts.path) or "/", unquote(parts.fragment)
    if not site.has(target):
        return _("nothing is published there")
    there = pages.get(target)
    if place and place != "top" and there is not None and place not in there.ids:
        return _("the page has no such place")
    return ""


def _matches(start: str, path: str) -> bool:
    return start.endswith("*") and path.startswith(start[:-1])
