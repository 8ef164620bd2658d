"""Makes a page's HTML from its templates; a part of a page is made by the same road."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from portico.console import words
from portico.console.page import Page
from portico.kit import templates

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Renderer:
    """`shared` is told to every template."""

    shared: Mapping[str, Any]

    def page(self, page: Page, told: Mapping[str, Any]) -> str:
        return self.template(page.template, page=page, **told)

    def part(self, page: Page, name: str, told: Mapping[str, Any]) -> str:
        """One live part: an element with the id `name`."""
        folder = page.template.rpartition("/")[0]
        return self.template(f"{folder}/{name}.html", page=page, **told)

    def template(self, name: str, **told: Any) -> str:
        return _environment().get_template(name).render({**self.shared, **told})


@cache
def _environment() -> jinja2.Environment:
    made = templates.environment(TEMPLATES)
    made.filters.update(words.FILTERS)
    made.globals["static"] = static
    return made


@cache
def static(name: str) -> str:
    """The address of a static file, which changes with its bytes."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{digest[:12]}/{name}"
