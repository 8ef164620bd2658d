"""The ways out that ship in threads of their own. To add one: its module, and its row here."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from portico.watch.export.exporter import Exporter
from portico.watch.watched import Watched

Wanted = Callable[[Watched], object]

TABLE: dict[str, Wanted] = {}
"""A module with `made(watched) -> Exporter`, and whether it is wanted: what isn't is never imported."""


def wanted(watched: Watched) -> list[Exporter]:
    """All that are configured, started. Raises ConfigError."""
    return [
        cast("Exporter", import_module(module).made(watched))
        for module, is_wanted in TABLE.items()
        if is_wanted(watched)
    ]
