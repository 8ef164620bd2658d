"""The field that holds a page's sections. Its migrations name no blocks, so that adding one needs none."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.fields import StreamField

from portico.studio.blocks import naming, table


class Plain(StreamField):
    """A stream field without its blocks in migrations: they describe JSON, and no column."""

    def __init__(self, block_types: Any = (), **kwargs: Any) -> None:
        super().__init__(block_types, **kwargs)

    @cached_property
    def stream_block(self) -> blocks.StreamBlock:
        return naming.translated(super().stream_block)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs


class Body(Plain):
    @cached_property
    def stream_block(self) -> blocks.StreamBlock:
        block = table.stream()
        block.set_meta_options(self.block_opts)
        return naming.translated(block)
