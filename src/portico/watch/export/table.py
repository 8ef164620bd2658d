"""The ways out that ship in threads of their own. To add one: its module, and its row here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import cast

from portico.watch.export.exporter import Exporter
from portico.watch.watched import Watched

Wanted = Callable[[Watched], object]

_AT = "portico.watch.export"

TABLE: dict[str, Wanted] = {
    f"{_AT}.datadog.teller": lambda watched: (
        watched.settings.watch.statsd or watched.settings.datadog.api_key_file
    ),
    f"{_AT}.remote_write.exporter": lambda watched: watched.settings.export.remote_write,
    f"{_AT}.otlp.exporter": lambda watched: watched.settings.export.otlp,
}
"""A module whose `made(watched)` gives exporters, and whether it is wanted; others aren't imported."""


def wanted(watched: Watched) -> list[Exporter]:
    """All that are configured, started. Raises ConfigError."""
    modules = [import_module(module) for module, is_wanted in TABLE.items() if is_wanted(watched)]
    return [one for module in modules for one in cast("Iterable[Exporter]", module.made(watched))]
