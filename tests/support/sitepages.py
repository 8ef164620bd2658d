"""Every page of the sample site, as the studio renders it: each once for all tests of a module that ask."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from django.test import Client
from selectolax.lexbor import LexborHTMLParser
from wagtail.models import Page

MISSING = {"en": "/no-such-page/", "de": "/de/no-such-page/"}


def paths() -> list[str]:
    found = []
    for page in Page.objects.live().filter(depth__gt=1).specific():
        found += [page.get_url(), *(page.frozen_paths() if hasattr(page, "frozen_paths") else [])]
    return sorted(found)


def get(path: str):
    return Client(SERVER_NAME="localhost").get(path)


@functools.cache
def pages() -> dict[str, str]:
    """By path, the pages for wrong addresses among them. Tests that write must not ask for this."""
    return {path: get(path).content.decode() for path in [*paths(), *MISSING.values()]}


def parsed() -> Iterable[tuple[str, LexborHTMLParser]]:
    for path, html in pages().items():
        yield path, LexborHTMLParser(html)
