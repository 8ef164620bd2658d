"""The homepage: a headline, a picture, and sections."""

from __future__ import annotations

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from portico.studio.blocks.body import Plain
from portico.studio.blocks.links import Link
from portico.studio.models.base import BodyPage


class HomePage(BodyPage):
    headline = models.CharField(max_length=120)
    actions = Plain([("link", Link())], blank=True, max_num=2, help_text="Buttons below the headline.")

    template = "studio/home.html"
    parent_page_types = ["wagtailcore.Page"]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("headline"), FieldPanel("summary"), FieldPanel("picture"), FieldPanel("actions")],
            "Top",
        ),
        FieldPanel("body"),
    ]
