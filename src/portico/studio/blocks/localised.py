"""What editors chose, in the language of the page that shows it; in its own where nobody translated it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import translation


def language(context: Any) -> str:
    """Of the page that is rendered; of Django where a section is shown without one, as in a preview."""
    return (context or {}).get("language") or translation.get_language() or "en"


def snippets(chosen: Iterable[Any], context: Any, picture: str) -> list[Any]:
    """In the order in which they were chosen, each with its picture: one query, however many there are."""
    keep = [one for one in chosen if one is not None]
    if not keep:
        return []
    keys = [one.translation_key for one in keep]
    found = type(keep[0]).objects.filter(translation_key__in=keys).select_related(picture, "locale")
    here = language(context)
    shown: dict[Any, Any] = {}
    for one in found.order_by("locale_id"):
        if one.translation_key not in shown or one.locale.language_code == here:
            shown[one.translation_key] = one
    return [shown[key] for key in keys if key in shown]
