"""The addresses that the world knows: the site's public base and a path."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page


def home() -> str:
    return settings.HERE.site


def whole(path: str) -> str:
    return settings.HERE.site.rstrip("/") + path


def of(page: Page, request: HttpRequest | None = None) -> str:
    """Where visitors find the page, whatever host the request named; "" for one outside of the site."""
    parts = page.get_url_parts(request)
    return whole(parts[2]) if parts and parts[2] else ""


def language_prefix(language: str) -> str:
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
