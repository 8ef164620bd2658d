"""The one Django app of the studio."""

from __future__ import annotations

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "portico.studio"
    label = "studio"
    verbose_name = "Studio"

    def ready(self) -> None:
        from portico.studio.accounts import sessions  # noqa: PLC0415 - only now are there models
        from portico.studio.editing import gate, naming, roles  # noqa: PLC0415 - only now are there models
        from portico.studio.freezing import wiring  # noqa: PLC0415 - only now are there models
        from portico.studio.seo import beforehand  # noqa: PLC0415 - only now are there models

        sessions.connect()
        gate.install()
        naming.translate()
        roles.connect()
        wiring.connect(self)
        beforehand.connect()
