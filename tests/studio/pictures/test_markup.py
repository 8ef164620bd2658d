"""What the template tag writes."""

from __future__ import annotations

import io
import re

import pytest
from django.template import Context, Template

from portico.studio.models import Picture
from portico.studio.pictures import ahead, shapes
from support import uploads

pytestmark = pytest.mark.usefixtures("studio")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(
        shapes, "SHAPES", {"card": shapes.Shape((3, 2), (80, 160)), "wide": shapes.Shape((16, 9), (80,))}
    )


def written(tag, **context):
    return Template("{% load studio_pictures %}" + tag).render(Context(context))


def test_avif_comes_first_and_the_place_is_known_before_the_picture_is():
    picture = uploads.upload(description="A boat")
    html = written('{% studio_picture image "50vw" "card" %}', image=picture)
    source, img = html.removeprefix("<picture>").removesuffix("</picture>").split("<img")
    assert source.startswith('<source type="image/avif" srcset="/media/pictures/boat')
    assert re.findall(r" (\d+)w", source) == ["80", "160"]
    assert ".webp 160w" in img
    assert 'width="160" height="107"' in img
    assert html.count('sizes="50vw"') == 2
    assert 'alt="A boat"' in img
    assert 'loading="lazy"' in img


def test_what_is_seen_first_is_loaded_first():
    html = written('{% studio_picture image "100vw" "card" priority=True %}', image=uploads.upload())
    assert 'fetchpriority="high"' in html
    assert "lazy" not in html


@pytest.mark.parametrize(
    ("tag", "block", "alt"),
    [
        ("", {}, "Own"),
        ('alt=""', {}, ""),
        ('alt="Told"', {"contextual_alt_text": "Here"}, "Told"),
        ("", {"contextual_alt_text": "Here"}, "Here"),
        ("", {"decorative": True}, ""),
    ],
)
def test_the_nearest_words_are_said_and_none_for_decoration(tag, block, alt):
    picture = uploads.upload(description="Own")
    vars(picture).update(block)
    html = written('{% studio_picture image "1px" "card" ' + tag + " %}", image=picture)
    assert f'alt="{alt}"' in html


def test_pictures_that_were_made_cost_a_page_no_query(django_assert_num_queries):
    for _ in range(3):
        uploads.upload()
    ahead.complete()
    pictures = list(Picture.objects.all())
    with django_assert_num_queries(0):
        written(
            '{% for one in pictures %}{% studio_picture one "1px" "card" %}{% endfor %}', pictures=pictures
        )


def test_a_drawing_in_vectors_is_shown_as_it_is():
    body = io.BytesIO(b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>')
    picture = uploads.upload(body, name="logo.svg", description="Logo")
    picture.refresh_from_db()
    html = written("{% studio_picture image %}", image=picture)
    assert html.startswith(f'<img src="{picture.file.url}" width="30" height="20" alt="Logo"')


def test_no_picture_is_no_markup_and_an_attribute_is_escaped():
    assert written("{% studio_picture image %}", image=None) == ""
    html = written('{% studio_picture image "1px" "card" alt=alt %}', image=uploads.upload(), alt='"><b>')
    assert "&quot;&gt;&lt;b&gt;" in html
