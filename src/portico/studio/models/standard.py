"""Pages that are made of sections alone: about the company, whatever else there is, and the legal ones."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel

from portico.studio.models.base import BodyPage, SitePage


class AboutPage(BodyPage):
    template = "studio/page.html"


class StandardPage(BodyPage):
    template = "studio/page.html"


class LegalPage(BodyPage):
    """What the law asks for: the date says since when it holds."""

    valid_from = models.DateField(null=True, blank=True)

    template = "studio/legal.html"
    content_panels = [*SitePage.content_panels[:-1], FieldPanel("valid_from"), FieldPanel("body")]
    subpage_types: list[str] = []
