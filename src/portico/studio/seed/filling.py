"""From the sample's plain values to what Wagtail's blocks keep: names become ids."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

_SPACE = uuid.UUID("6a1f2f0c-7d0a-4b4e-9a57-6b6f6c6b2e31")


@dataclass(slots=True)
class Known:
    """What exists already, by the name in the sample; `snippets` by model and name. All of one language."""

    pictures: dict[str, Any]
    snippets: dict[tuple[str, str], Any] = field(default_factory=dict)
    pages: dict[str, Any] = field(default_factory=dict)


def stream(known: Known, block: blocks.StreamBlock, items: list[dict[str, Any]], name: str) -> Any:
    """`name` makes the blocks' ids: the same sample has the same ones."""
    return block.to_python(_items(known, block, items, name))


def _items(
    known: Known, block: blocks.StreamBlock, items: list[dict[str, Any]], name: str
) -> list[dict[str, Any]]:
    found = []
    for number, item in enumerate(items):
        kind, here = item.get("type") or next(iter(block.child_blocks)), f"{name}/{number}"
        child = block.child_blocks[kind]
        raw = item["text"] if isinstance(child, blocks.RichTextBlock) else item
        found.append({"type": kind, "id": _id(here), "value": _value(known, child, raw, here)})
    return found


def _value(known: Known, block: blocks.Block, raw: Any, name: str) -> Any:
    if isinstance(block, ImageChooserBlock):
        return known.pictures[raw].pk
    if isinstance(block, blocks.PageChooserBlock):
        return known.pages[raw].pk
    if isinstance(block, SnippetChooserBlock):
        return known.snippets[block.target_model.__name__, raw].pk
    if isinstance(block, blocks.RichTextBlock):
        return rich(known, raw)
    if isinstance(block, blocks.StructBlock):
        children = block.child_blocks.items()
        return {key: _value(known, child, raw[key], f"{name}/{key}") for key, child in children if key in raw}
    if isinstance(block, blocks.ListBlock):
        return [_listed(known, block.child_block, one, f"{name}/{at}") for at, one in enumerate(raw)]
    return raw


def _listed(known: Known, block: blocks.Block, raw: Any, name: str) -> dict[str, Any]:
    return {"type": "item", "id": _id(name), "value": _value(known, block, raw, name)}


def rich(known: Known, html: str) -> str:
    """`href="page:about"` leads to that page."""
    return re.sub(
        r'href="page:([a-z-]+)"', lambda found: f'linktype="page" id="{known.pages[found[1]].pk}"', html
    )


def _id(name: str) -> str:
    return str(uuid.uuid5(_SPACE, name))
