"""The panel that follows one's own publish, on every page of the admin."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string

from portico.studio.editing.pages import following

register = template.Library()


@register.simple_tag(takes_context=True)
def publish_panel(context: dict[str, Any]) -> str:
    request = context.get("request")
    if request is None or not following.shows(request):
        return ""
    return render_to_string("studio_admin/progress.html", request=request)
