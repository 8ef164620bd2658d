"""The one Django app of the studio."""

from __future__ import annotations

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "portico.studio"
    label = "studio"
    verbose_name = "Studio"
