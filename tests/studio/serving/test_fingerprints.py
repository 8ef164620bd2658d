"""Static files' names hold a hash of what is in them, with nobody collecting files first."""

import contextlib
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from portico.snapshot import policy
from portico.studio.freezing import references
from portico.studio.serving import fingerprints


@pytest.fixture
def own(tmp_path, settings):
    """A folder of static files of the site's own."""
    folder = tmp_path / "own"
    (folder / "look").mkdir(parents=True)
    settings.STATICFILES_DIRS = [folder]
    settings.STATIC_ROOT = tmp_path / "root"
    anew()
    yield folder
    anew()


def anew():
    finders.get_finder.cache_clear()
    fingerprints.forget()


def hashed(name):
    return staticfiles_storage.url(name).removeprefix(settings.STATIC_URL)


def write(folder, name, text):
    (folder / name).write_text(text)
    return hashed(name)


def test_visitors_keep_a_hashed_file_forever():
    for name in ("studio/form.js", "studio/search.js", "studio/icon.svg", "studio/fonts/text.woff2"):
        assert policy.fingerprinted(hashed(name)), name


def test_a_changed_file_has_another_name_at_once(own):
    before = write(own, "look/a.js", "one()")
    os.utime(own / "look/a.js", (1, 1))
    after = write(own, "look/a.js", "another()")
    assert before != after
    assert fingerprints.file(before) is None
    assert fingerprints.file(after) == own / "look/a.js"


def test_a_style_sheet_asks_for_other_files_by_their_hashed_names(own):
    font = write(own, "look/text.woff2", "font")
    sheet = write(
        own, "look/site.css", "a{src:url('text.woff2?x#y'),url(data:x),url(gone.png),url(//x/y.png)}"
    )
    place = references.file(f"/static/{sheet}")
    told = f"a{{src:url('{font.removeprefix('look/')}?x#y'),url(data:x),url(gone.png),url(//x/y.png)}}"
    assert place.read_text() == told
    assert references.within(f"/static/{sheet}", place) >= {f"/static/{font}"}


def test_a_style_sheet_is_named_anew_when_a_file_that_it_asks_for_changes(own):
    write(own, "look/text.woff2", "font")
    before = write(own, "look/site.css", "a{src:url(text.woff2)}")
    write(own, "look/text.woff2", "another font")
    assert hashed("look/site.css") != before


def test_style_sheets_that_ask_for_each_other_get_names(own):
    write(own, "look/a.css", '@import "b.css";')
    assert fingerprints.is_hashed(write(own, "look/b.css", '@import "a.css";'))


def test_what_is_no_file_keeps_its_name():
    for name in ("", "studio/", "studio/gone.js"):
        assert staticfiles_storage.url(name) == settings.STATIC_URL + name


@pytest.mark.django_db
def test_the_studio_answers_hashed_names_as_what_never_changes():
    with contextlib.closing(Client().get(staticfiles_storage.url("studio/form.js"))) as answer:
        assert "immutable" in answer["Cache-Control"]
        assert answer.getvalue() == Path(finders.find("studio/form.js")).read_bytes()
    with contextlib.closing(Client().get("/static/studio/form.js")) as answer:
        assert "immutable" not in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_hash_that_is_not_the_contents_is_not_found():
    assert Client().get("/static/studio/form.0123456789abcdef.js").status_code == 404
