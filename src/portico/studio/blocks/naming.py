"""What sections and their fields are called, in each editor's language.

Whoever writes a section does it in plain English and marks nothing: its words are looked up in the catalogue
(`locale/`) when they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from wagtail import blocks

Place = tuple[Any, str]
"""A thing, and the attribute in which it keeps words that editors read."""

asked_for: set[str] = set()
"""What a catalogue should have: `dev/words.py` reads it."""


def translated(block: blocks.StreamBlock) -> blocks.StreamBlock:
    translate(places(block))
    return block


def translate(found: Iterable[Place]) -> None:
    for thing, name in found:
        words = getattr(thing, name, None)
        if words and isinstance(words, str) and not isinstance(words, Promise):
            asked_for.add(words)
            setattr(thing, name, gettext_lazy(words))


def places(block: blocks.Block) -> Iterator[Place]:
    yield block, "label"
    if "field" in vars(block):  # others make theirs when it is asked for, with all that an editor needs
        yield block.field, "help_text"
    for child in _below(block):
        yield from places(child)


def _below(block: blocks.Block) -> Iterable[blocks.Block]:
    if isinstance(block, blocks.ListBlock):
        return [block.child_block]
    return getattr(block, "child_blocks", {}).values()
