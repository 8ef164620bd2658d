"""The page to search the site from: its script asks an index that is frozen beside the pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

from portico.studio.models.base import SitePage
from portico.studio.search import words

MOST = 200
DEEPEST = 4


class SearchPage(SitePage):
    """Shows the main pages of its language, so that there is something to find without a script, too."""

    template = "studio/search.html"
    parent_page_types = ["studio.HomePage"]
    subpage_types: list[str] = []
    content_panels = SitePage.content_panels[:-1]

    class Meta:
        verbose_name = "search page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        told = {"main_pages": self._main_pages(), "search_words": words.of(self.language)}
        return {**super().get_context(request, *args, **kwargs), **told}

    def _main_pages(self) -> list[Page]:
        """The homepage's sections and what stands right below them, in the order of the tree."""
        public = Page.objects.live().public().filter(locale_id=self.locale_id, depth__range=(3, DEEPEST))
        return list(public.exclude(pk=self.pk).order_by("path")[:MOST])
