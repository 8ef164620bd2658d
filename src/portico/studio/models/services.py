"""What the company sells: a list, and a page for each."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel

from portico.studio.models.base import CARD, BodyPage, SitePage


class ServicesPage(BodyPage):
    template = "studio/services.html"
    subpage_types = ["studio.ServicePage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "services": services_of(self.language)}


class ServicePage(BodyPage):
    short = models.CharField("in three words", max_length=60, blank=True)

    template = "studio/service.html"
    parent_page_types = ["studio.ServicesPage"]
    subpage_types: list[str] = []
    content_panels = [*SitePage.content_panels, FieldPanel("short"), FieldPanel("body")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        others = [one for one in services_of(self.language) if one.pk != self.pk]
        return {**super().get_context(request, *args, **kwargs), "others": others}


def services_of(language: str) -> list[ServicePage]:
    """One query for all pages of a language that show them."""
    found = ServicePage.objects.live().filter(locale__language_code=language)
    return list(found.select_related("picture").only(*CARD, "short").order_by("path"))
