"""What templates ask for: where links lead, words, amounts, and the style sheets."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils.safestring import SafeString

from portico.studio.frame import links, numbers, phones, style

register = template.Library()


@register.simple_tag(takes_context=True)
def link_to(context: Context, link: Any) -> str:
    """Of a link block; empty where its page is gone, so that the template shows its words alone."""
    return links.address(link, context.get("language", ""), context.get("request"))


@register.simple_tag(takes_context=True)
def address_of(context: Context, page: Any) -> str:
    return links.address_of(page, context.get("language", ""), context.get("request"))


@register.simple_tag(takes_context=True)
def version_of(context: Context, page: Any) -> str:
    """The same page in another language."""
    return page.get_url(context.get("request")) or ""


@register.simple_tag(takes_context=True)
def word(context: Context, key: str) -> str:
    return context["words"].get(key, key)


@register.simple_tag(takes_context=True)
def money(context: Context, amount: int) -> str:
    return numbers.grouped(amount, context.get("language", ""))


@register.simple_tag
def styles() -> SafeString:
    return style.inline()


@register.simple_tag
def visitors_share() -> str:
    """Of the visits, those that tell how fast the page was; empty for none."""
    share = settings.HERE.visitors_share
    return f"{share:g}" if share else ""


@register.filter
def unbroken(number: str) -> str:
    return phones.unbroken(number)
