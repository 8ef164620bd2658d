"""Renditions are made before a page asks, and are the same whoever makes them."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from portico.studio.models import Picture
from portico.studio.pictures import ahead, shapes, worker
from support import uploads

pytestmark = pytest.mark.usefixtures("studio")


@pytest.fixture
def small(monkeypatch):
    """Few shapes, so that a test takes no seconds."""
    table = {
        "card": shapes.Shape((3, 2), (120, 240, 480)),
        "square": shapes.Shape((1, 1), (60,)),
        "share": shapes.Shape((1200, 630), (120,), ("jpeg",)),
    }
    monkeypatch.setattr(shapes, "SHAPES", table)


@pytest.fixture
def nothing_lacks(small):
    ahead.complete()


def opened(picture, rendition):
    with picture.file.storage.open(rendition["name"]) as file:
        return Image.open(io.BytesIO(file.read()))


def test_every_upload_is_completed_once(nothing_lacks):
    picture = uploads.upload()
    assert ahead.complete() == 1
    assert ahead.complete() == 0
    picture.refresh_from_db()
    sizes = [(one["format"], one["width"], one["height"]) for one in picture.made["card"]]
    assert sizes == [(name, w, w * 2 // 3) for w in (120, 240, 480) for name in ("avif", "webp")]


def test_a_page_that_comes_first_gets_the_very_files_that_the_worker_makes(nothing_lacks):
    early = ahead.made(uploads.upload())
    worker.tick()
    assert Picture.objects.latest("pk").made == early


def test_a_new_focal_point_makes_the_cropped_ones_anew(nothing_lacks):
    picture = uploads.upload(uploads.jpeg(dark=(0, 0, 400, 1200)))
    ahead.complete()
    before = Picture.objects.get(pk=picture.pk).made
    Picture.objects.filter(pk=picture.pk).update(
        focal_point_x=100, focal_point_y=600, focal_point_width=100, focal_point_height=100
    )
    assert ahead.complete() == 1
    after = Picture.objects.get(pk=picture.pk).made
    assert after["square"] != before["square"]
    assert opened(picture, after["square"][1]).convert("L").getpixel((2, 30)) < 80


def test_files_are_named_by_their_content_and_no_upload_is_enlarged(small):
    picture = uploads.upload(uploads.jpeg((100, 67)))
    made = ahead.made(picture)
    assert [one["width"] for one in made["card"]] == [100, 100]
    assert opened(picture, made["card"][0]).size == (100, 67)
    names = [one["name"] for renditions in made.values() for one in renditions]
    assert len(set(names)) == len(names)
    assert all(len(name.split(".")[-2]) == 16 for name in names)


def test_a_picture_is_upright_and_keeps_no_notes_of_the_camera(small):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of somebody"
    picture = uploads.upload(uploads.jpeg((300, 200), exif=exif))
    for rendition in ahead.made(picture)["card"]:
        shown = opened(picture, rendition)
        assert shown.convert("L").getpixel((90, 5)) < 80 < shown.convert("L").getpixel((30, 5))
        assert not shown.getexif()


def test_a_see_through_picture_stays_so_and_is_white_where_it_is_shared(small):
    body = io.BytesIO()
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(body, "PNG")
    body.seek(0)
    picture = uploads.upload(body, name="logo.png")
    made = ahead.made(picture)
    assert opened(picture, made["card"][0]).convert("RGBA").getpixel((9, 9))[3] == 0
    assert opened(picture, made["share"][0]).getpixel((9, 9)) == (255, 255, 255)


def test_an_upload_that_is_broken_is_told_once_and_holds_up_no_other(nothing_lacks, caplog):
    broken, whole = uploads.upload(), uploads.upload()
    broken.file.storage.delete(broken.file.name)
    assert ahead.complete() == 2
    assert ahead.complete() == 0
    assert len([record for record in caplog.records if "can't be shown" in record.message]) == 1
    whole.refresh_from_db()
    assert whole.made


def test_nothing_lacking_takes_one_query(nothing_lacks, django_assert_num_queries):
    with django_assert_num_queries(1):
        ahead.complete()
