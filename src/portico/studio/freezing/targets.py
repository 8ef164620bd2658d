"""Which URLs there are: itself something that is frozen, with the queries that it was made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page, Site

from portico.studio import public_urls

PAGE, BESIDE, ITEM, VIEW, REDIRECTS, ALL = "page", "beside", "item", "view", "redirects", "all"

URLS = ""
"""The path under which the set itself is remembered."""
RULES = "_redirects"
"""The path under which the redirects are."""


@dataclass(frozen=True, slots=True)
class Target:
    """`page` is the page's id, `model` its content type's; `rest` leads on from the page's own path."""

    path: str
    kind: str
    page: int = 0
    model: int = 0
    rest: str = ""


def wanted() -> dict[str, Target]:
    """Every public URL but those of static files and media, by path."""
    found = {target.path: target for target in (*_pages(), *_views())}
    return found | {RULES: Target(RULES, REDIRECTS)}


def _pages() -> Iterator[Target]:
    homes = _homes()
    hooked = {
        model.pk
        for model in ContentType.objects.get_for_models(*_models()).values()
        if _hooks(model.model_class())
    }
    public = Page.objects.live().public().filter(depth__gt=1).order_by("path")
    for key, tree, model in public.values_list("pk", "url_path", "content_type_id"):
        for root, home in homes:
            if tree.startswith(root):
                path = home + tree.removeprefix(root)
                yield Target(path, PAGE, key, model)
                if model in hooked:
                    yield from _beside(path, key, model)
                break


def _beside(path: str, key: int, model: int) -> Iterator[Target]:
    page = load(model, key)
    if hasattr(page, "frozen_paths"):
        for one in page.frozen_paths():
            yield Target(one, BESIDE, key, model, one.removeprefix(path))
    if hasattr(page, "frozen_items"):
        for one, _ in page.frozen_items():
            yield Target(one, ITEM, key, model)


def _views() -> Iterator[Target]:
    for paths in public_urls.PATHS:
        yield from (Target(path, VIEW) for path in paths())


def _homes() -> list[tuple[str, str]]:
    """The path in the tree, and the URL's, of each language's homepage; the longest first."""
    site = Site.objects.filter(is_default_site=True).values_list("pk", flat=True).first()
    found = []
    for root in Site.get_site_root_paths():
        if root.site_id == site:
            with translation.override(root.language_code):
                found.append((root.root_path, reverse("wagtail_serve", args=("",))))
    return sorted(set(found), key=lambda pair: -len(pair[0]))


def load(model: int, key: int) -> Any:
    """The page as its own class."""
    return ContentType.objects.get_for_id(model).model_class()._default_manager.get(pk=key)  # noqa: SLF001 - Django's documented name


def _models() -> list[type]:
    from wagtail.models import get_page_models  # noqa: PLC0415 - complete only when all apps are loaded

    return list(get_page_models())


def _hooks(model: type | None) -> bool:
    return hasattr(model, "frozen_paths") or hasattr(model, "frozen_items")
