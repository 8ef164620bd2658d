"""What page types, snippets, their fields and panels are called, in each editor's language.

Models are written in plain English, those of a site's own apps as well; here their words become such that are
looked up in a catalogue (`locale/`) when they are shown. Migrations keep the English ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from wagtail.admin.panels import InlinePanel
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.models import Page, TranslatableMixin

from portico.studio.blocks import naming

OURS = "portico.studio"
_EDITED = (Page, TranslatableMixin, BaseSiteSetting)
_PANELS = ("content_panels", "promote_panels", "settings_panels", "panels")


def translate() -> None:
    """Called once, when Django is ready."""
    for model in models():
        naming.translate(_of(model))


def models() -> Iterator[type[Any]]:
    """Those with a form in the admin, of the studio and of the site's own apps."""
    for app in (OURS, *settings.HERE.apps):
        config = next(one for one in apps.get_app_configs() if app in {one.name, type(one).__module__})
        yield from (model for model in config.get_models() if issubclass(model, _EDITED))


def _of(model: Any) -> Iterator[naming.Place]:
    meta = model._meta  # noqa: SLF001 - Django's public name for it
    yield from ((meta, "verbose_name"), (meta, "verbose_name_plural"))
    for field in (*meta.local_fields, *meta.local_many_to_many):
        if field.editable and not field.auto_created:
            yield from ((field, "verbose_name"), (field, "help_text"))
    for name in _PANELS:
        yield from _of_panels(getattr(model, name, ()))


def _of_panels(panels: Iterable[Any]) -> Iterator[naming.Place]:
    for panel in panels:
        if isinstance(panel, str):
            continue
        yield from ((panel, "heading"), (panel, "help_text"))
        if isinstance(panel, InlinePanel):
            yield panel, "label"
        yield from _of_panels(getattr(panel, "children", ()))
