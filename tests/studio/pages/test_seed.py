"""The sample site is written once, whole, and alike on every machine."""

import hashlib

import pytest
from django.apps import apps
from wagtail.models import Page

from portico.studio.models.home import HomePage
from portico.studio.models.pictures import Picture
from portico.studio.seed import begin, reading
from portico.studio.seed.painting import album


@pytest.mark.django_db
def test_a_studio_that_has_pages_is_left_alone():
    before = Page.objects.count()
    assert not begin.run()
    assert Page.objects.count() == before


@pytest.mark.django_db
def test_every_page_type_is_shown_in_both_languages():
    types = [model for model in apps.get_app_config("studio").get_models() if issubclass(model, Page)]
    for model in types:
        assert {page.locale.language_code for page in model.objects.live()} == {"en", "de"}, model


@pytest.mark.django_db
def test_what_was_written_is_as_old_everywhere():
    assert HomePage.objects.get(slug="home").last_published_at.isoformat() == "2026-11-20T09:00:00+00:00"


@pytest.mark.django_db
def test_every_picture_that_shows_something_has_words_for_those_who_do_not_see_it():
    people = reading.entries("en", "people") | reading.entries("en", "quotes")
    for picture in Picture.objects.all():
        name = picture.file.name.rpartition("/")[2].partition(".")[0]
        assert picture.description or name in people or name.startswith("mark-"), name


@pytest.mark.parametrize("name", ["weir-morning", "lindner", "map-tyne", "mark-kolk"])
def test_a_picture_is_drawn_alike_each_time(name):
    first, second = (hashlib.sha256(album.file_of(name)[1]).digest() for _ in range(2))
    assert first == second


def test_german_pages_keep_what_they_do_not_say_themselves():
    told = reading.words("de", "fish-count")
    assert told["title"].startswith("1,9 Millionen")
    assert told["picture"] == "fish"


def test_a_page_without_german_words_is_not_translated():
    assert reading.words("de", "winter") is None
