"""`{% link_to link as href %}`: where an editor's link leads, in the language of the page that shows it."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from portico.studio.frame import links

register = template.Library()


@register.simple_tag(takes_context=True)
def link_to(context: Context, link: Any) -> str:
    """Of a link block; empty where its page is gone, so that the template shows its words alone."""
    return links.address(link, context.get("language", ""), context.get("request"))


@register.simple_tag(takes_context=True)
def address_of(context: Context, page: Any) -> str:
    return links.address_of(page, context.get("language", ""), context.get("request"))
