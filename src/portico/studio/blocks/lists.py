"""Sections that gather what is elsewhere on the site: people, offices, services, news, openings."""

from __future__ import annotations

from typing import Any

from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from portico.studio.blocks import localised, table


class _Gathered(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    lead = blocks.TextBlock(max_length=320, required=False)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        language = localised.language(parent_context)
        return {**super().get_context(value, parent_context), "items": self.gather(language)}

    def gather(self, language: str) -> list[Any]:
        raise NotImplementedError


@table.section("services")
class Services(_Gathered):
    def gather(self, language: str) -> list[Any]:
        from portico.studio.models import services  # noqa: PLC0415 - the models have bodies made of these blocks

        return services.services_of(language)

    class Meta:
        icon = "cogs"
        rank = 40
        template = "studio/blocks/services.html"


@table.section("news")
class News(_Gathered):
    def gather(self, language: str) -> list[Any]:
        from portico.studio.models import news  # noqa: PLC0415 - the models have bodies made of these blocks

        return news.latest(language)

    class Meta:
        icon = "date"
        rank = 42
        template = "studio/blocks/news.html"


@table.section("openings")
class Openings(_Gathered):
    def gather(self, language: str) -> list[Any]:
        from portico.studio.models import careers  # noqa: PLC0415 - the models have bodies made of these blocks

        return careers.openings_of(language)

    class Meta:
        icon = "user"
        rank = 44
        template = "studio/blocks/openings.html"


@table.section("team")
class Team(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    lead = blocks.TextBlock(max_length=320, required=False)
    people = blocks.ListBlock(SnippetChooserBlock("studio.Person"))

    class Meta:
        icon = "group"
        rank = 46
        template = "studio/blocks/team.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        shown = localised.snippets(value["people"], parent_context, "portrait")
        return {**super().get_context(value, parent_context), "people": shown}


@table.section("offices")
class Offices(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120)
    offices = blocks.ListBlock(SnippetChooserBlock("studio.Office"))

    class Meta:
        icon = "home"
        rank = 48
        template = "studio/blocks/offices.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        shown = localised.snippets(value["offices"], parent_context, "picture")
        return {**super().get_context(value, parent_context), "offices": shown}
