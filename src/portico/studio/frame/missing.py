"""The page for addresses where nothing is: of the language that the address begins with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from portico.studio.frame import surroundings


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's
    return page(request, translation.get_language() or "en")


def page(request: HttpRequest, language: str) -> HttpResponse:
    with translation.override(language):
        return render(request, "studio/404.html", surroundings.of(language), status=404)
