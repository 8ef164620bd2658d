"""What visitors see, as URLs: this is resolved when pages are frozen, and nothing else is.

A view that isn't a page is frozen at the paths that PATHS tells of; pages tell of further paths of theirs by
`frozen_paths()` and of bodies beside pages by `frozen_items()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import translation
from wagtail import urls as wagtail_urls

from portico.studio.frame import missing
from portico.studio.seo import addresses
from portico.studio.seo import urls as seo_urls

NOT_FOUND = "404.html"


def not_found(request: HttpRequest) -> HttpResponse:
    """The page that answers for addresses where nothing is."""
    return missing.page(request, translation.get_language() or settings.LANGUAGE_CODE)


def not_found_paths() -> list[str]:
    return [addresses.language_prefix(code) + NOT_FOUND for code, _ in settings.LANGUAGES]


urlpatterns = [
    *seo_urls.urlpatterns,
    *i18n_patterns(
        path(NOT_FOUND, not_found),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]

PATHS: tuple[Callable[[], Iterable[str]], ...] = (not_found_paths, seo_urls.paths)
