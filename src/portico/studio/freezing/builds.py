"""What is frozen depends on beside the database: code, templates, static files, translations, settings."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

_SETTINGS = (
    *("DATE_", "DECIMAL_", "FORMAT_", "INSTALLED_APPS", "LANGUAGE", "LOCALE_", "MEDIA_URL", "NUMBER_"),
    *("STATIC_URL", "STORAGES", "TEMPLATES", "THOUSAND_", "TIME_", "USE_", "WAGTAIL"),
)
_OF_THE_MACHINE = {"WAGTAILADMIN_BASE_URL"}
_PASSED_OVER = {"__pycache__", "migrations", "node_modules"}


@cache
def current() -> str:
    """Once for each process: what it runs was loaded when it began."""
    told = hashlib.sha256()
    for line in (*_own_files(), *_versions(), *_settings()):
        told.update(line.encode() + b"\0")
    return told.hexdigest()


def _own_files() -> Iterator[str]:
    """Of the studio and of the site's own apps; other packages are known by their versions."""
    own = [config for config in apps.get_app_configs() if "site-packages" not in Path(config.path).parts]
    for config in sorted(own, key=lambda one: one.label):
        root = Path(config.path)
        for file in sorted(root.rglob("*")):
            inside = file.relative_to(root)
            if file.is_file() and not _PASSED_OVER & set(inside.parts):
                yield f"{config.label}/{inside} {hashlib.sha256(file.read_bytes()).hexdigest()}"


def _versions() -> list[str]:
    return sorted({found.name for place in sys.path for found in Path(place).glob("*.dist-info")})


def _settings() -> Iterator[str]:
    yield f"site {settings.HERE.site}"
    yield f"visitors {settings.HERE.visitors_share}"
    for name in sorted(dir(settings)):
        if name.startswith(_SETTINGS) and name not in _OF_THE_MACHINE:
            yield f"{name} {getattr(settings, name)!r}"
