"""What the starter's pages promise, measured in a real browser on each page type in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import browsing, frozensite, studios

TYPES = json.loads((Path(__file__).parent / "page_types.json").read_text())
"""Each page type's paths in both languages."""

EACH = [pytest.param(paths, id=name) for name, paths in TYPES.items()]
FOUND = [pytest.param(paths, id=name) for name, paths in TYPES.items() if name != "not found"]
"""Lighthouse takes a page that answers 404 for a broken one."""
SIZES = [pytest.param(browsing.PHONE, id="phone"), pytest.param(browsing.DESKTOP, id="desktop")]

pytestmark = pytest.mark.timeout(600)
"""Whoever comes first migrates, seeds and freezes the studio."""

HOME_WITHOUT_PICTURES = 60_000
HOME_WITH_PICTURES = 200_000


@pytest.fixture(scope="module")
def site():
    with frozensite.serving(studios.frozen()) as site:
        yield site


@pytest.fixture(scope="module")
def browser():
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture(scope="module", params=SIZES)
def visit(request, browser, site):
    context = browser.new_context(viewport=request.param, device_scale_factor=1)
    context.add_init_script(browsing.SHIFTS)
    yield browsing.Visit(context, site)
    context.close()


@pytest.fixture(scope="module")
def dark_visit(browser, site):
    context = browser.new_context(viewport=browsing.PHONE, color_scheme="dark", reduced_motion="reduce")
    yield browsing.Visit(context, site)
    context.close()


@pytest.fixture(scope="module")
def plain_visit(browser, site):
    context = browser.new_context(viewport=browsing.PHONE, java_script_enabled=False)
    yield browsing.Visit(context, site)
    context.close()


@pytest.mark.parametrize("paths", EACH)
def test_a_page_stands_still_asks_nobody_else_and_is_open_to_everybody(visit, paths):
    for path in paths:
        visit.open(path)
        assert visit.axe() == [], path
        assert visit.shifted() == 0, path
        assert visit.elsewhere() == [], path
        assert [text for text in visit.complaints if "404" not in text] == [], path


@pytest.mark.parametrize("paths", EACH)
def test_a_page_is_as_open_in_the_dark(dark_visit, paths):
    dark_visit.open(paths[0])
    assert dark_visit.axe() == []


@pytest.mark.parametrize("paths", EACH)
def test_a_page_is_read_without_a_script(plain_visit, paths):
    for path in paths:
        plain_visit.page.goto(plain_visit.site.url(path), wait_until="load")
        assert plain_visit.page.locator("h1").is_visible()
        assert len(plain_visit.page.locator("main").inner_text()) > 60
        links = plain_visit.page.locator("header a, footer a")
        assert links.count() > 3
        assert plain_visit.page.locator("footer a").first.is_visible()


def test_every_frozen_page_is_valid_html(site, tmp_path):
    assert browsing.validate(site.pages(), tmp_path) == []


def test_the_homepage_is_light(visit):
    for path in TYPES["home"]:
        visit.page.goto(visit.site.url(path), wait_until="networkidle")
        visit.asked.clear()
        visit.page.goto(visit.site.url(path), wait_until="networkidle")
        without, whole = visit.weight()
        assert without < HOME_WITHOUT_PICTURES, path
        assert whole < HOME_WITH_PICTURES, path


@pytest.mark.slow
@pytest.mark.parametrize("desktop", [False, True], ids=["phone", "desktop"])
@pytest.mark.parametrize("paths", FOUND)
def test_lighthouse_finds_nothing_to_improve(site, paths, desktop):
    """Speed is judged by the bench on a machine of its own; here what doesn't depend on one."""
    kinds = ["--only-categories=accessibility,best-practices,seo"]
    report = browsing.lighthouse(site.url(paths[0]), desktop=desktop, flags=kinds)
    scores = {name: one["score"] for name, one in report["categories"].items()}
    assert scores == dict.fromkeys(scores, 1)


@pytest.mark.parametrize(
    ("path", "words", "found"), [("/search/", "screw", "/services/"), ("/de/suche/", "fisch", "/de/")]
)
def test_the_search_finds_pages_of_its_language_under_the_pages_own_policy(visit, path, words, found):
    visit.open(path)
    visit.page.fill("input[type=search]", words)
    first = visit.page.locator(".search-found li a").first
    first.wait_for()
    hits = visit.page.locator(".search-found li a").evaluate_all("links => links.map(link => link.pathname)")
    assert all(hit.startswith("/de/") == (found == "/de/") for hit in hits)
    assert any(hit.startswith(found) for hit in hits)
    assert path not in hits
    assert visit.axe() == []
    assert visit.complaints == []
