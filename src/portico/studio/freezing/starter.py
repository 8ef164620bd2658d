"""The first freeze of a fresh studio, made with the starter so that a fresh home has it at once."""

from __future__ import annotations

from django.conf import settings

from portico.studio.freezing import freeze as freezing
from portico.studio.freezing import search


def freeze() -> None:
    freezing.run()
    search.settle(settings.HERE.data / "frozen")
    freezing.run()
