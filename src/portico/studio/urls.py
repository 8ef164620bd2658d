"""What the studio answers to editors. Visitors never come here: they get what was frozen."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from portico.studio.serving import live, media

urlpatterns = [
    path("live", live.page),
    path("", include("portico.studio.accounts.urls")),
    path("studio/", include(admin_urls)),
    path("documents/", include(document_urls)),
    path("media/<path:path>", media.file),
    *i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=False),
]

handler404 = "portico.studio.frame.missing.missing"
