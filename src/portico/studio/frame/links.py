"""Where a link leads: a page chosen in another language leads to its own version in this one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

FIELDS = ("title", "slug", "path", "depth", "url_path", "live", "translation_key", "locale", "content_type")
"""All that a link to a page shows or is made of: a page that is published anew leaves them as they are."""


def address(link: Any, language: str, request: HttpRequest | None) -> str:
    page = link.get("page")
    return address_of(page, language, request) if page else link.get("address") or ""


def address_of(page: Any, language: str, request: HttpRequest | None) -> str:
    """Empty when nobody may see the page."""
    found = _version(page, language, request)
    return (found.get_url(request) or "") if found.live else ""


def _version(page: Any, language: str, request: HttpRequest | None) -> Any:
    if not language or _language(page, request) == language:
        return page
    same = page.get_translations().live().filter(locale__language_code=language)
    return same.first() or page


def _language(page: Any, request: HttpRequest | None) -> str:
    """By the tree that the page stands in, as Wagtail makes its address from that."""
    roots = page._get_relevant_site_root_paths(request)  # noqa: SLF001 - Wagtail keeps it once for each request
    return roots[0].language_code if roots else ""
