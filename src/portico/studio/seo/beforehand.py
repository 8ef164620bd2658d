"""Draws the card of a page while it is published, so that freezing finds it."""

from __future__ import annotations

from typing import Any

from wagtail.signals import page_published

from portico.studio.frame import surroundings
from portico.studio.models.base import SitePage
from portico.studio.seo import cards


def connect() -> None:
    page_published.connect(_draw, dispatch_uid="portico.studio.seo.beforehand")


def _draw(instance: Any, **_: Any) -> None:
    if isinstance(instance, SitePage) and instance.social_image_id is None:
        cards.url(cards.Card(instance.seo_title or instance.title, surroundings.organisation().name))
