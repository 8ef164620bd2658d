"""The first page and the frame of all pages in a real browser, under the strict policy."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright import sync_api
from playwright.sync_api import expect

from portico.console import live
from portico.console.desk import Desk
from portico.ledger import incidents
from portico.ledger.incidents import Incident
from portico.model import Severity
from support import browsing, consoles
from support.paperstack import NOW, status

PHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with browsing.chromium() as running:
        yield running


@contextlib.contextmanager
def opened(
    browser: sync_api.Browser, desk: Desk, gate: consoles.Let | None = None, **more: object
) -> Iterator[sync_api.Page]:
    """A page in a window of its own; what the browser complained about fails the test."""
    complaints: list[str] = []
    with consoles.served(desk, gate) as address:
        context = browser.new_context(base_url=address, **{"viewport": DESKTOP, **more})
        page = context.new_page()
        page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.add_init_script(browsing.SHIFTS)
        yield page
        context.close()
    assert complaints == []


def connected(page: sync_api.Page, path: str = "/") -> None:
    with page.expect_response(lambda answer: "/live/" in answer.url):
        page.goto(path)


def incident(desk: Desk, title: str = "The edge is slow") -> None:
    incidents.put(desk.ledger, Incident(0, NOW, None, Severity.CRITICAL, title, "", None, "", {}))


@pytest.mark.parametrize("story", ["quiet", "incident", "empty"])
def test_it_has_no_finding_of_axe_and_fits_on_every_screen(
    tmp_path: Path, browser: sync_api.Browser, story: str
):
    with consoles.told(tmp_path, story) as desk, opened(browser, desk) as page:
        connected(page)
        for size, scheme in ((PHONE, "light"), (DESKTOP, "dark"), (DESKTOP, "light")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=tmp_path / f"{story}-{size['width']}-{scheme}.png", full_page=True)
            assert browsing.axe(page) == [], (story, size, scheme)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_changed_ledger_appears_without_a_reload_and_nothing_flickers(
    tmp_path: Path, browser: sync_api.Browser
):
    with consoles.told(tmp_path) as desk, opened(browser, desk) as page:
        connected(page)
        page.evaluate("window.kept = document.querySelector('.portico')")
        link = page.locator("#publishes a").first
        link.focus()
        incident(desk)
        desk.ledger.see("status", status(down=("b2",)))
        expect(page.locator("#incidents")).to_contain_text("The edge is slow")
        expect(page.locator("#picture .wide")).to_contain_text("degraded")
        expect(page.locator("#pulse")).to_have_text(re.compile("1 open incident"))
        expect(link).to_be_focused()
        assert page.evaluate("window.kept === document.querySelector('.portico')")


def test_what_a_person_opened_stays_open_while_the_page_changes(tmp_path: Path, browser: sync_api.Browser):
    with consoles.told(tmp_path) as desk, opened(browser, desk) as page:
        connected(page)
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        incident(desk)
        expect(page.locator("#incidents")).to_contain_text("The edge is slow")
        expect(page.locator("#keys")).to_be_visible()


def test_whoever_loses_the_role_is_sent_away_from_an_open_page(tmp_path: Path, browser: sync_api.Browser):
    gate = consoles.Let()
    with consoles.told(tmp_path) as desk, consoles.served(desk, gate) as address:
        context = browser.new_context(base_url=address)
        page = context.new_page()
        connected(page)
        gate.who_is = None
        expect(page).to_have_url(re.compile("/sign-in"))
        context.close()


def test_a_console_that_goes_away_is_said_and_the_page_stands(tmp_path: Path, browser: sync_api.Browser):
    with consoles.told(tmp_path) as desk:
        context = browser.new_context()
        page = context.new_page()
        with consoles.served(desk) as address:
            connected(page, address)
            expect(page.locator("#lost")).to_be_hidden()
        expect(page.locator("#lost")).to_be_visible()
        expect(page.locator("#columns")).to_be_visible()
        context.close()


def test_a_page_that_hears_nothing_any_more_says_so_until_it_does(tmp_path: Path, browser: sync_api.Browser):
    """A network that swallows everything reports no error."""
    gate, flows = consoles.Let(), threading.Event()
    flows.set()
    looks = gate.who
    gate.who = lambda request: flows.wait() and looks(request)
    with consoles.told(tmp_path) as desk, opened(browser, desk, gate) as page:
        page.clock.install()
        connected(page)
        expect(page.locator("#columns")).to_be_visible()
        page.clock.fast_forward(5_000)
        expect(page.locator("#lost")).to_be_hidden()
        flows.clear()
        try:
            page.clock.fast_forward(20_000)
            expect(page.locator("#lost")).to_be_visible()
        finally:
            flows.set()
        expect(page.locator("#lost")).to_be_hidden()


def test_a_window_too_many_says_that_it_stands_still(tmp_path: Path, browser: sync_api.Browser):
    with consoles.told(tmp_path) as desk, consoles.served(desk) as address:
        context = browser.new_context(base_url=address)
        windows = [context.new_page() for _ in range(live.MOST + 1)]
        for window in windows:
            connected(window)
        expect(windows[-1].locator("#lost")).to_contain_text("as many pages as it may")
        expect(windows[0].locator("#lost")).to_be_hidden()
        context.close()


def test_the_keyboard_gets_everywhere(tmp_path: Path, browser: sync_api.Browser):
    with consoles.told(tmp_path, "fresh") as desk, opened(browser, desk) as page:
        page.clock.set_fixed_time(datetime.now(UTC))  # a slow machine would be too late with a second key
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("Incidents")
        page.keyboard.press("Escape")
        page.keyboard.press("g")
        page.keyboard.press("i")
        expect(page).to_have_url(re.compile("/incidents$"))


def test_the_menu_of_a_phone_opens_and_leads_on(tmp_path: Path, browser: sync_api.Browser):
    with consoles.told(tmp_path, "fresh") as desk, opened(browser, desk, viewport=PHONE) as page:
        page.goto("/")
        expect(page.locator("#menu")).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
        expect(page.locator("#menu")).to_be_visible()
        assert browsing.axe(page) == []
        page.locator("#menu").get_by_role("link", name="Incidents").click()
        expect(page).to_have_url(re.compile("/incidents$"))


def test_ages_go_on_without_the_server(tmp_path: Path, browser: sync_api.Browser):
    with consoles.told(tmp_path) as desk, opened(browser, desk) as page:
        page.clock.install()
        page.goto("/")
        age = page.locator("#columns time").nth(1)
        before = age.text_content()
        page.clock.fast_forward("02:00")
        expect(age).not_to_have_text(before or "")
