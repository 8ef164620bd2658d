"""`{% seo_head page %}`: all that a head says of a page, see docs/pages.md."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString
from wagtail.models import Page

from portico.studio.seo import head

register = template.Library()


@register.simple_tag(takes_context=True)
def seo_head(context: Context, page: Page, path: str = "", title: str = "") -> SafeString:
    """`path` and `title` are for a part of a page with a URL of its own, such as a list's second page.

    Reads `organisation`, `menu` and `request` of the context.
    """
    return head.write(head.gather(page, context.flatten(), path=path, title=title))
