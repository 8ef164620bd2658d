"""The sitemap: every public page once, with its translations. A long one is a list of parts.

A part holds the pages whose ids are in its range: an edit touches one part, however long the site is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from wagtail.models import Page, Site, get_page_models

from portico.studio.models.base import SitePage
from portico.studio.seo import addresses

PART = 500
"""Ids of one part: few enough to be written again with each edit, far from the 50,000 of the protocol."""

_OPEN = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


@dataclass(frozen=True, slots=True)
class Entry:
    url: str
    key: Any
    language: str
    changed: dt.datetime | None


def paths() -> list[str]:
    parts = _parts()
    return ["/sitemap.xml", *(f"/sitemap-{number}.xml" for number in parts if len(parts) > 1)]


def view(_: HttpRequest, number: int = 0) -> HttpResponse:
    """`number` is a part's, from 1; 0 is the whole, or the list of parts where there are several."""
    if number:
        return _answer(write(_part(number)))
    parts = _parts()
    return _answer(index(parts) if len(parts) > 1 else write(_part(parts[0])))


def write(shown: Sequence[Entry]) -> str:
    """Versions in other languages may be in other parts."""
    versions: dict[Any, list[Entry]] = {}
    for entry in _entries(_pages().filter(translation_key__in={entry.key for entry in shown})):
        versions.setdefault(entry.key, []).append(entry)
    lines = [_line(entry, versions[entry.key]) for entry in shown]
    return f"{_OPEN}<urlset {_NAMES}>\n{''.join(lines)}</urlset>\n"


def index(parts: Sequence[int]) -> str:
    links = [addresses.whole(f"/sitemap-{number}.xml") for number in parts]
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


def _part(number: int) -> list[Entry]:
    last = number * PART
    shown = list(_entries(_pages().filter(pk__range=(last - PART + 1, last))))
    if not shown:
        raise Http404
    return shown


def _parts() -> list[int]:
    """Those that have pages."""
    numbers = _pages().annotate(part=(F("pk") - 1) / PART + 1).values_list("part", flat=True)
    return list(numbers.order_by("part").distinct()) or [1]


def _entries(pages: Any) -> Iterator[Entry]:
    """Addresses are joined from the home's: to resolve ten thousand, one by one, takes half a second.

    The key tells a freeze which parts show a page that changed.
    """
    homes = _homes()
    fields = ("pk", "url_path", "translation_key", "locale__language_code", "last_published_at")
    for _, path, key, language, changed in pages.order_by("path").values_list(*fields):
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


def _answer(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/xml")
