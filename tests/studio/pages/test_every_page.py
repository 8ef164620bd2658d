"""What must be true of each page of the sample site."""

import itertools
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from portico.studio import frame
from support import sitepages

pytestmark = pytest.mark.django_db

TEMPLATES = Path(frame.__file__).parents[1] / "templates" / "studio"
ELSEWHERE = re.compile(r"^(?:https?:)?//")


def test_every_page_is_answered():
    wrong = {path for path in sitepages.paths() if sitepages.get(path).status_code != 200}
    assert not wrong


def test_every_page_has_one_first_heading_and_skips_no_level():
    wrong = {}
    for path, page in sitepages.parsed():
        levels = [int(node.tag[1]) for node in page.css("h1, h2, h3, h4, h5, h6")]
        steps = itertools.pairwise(levels)
        if levels[:1] != [1] or levels.count(1) != 1 or any(two > one + 1 for one, two in steps):
            wrong[path] = levels
    assert not wrong


def test_every_page_has_its_landmarks_and_a_way_past_the_menu():
    for path, page in sitepages.parsed():
        assert len(page.css("body > main#content")) == 1, path
        assert page.css_first("body > a").attributes["href"] == "#content", path
        assert len(page.css("body > header")) == len(page.css("body > footer")) == 1, path
        assert all(nav.attributes.get("aria-label") for nav in page.css("nav")), path


def test_every_page_says_its_language():
    for path, page in sitepages.parsed():
        language = "de" if path.startswith("/de/") else "en"
        assert page.css_first("html").attributes["lang"] == language, path


def test_links_within_the_site_lead_somewhere():
    known = set(sitepages.pages())
    broken = set()
    for path, page in sitepages.parsed():
        for link in page.css("a[href^='/']"):
            target = urlsplit(link.attributes["href"]).path
            if target not in known and not target.endswith("feed.atom"):
                broken.add((path, target))
    assert not broken


def test_no_page_asks_anybody_else_for_anything():
    for path, page in sitepages.parsed():
        for node in page.css(
            "img, script, source, iframe, link[rel=preload], link[rel=stylesheet], link[rel=icon]"
        ):
            told = " ".join(filter(None, (node.attributes.get(name) for name in ("src", "srcset", "href"))))
            assert not any(ELSEWHERE.match(word) for word in told.split()), (path, told)


def test_no_page_styles_or_runs_anything_from_an_attribute():
    for path, page in sitepages.parsed():
        for node in page.css("body, body *"):
            bad = [name for name in node.attributes if name == "style" or name.startswith("on")]
            assert not bad, (path, node.tag, bad)


def test_every_picture_keeps_its_room_and_has_words_or_is_decoration():
    for path, page in sitepages.parsed():
        for image in page.css("img"):
            assert {"width", "height", "alt"} <= set(image.attributes), (path, image.html)


def test_one_picture_at_most_is_loaded_before_the_others():
    for path, page in sitepages.parsed():
        assert len(page.css("img[fetchpriority=high]")) <= 1, path


def test_a_page_is_the_same_each_time():
    for path in ("/", "/de/aktuelles/", "/contact/", "/careers/welder/"):
        assert sitepages.get(path).content.decode() == sitepages.pages()[path]


@pytest.mark.parametrize(
    "word",
    [
        r"{%\s*now",
        "csrf_token",
        "userbar",
        r"request\.(user|session|GET)",
        r"\|random",
        r"{%\s*lorem",
        "nonce",
    ],
)
def test_no_template_says_what_differs_from_visitor_to_visitor(word):
    wrong = [file.name for file in TEMPLATES.rglob("*.html") if re.search(word, file.read_text())]
    assert not wrong
