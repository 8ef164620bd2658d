"""Sections that convince: what is special, numbers, customers and what they say, a call to action."""

from __future__ import annotations

from typing import Any

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from portico.studio.blocks import localised, table
from portico.studio.blocks.links import Link


class Feature(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80)
    text = blocks.TextBlock(max_length=320)
    link = blocks.ListBlock(Link(), max_num=1, default=[])


@table.section("features")
class Features(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    lead = blocks.TextBlock(max_length=320, required=False)
    items = blocks.ListBlock(Feature())

    class Meta:
        icon = "tick"
        rank = 30
        template = "studio/blocks/features.html"


class Number(blocks.StructBlock):
    number = blocks.CharBlock(max_length=16)
    unit = blocks.CharBlock(max_length=16, required=False)
    label = blocks.CharBlock(max_length=120)


@table.section("proof")
class Proof(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(Number(), min_num=2, max_num=4)

    class Meta:
        icon = "order"
        rank = 32
        template = "studio/blocks/proof.html"


@table.section("logos")
class Logos(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    logos = blocks.ListBlock(SnippetChooserBlock("studio.Logo"))

    class Meta:
        icon = "group"
        rank = 34
        template = "studio/blocks/logos.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        shown = localised.snippets(value["logos"], parent_context, "mark")
        return {**super().get_context(value, parent_context), "logos": shown}


@table.section("quotes")
class Quotes(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    quotes = blocks.ListBlock(SnippetChooserBlock("studio.Quote"))

    class Meta:
        icon = "openquote"
        rank = 36
        template = "studio/blocks/quotes.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        shown = localised.snippets(value["quotes"], parent_context, "portrait")
        return {**super().get_context(value, parent_context), "quotes": shown}


@table.section("call")
class Call(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    text = blocks.TextBlock(max_length=320, required=False)
    links = blocks.ListBlock(Link(), min_num=1, max_num=2)

    class Meta:
        icon = "mail"
        rank = 38
        template = "studio/blocks/call.html"
