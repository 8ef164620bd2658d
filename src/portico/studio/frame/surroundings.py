"""What every template may show around its page: the organisation, and the menus in the page's language.

Only what is shown is asked for, so that these queries answer the same until a visitor would see a difference.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings

from portico.studio.frame import links, words


def of(language: str) -> dict[str, Any]:
    """Four queries, the same for every page of a language, so that they are counted and compared once."""
    return {
        "language": language,
        "organisation": organisation(),
        "menu": menu(language),
        "words": words.of(language),
        "home": _page(language, depth=2),
        "finder": _page(language, content_type_id=_kind("searchpage")),
    }


def organisation() -> Any:
    model = apps.get_model("studio", "SiteSettings")
    found = model.objects.filter(site__is_default_site=True).select_related("logo").first()
    return found or model()


def menu(language: str) -> Any:
    """In the language asked for, else in the site's first one."""
    model = apps.get_model("studio", "Menu")
    found = {one.locale.language_code: one for one in model.objects.select_related("locale").order_by("pk")}
    return found.get(language) or found.get(settings.LANGUAGE_CODE) or model()


def _kind(model: str) -> int:
    """By its number the few pages of a kind are found at once; by its name all pages are looked at."""
    kinds = apps.get_model("contenttypes", "ContentType").objects
    return int(kinds.get_by_natural_key("studio", model).pk)


def _page(language: str, **which: Any) -> Any:
    """The one of a language, else of the site's first one."""
    pages = apps.get_model("wagtailcore", "Page").objects.live().filter(**which).select_related("locale")
    found = {one.locale.language_code: one for one in pages.only(*links.FIELDS, "locale__language_code")}
    return found.get(language) or found.get(settings.LANGUAGE_CODE)
