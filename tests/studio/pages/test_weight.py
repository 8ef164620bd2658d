"""What the first view of the homepage weighs, as a visitor's browser gets it."""

from pathlib import Path

import brotli
import pytest

from portico.studio import frame
from portico.studio.frame import style
from support import sitepages

STATIC = Path(frame.__file__).parents[1] / "static" / "studio"


def _fonts():
    return sum(file.stat().st_size for file in (STATIC / "fonts").glob("*.woff2"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/de/"])
def test_a_homepage_without_pictures_weighs_less_than_forty_kilobytes(path):
    html = brotli.compress(sitepages.pages()[path].encode(), quality=5)
    assert len(html) + _fonts() < 40_000


def test_the_style_that_each_page_carries_weighs_less_than_six_kilobytes():
    assert len(brotli.compress(style.inline().encode(), quality=5)) < 6_000


def test_shortening_keeps_what_spaces_mean():
    css = "/* no */ .a  .b :is(p,\n  q) { margin : 0 calc(1px + 2px) ; }\n"
    assert style.shorten(css) == ".a .b :is(p,q){margin : 0 calc(1px + 2px)}"


def test_fonts_are_named_by_where_they_are_served():
    assert 'url("' not in style.inline()
    assert "fonts/display" in style.inline()
