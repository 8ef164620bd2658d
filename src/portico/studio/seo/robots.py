"""robots.txt: everything public may be read; what visitors send to is no page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from portico.studio.seo import addresses


def view(_: HttpRequest) -> HttpResponse:
    text = f"User-agent: *\nDisallow: /-/\n\nSitemap: {addresses.whole('/sitemap.xml')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
