"""What machines read of the site, at the addresses where they look; `paths` names those that are frozen."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from portico.studio.seo import feeds, robots, sitemap

urlpatterns = [
    path("robots.txt", robots.view),
    path("sitemap.xml", sitemap.view),
    path("sitemap-<int:number>.xml", sitemap.view),
    *(
        path(feeds.path(language, name)[1:], feeds.view, {"language": language, "name": name})
        for language, _ in settings.LANGUAGES
        for name in feeds.KINDS
    ),
]


def paths() -> list[str]:
    return ["/robots.txt", *sitemap.paths(), *feeds.paths()]
