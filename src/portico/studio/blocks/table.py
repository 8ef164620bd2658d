"""The sections that a page may hold, by name: a site's own Django app adds its own in its `sections.py`."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.module_loading import autodiscover_modules
from wagtail import blocks

_sections: dict[str, type[blocks.Block]] = {}

Section = type[blocks.Block]


def section(name: str) -> Callable[[Section], Section]:
    """Decorates a block class, which editors then find in every body. Content has its name: it stays."""

    def add(block: Section) -> Section:
        _sections[name] = block
        return block

    return add


def stream() -> blocks.StreamBlock:
    """Every section there is, once all apps are loaded."""
    autodiscover_modules("sections")
    return blocks.StreamBlock([(name, block()) for name, block in sorted(_sections.items(), key=_rank)])


def _rank(item: tuple[str, Section]) -> tuple[int, str]:
    name, block = item
    return getattr(block._meta_class, "rank", 100), name  # noqa: SLF001 - where Wagtail keeps a class's Meta
