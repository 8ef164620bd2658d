"""The first freeze of a fresh studio, made with the starter so that a fresh home has it at once."""

from __future__ import annotations

from portico.studio.freezing import freeze as freezing


def freeze() -> None:
    freezing.run()
