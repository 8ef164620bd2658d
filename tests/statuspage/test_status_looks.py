"""The page in a browser: for everybody, on a phone, in the dark, without scripts; it tells its own age."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright import sync_api

from portico.statuspage import pages
from support import browsing, statusfacts

STORIES = {
    "quiet": statusfacts.quiet,
    "incident": statusfacts.in_trouble,
    "work": statusfacts.before_work,
    "empty": statusfacts.empty,
}
SIZES = ({"width": 360, "height": 780}, {"width": 1440, "height": 900})


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with browsing.chromium() as running:
        yield running


def written(folder: Path, story: str, path: str = "/") -> str:
    file = folder / f"{story}{path.replace('/', '_')}.html"
    file.write_bytes(pages.made(STORIES[story]())[path])
    return file.as_uri()


@pytest.mark.parametrize("story", STORIES)
def test_everybody_can_read_it_on_any_screen(browser: sync_api.Browser, tmp_path: Path, story: str):
    for size, scheme in zip(SIZES, ("dark", "light"), strict=True):
        page = browser.new_page(viewport=size, color_scheme=scheme)
        page.goto(written(tmp_path, story))
        assert browsing.axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=tmp_path / f"{story}-{size['width']}-{scheme}.png", full_page=True)
        page.close()


@pytest.mark.parametrize(
    "path", ["/history/", "/incidents/3/", "/confirm/", "/unsubscribe/", "/subscribe/sent/"]
)
def test_so_can_they_the_other_pages_in_either_language(browser: sync_api.Browser, tmp_path: Path, path: str):
    page = browser.new_page(viewport=SIZES[0])
    for there in (path, f"/de{path}"):
        page.goto(written(tmp_path, "quiet", there))
        assert browsing.axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_a_german_page_tells_its_age_in_german(browser: sync_api.Browser, tmp_path: Path):
    page = browser.new_page(viewport=SIZES[0], color_scheme="dark")
    page.goto(written(tmp_path, "incident", "/de/"))
    page.locator("#old.shown").wait_for()
    assert page.locator("#old strong").inner_text().endswith("Tage alt.")
    assert browsing.axe(page) == []
    page.screenshot(path=tmp_path / "german.png", full_page=True)
    page.close()


@pytest.mark.parametrize(
    ("story", "path"),
    [("quiet", "/"), ("incident", "/"), ("incident", "/incidents/7/"), ("work", "/incidents/8/")],
)
def test_a_page_that_was_not_renewed_says_so_by_itself(
    browser: sync_api.Browser, tmp_path: Path, story: str, path: str
):
    page = browser.new_page()
    page.goto(written(tmp_path, story, path))
    page.locator("#old.shown").wait_for()
    assert "This page is" in page.locator("#old").inner_text()
    page.close()


def test_an_old_page_takes_back_what_it_says_of_now(browser: sync_api.Browser, tmp_path: Path):
    """A large green tick below the warning would be believed before it."""
    page = browser.new_page(color_scheme="light")
    page.goto(written(tmp_path, "quiet"))
    page.locator("#old.shown").wait_for()
    assert page.locator("#headline").inner_text().startswith("What was measured then:")
    assert not page.locator(".banner svg").is_visible()
    good = page.evaluate("getComputedStyle(document.body).getPropertyValue('--good')")
    for place in (".banner", ".now"):
        tone = page.locator(place).first.evaluate("one => getComputedStyle(one).getPropertyValue('--tone')")
        assert tone not in {good, ""}
    assert browsing.axe(page) == []
    page.close()


@pytest.mark.parametrize(("ago_s", "warned"), [(30, False), (3600, True)])
def test_the_page_of_what_is_over_asks_how_old_all_is(
    browser: sync_api.Browser, *, ago_s: float, warned: bool
):
    """It states no time of its own: it stays the same bytes for years."""
    page = browser.new_page()
    made = pages.made(statusfacts.quiet())["/incidents/3/"].decode()
    page.route("**/incidents/3/", lambda route: route.fulfill(body=made, content_type="text/html"))
    data = json.dumps({"at": time.time() - ago_s})
    page.route("**/status.json", lambda route: route.fulfill(body=data, content_type="application/json"))
    with page.expect_response("**/status.json"):
        page.goto("http://status.example.com/incidents/3/")
    page.wait_for_function(
        "want => document.getElementById('old').classList.contains('shown') === want", arg=warned
    )
    page.close()


def visited(browser: sync_api.Browser, *, ago_s: float, ahead_s: float, cached_s: float = 0) -> sync_api.Page:
    """A page that was made so long ago, looked at where the clock is ahead by so much."""
    page, now = browser.new_page(), time.time()
    made = pages.made(replace(statusfacts.quiet(), at=now - ago_s))
    headers = {"date": formatdate(now - cached_s, usegmt=True), "age": f"{cached_s:.0f}"}
    page.add_init_script(f"const real = Date.now; Date.now = () => real() + {ahead_s * 1000}")
    for path, kind in (("/", "text/html"), (pages.DATA, "application/json")):
        answer = {"body": made[path], "content_type": kind, "headers": headers}
        page.route(f"http://status.example.com{path}", partial(_answer, answer))
    with page.expect_response("**/status.json"):
        page.goto("http://status.example.com/")
    return page


def _answer(answer: dict[str, Any], route: sync_api.Route) -> None:
    route.fulfill(**answer)


@pytest.mark.parametrize("ahead_s", [3600, 0, -3600])
@pytest.mark.parametrize("cached_s", [0, 40])
def test_how_old_a_page_is_goes_by_the_edges_clock(
    browser: sync_api.Browser, ahead_s: float, cached_s: float
):
    page = visited(browser, ago_s=1200, ahead_s=ahead_s, cached_s=cached_s)
    page.locator("#old.shown").wait_for()
    assert page.locator("#old strong").inner_text() == "This page is 20 minutes old."
    page.close()


def test_a_clock_that_is_fast_warns_of_no_page_that_is_new(browser: sync_api.Browser):
    page = visited(browser, ago_s=0, ahead_s=3600)
    page.evaluate("fetch('/status.json').then(answer => answer.json())")
    assert not page.locator("#old").is_visible()
    page.close()


def test_where_nothing_answers_any_more_the_visitors_clock_tells_the_age(browser: sync_api.Browser):
    page = browser.new_page()
    made = pages.made(statusfacts.quiet())["/"]
    page.route("http://status.example.com/", partial(_answer, {"body": made, "content_type": "text/html"}))
    page.route("**/status.json", lambda _route: None)
    page.goto("http://status.example.com/")
    page.locator("#old.shown").wait_for()
    page.close()


def test_a_fresh_one_does_not(browser: sync_api.Browser, tmp_path: Path):
    page = browser.new_page()
    now = page.evaluate("Date.now() / 1000")
    file = tmp_path / "fresh.html"
    file.write_bytes(pages.made(replace(statusfacts.quiet(), at=now))["/"])
    page.goto(file.as_uri())
    assert not page.locator("#old").is_visible()
    assert page.locator("#headline").inner_text() == "Everything works"
    page.close()


def test_without_scripts_it_says_until_when_it_is_good(browser: sync_api.Browser, tmp_path: Path):
    page = browser.new_page(java_script_enabled=False)
    for story, path in (("quiet", "/"), ("incident", "/incidents/7/")):
        page.goto(written(tmp_path, story, path))
        assert "out of date after 12:18 UTC" in page.locator("main").inner_text()
        assert not page.locator("#old").is_visible()
    page.close()


def test_a_code_is_taken_from_behind_the_hash_and_waits_for_the_button(
    browser: sync_api.Browser, tmp_path: Path
):
    page = browser.new_page()
    page.goto(f"{written(tmp_path, 'quiet', '/confirm/')}#abcdefgh23456777")
    assert page.locator("#code").input_value() == "abcdefgh23456777"
    page.close()
