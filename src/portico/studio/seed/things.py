"""The sample's pictures, snippets, menus and facts."""

from __future__ import annotations

import io
from typing import Any

from django.apps import apps
from django.core.files.images import ImageFile
from wagtail.models import Locale, Site
from wagtail.utils.file import hash_filelike

from portico.studio.blocks.body import Plain
from portico.studio.models.pictures import Picture
from portico.studio.models.site import Menu, SiteSettings
from portico.studio.seed import filling, reading
from portico.studio.seed.filling import Known
from portico.studio.seed.painting import album

_FILES = {"Topic": "topics", "Person": "people", "Quote": "quotes", "Office": "offices", "Logo": "logos"}
_PICTURED = {"portrait", "picture", "mark"}


def pictures() -> dict[str, Picture]:
    """Each one drawn and kept, with the words that a screen reader says."""
    told = reading.shared("en/pictures")
    people = reading.entries("en", "people") | reading.entries("en", "quotes")
    found = {}
    for name in album.names():
        title = people.get(name, {}).get("name") or name.removeprefix("mark-").replace("-", " ").capitalize()
        file, body = album.file_of(name)
        picture = Picture(
            title=title, description=told.get(name, ""), file=ImageFile(io.BytesIO(body), name=file)
        )
        picture.file_size, picture.file_hash = len(body), hash_filelike(io.BytesIO(body))
        picture.save()
        found[name] = picture
    return found


def snippets(locale: Locale, known: Known, originals: dict[tuple[str, str], Any]) -> None:
    """Adds them to `known.snippets`; in languages without a file of their own the English words stand."""
    for model, file in _FILES.items():
        for rank, (name, told) in enumerate(_entries(locale, file).items(), start=1):
            plain = {key: known.pictures[value] if key in _PICTURED else value for key, value in told.items()}
            one = apps.get_model("studio", model)(locale=locale, rank=rank, **plain)
            if (model, name) in originals:
                one.translation_key = originals[model, name].translation_key
            one.save()
            known.snippets[model, name] = one


def _entries(locale: Locale, file: str) -> dict[str, dict[str, Any]]:
    return reading.entries("en" if file == "logos" else locale.language_code, file)


def menu(locale: Locale, known: Known, original: Menu | None) -> Menu:
    told = reading.words(locale.language_code, "menu") or {}
    made = Menu(locale=locale)
    if original:
        made.translation_key = original.translation_key
    _set(made, told, known, f"{locale.language_code}/menu")
    made.save()
    return made


def facts(site: Site, known: Known) -> None:
    made = SiteSettings(site=site, logo=known.pictures["mark-kolk"])
    _set(made, reading.shared("site"), known, "site")
    made.save()


def _set(model: Any, told: dict[str, Any], known: Known, name: str) -> None:
    for key, value in told.items():
        field = model._meta.get_field(key)  # noqa: SLF001 - Django's way to a model's fields
        if isinstance(field, Plain):
            setattr(model, key, filling.stream(known, field.stream_block, value, f"{name}/{key}"))
        else:
            setattr(model, key, value)
