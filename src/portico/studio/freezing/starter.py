"""The first freeze of a fresh studio, made with the starter so that a fresh home has it at once."""

from __future__ import annotations

from django.conf import settings

from portico.studio.freezing import freeze as freezing
from portico.studio.freezing import search, twin


def freeze() -> None:
    """With the search index; a page of the starter that isn't the same at another time is refused here."""
    frozen = settings.HERE.data / "frozen"
    freezing.run()
    twin.check(frozen)
    search.settle(frozen)
    freezing.run()
