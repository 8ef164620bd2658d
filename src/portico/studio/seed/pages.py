"""Grows the sample's tree of pages in each language, then fills them, as they link to one another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.utils import timezone
from wagtail.models import Locale, Page

from portico.studio.blocks.body import Plain
from portico.studio.models import contact
from portico.studio.seed import filling, reading
from portico.studio.seed.filling import Known

_WRITTEN = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
_AWAY = {"fields", "topics", "author", "office", "picture", "actions", "body"}


def grow(locale: Locale, known: Known, originals: dict[str, Page]) -> None:
    """Adds every page that is written in the language to `known.pages`."""
    for name, model, above in _tree():
        told = reading.words(locale.language_code, name)
        if told is None:
            continue
        parent = known.pages[above] if above else Page.get_first_root_node()
        page = _page(name, model, told, known)
        page.locale = locale
        if name in originals:
            page.translation_key = originals[name].translation_key
        known.pages[name] = parent.add_child(instance=page)


def fill(locale: Locale, known: Known, originals: dict[str, Page]) -> None:
    for name, page in known.pages.items():
        told = reading.words(locale.language_code, name) or {}
        _streams(page, told, known, f"{locale.language_code}/{name}")
        if "topics" in told:
            page.topics.set([known.snippets["Topic", topic] for topic in told["topics"]])
        if "fields" in told:
            _fields(page, told["fields"], originals.get(name))
        page.save_revision(clean=False).publish()
        when = _written(told)
        model = type(page).objects.filter(pk=page.pk)
        model.update(first_published_at=when, last_published_at=when, latest_revision_created_at=when)


def _tree() -> Iterator[tuple[str, str, str]]:
    """Name, model and the name of the page above, from the top down."""
    told = reading.shared("tree")
    yield "home", told["home"], ""
    for above, children in told["below"].items():
        for name, model in children.items():
            yield name, model, above


def _page(name: str, model: str, told: dict[str, Any], known: Known) -> Page:
    plain = {key: value for key, value in told.items() if key not in _AWAY}
    plain.setdefault("slug", name)
    if "picture" in told:
        plain["picture"] = known.pictures[told["picture"]]
    if "author" in told:
        plain["author"] = known.snippets["Person", told["author"]]
    if "office" in told:
        plain["office"] = known.snippets["Office", told["office"]]
    return apps.get_model("studio", model)(**plain)


def _streams(page: Page, told: dict[str, Any], known: Known, name: str) -> None:
    for field in page._meta.get_fields():  # noqa: SLF001 - Django's way to a model's fields
        if isinstance(field, Plain) and field.name in told:
            value = filling.stream(known, field.stream_block, told[field.name], f"{name}/{field.name}")
            setattr(page, field.name, value)


def _fields(page: Page, fields: list[dict[str, Any]], original: Page | None) -> None:
    keys = [one.translation_key for one in original.form_fields.all()] if original else []
    made = []
    for number, told in enumerate(fields):
        one = contact.ContactField(sort_order=number, locale=page.locale, **told)
        if keys:
            one.translation_key = keys[number]
        made.append(one)
    page.form_fields.set(made)


def _written(told: dict[str, Any]) -> dt.datetime:
    """When a page was published: news on their day, everything else on one that is always the same."""
    day = told.get("date") or told.get("posted")
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9)), dt.UTC) if day else _WRITTEN
