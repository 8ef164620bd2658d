"""The sitemap: every public page once, with its translations; in parts where it is too long for one file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from wagtail.models import Page, Site, get_page_models

from portico.studio.models.base import SitePage
from portico.studio.seo import addresses

MOST = 50_000
"""Addresses in one file, as the protocol has it."""

_OPEN = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


@dataclass(frozen=True, slots=True)
class Entry:
    url: str
    key: Any
    language: str
    changed: dt.datetime | None


def paths() -> list[str]:
    parts = _parts(_pages().count())
    return ["/sitemap.xml", *(f"/sitemap-{number}.xml" for number in range(1, parts + 1) if parts > 1)]


def view(_: HttpRequest, number: int = 0) -> HttpResponse:
    """`number` is a part's, from 1; 0 is the whole, or the list of parts where there are several."""
    entries = list(_entries())
    parts = _parts(len(entries))
    if number > parts or (number and parts == 1):
        raise Http404
    if number == 0 and parts > 1:
        return _answer(index(parts))
    first = max(0, number - 1) * MOST
    return _answer(write(entries[first : first + MOST], entries))


def write(shown: Iterable[Entry], everything: Sequence[Entry]) -> str:
    versions: dict[Any, list[Entry]] = {}
    for entry in everything:
        versions.setdefault(entry.key, []).append(entry)
    lines = [_line(entry, versions[entry.key]) for entry in shown]
    return f"{_OPEN}<urlset {_NAMES}>\n{''.join(lines)}</urlset>\n"


def index(parts: int) -> str:
    links = [addresses.whole(f"/sitemap-{number}.xml") for number in range(1, parts + 1)]
    lines = [f"<sitemap><loc>{escape(link)}</loc></sitemap>\n" for link in links]
    return f"{_OPEN}<sitemapindex {_NAMES}>\n{''.join(lines)}</sitemapindex>\n"


def _line(entry: Entry, versions: Sequence[Entry]) -> str:
    changed = f"<lastmod>{entry.changed.isoformat(timespec='seconds')}</lastmod>" if entry.changed else ""
    return f"<url><loc>{escape(entry.url)}</loc>{changed}{_alternates(versions)}</url>\n"


def _alternates(versions: Sequence[Entry]) -> str:
    if len(versions) < 2:
        return ""
    found = {one.language: one.url for one in versions}
    found["x-default"] = found.get(settings.LANGUAGE_CODE, versions[0].url)
    link = '<xhtml:link rel="alternate" hreflang="{}" href="{}"/>'
    return "".join(link.format(language, escape(url)) for language, url in found.items())


def _entries() -> Iterator[Entry]:
    """Addresses are joined from the home's: to resolve ten thousand, one by one, takes half a second."""
    homes = _homes()
    fields = ("url_path", "translation_key", "locale__language_code", "last_published_at")
    for path, key, language, changed in _pages().order_by("path").values_list(*fields):
        root, url = homes.get(language, ("", ""))
        if root and path.startswith(root):
            yield Entry(url + path.removeprefix(root), key, language, changed)


def _pages() -> Any:
    """Written pages that search engines may show: no copies that wait for a translation, nothing private."""
    found = Page.objects.live().public().filter(alias_of=None, depth__gt=1)
    for model in get_page_models():
        if issubclass(model, SitePage):
            found = found.exclude(**{f"{model.__name__.lower()}__noindex": True})
    return found


def _homes() -> dict[str, tuple[str, str]]:
    """For each language: the tree's path of its homepage, and the address of that."""
    found: dict[str, tuple[str, str]] = {}
    for _, root, _, language in Site.get_site_root_paths():
        with translation.override(language):
            found.setdefault(language, (root, addresses.whole(reverse("wagtail_serve", args=("",)))))
    return found


def _parts(entries: int) -> int:
    return max(1, -(-entries // MOST))


def _answer(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/xml")
