"""GET /live on the front: it answers, without asking anything of the database."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def page(_: HttpRequest) -> HttpResponse:
    return HttpResponse("live\n", content_type="text/plain")
