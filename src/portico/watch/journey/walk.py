"""The way itself: a page, the search, a form, in the system's Chromium. Only this module knows Playwright."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from playwright import sync_api
from playwright.sync_api import Page, Route

from portico.watch.journey import practice
from portico.watch.journey.plan import FORM, PAGE, SEARCH, Plan, Result, Step

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 12_000
WINDOW: sync_api.ViewportSize = {"width": 1280, "height": 900}
MOST_LINKS = 40

SEARCH_BOX = "[role=search] input[type=search]"
SEARCH_HIT = "[data-search] a"
SENT_FORM = "form[data-form]"
THANKS = "[data-thanks]"

_FIND = """async ([wanted, most]) => {
    if (document.querySelector(wanted)) return location.pathname;
    const links = [...document.querySelectorAll("header a[href], nav a[href], footer a[href]")];
    const urls = links.map(link => new URL(link.href)).filter(url => url.origin === location.origin);
    const paths = [...new Set(urls.map(url => url.pathname))].slice(0, most);
    const pages = await Promise.all(paths.map(path => fetch(path).then(answer => answer.text())));
    const parsed = pages.map(html => new DOMParser().parseFromString(html, "text/html"));
    return paths[parsed.findIndex(page => page.querySelector(wanted))] ?? null;
}"""

_WORDS = "() => [...document.querySelectorAll('main h1, main h2, h1')].map(one => one.textContent).join(' ')"

_ANSWERS = {
    "email": "journey@portico.invalid",
    "tel": "0",
    "url": "https://portico.invalid/",
    "number": "1",
    "date": "2030-01-01",
}
_WORD = "A journey of Portico's own browser: nobody is meant."


class AstrayError(Exception):
    """A step failed; the sentence says how."""


class LeftOutError(Exception):
    """There is no such thing on this site."""


class NoBrowserError(Exception):
    """It is not the site's fault."""


Walk = Callable[["Way"], None]


class Way:
    """One window on its way. `words` is what is searched for, known once the first page was seen."""

    def __init__(self, page: Page, plan: Plan) -> None:
        self.page = page
        self.plan = plan
        self.words = plan.words or ""

    def open(self, path: str) -> None:
        answer = self.page.goto(self.plan.address + path, wait_until="load")
        status = answer.status if answer else 0
        if status != 200:
            raise AstrayError(f"{path} was answered {status}")

    def find(self, wanted: str) -> str | None:
        """The page that has it, among those that the menus of the first one lead to."""
        self.open(self.plan.start)
        found: str | None = self.page.evaluate(_FIND, [wanted, MOST_LINKS])
        return found


def walk(plan: Plan) -> Iterator[str | Step]:
    """A step's name when it begins, and the step when it is over; after one that failed there is no other."""
    with _window(plan) as page:
        way = Way(page, plan)
        for name, go in WALKS:
            yield name
            step = _taken(name, go, way)
            yield step
            if step.result is Result.FAILED:
                return


def _taken(name: str, go: Walk, way: Way) -> Step:
    began = time.monotonic()
    try:
        go(way)
    except LeftOutError as reason:
        return Step(name, Result.SKIPPED, why=str(reason))
    except (AstrayError, sync_api.Error) as error:
        seconds = time.monotonic() - began
        _photograph(way)
        return Step(name, Result.FAILED, seconds, _in_short(error))
    return Step(name, Result.WENT, time.monotonic() - began)


def _page(way: Way) -> None:
    way.open(way.plan.start)
    if not way.page.locator("body").inner_text().strip():
        raise AstrayError(f"{way.plan.start} shows nothing")
    way.words = way.words or _longest(way.page.evaluate(_WORDS))


def _search(way: Way) -> None:
    path = way.plan.search or way.find(SEARCH_BOX)
    if path is None:
        raise LeftOutError(f"no page that {way.plan.start} leads to has a search")
    if not way.words:
        raise LeftOutError("no word of the first page can be searched for; set journey/words")
    way.open(path)
    way.page.locator(SEARCH_BOX).first.fill(way.words)
    way.page.keyboard.press("Enter")
    with _told(f"searching {way.words!r} on {path} found nothing"):
        way.page.locator(SEARCH_HIT).first.wait_for()


def _form(way: Way) -> None:
    path = way.plan.form or way.find(SENT_FORM)
    if path is None:
        raise LeftOutError(f"no page that {way.plan.start} leads to has a form")
    way.open(path)
    form = way.page.locator(SENT_FORM).first
    for field in form.locator("input:visible, textarea:visible, select:visible").all():
        if field.evaluate("field => field.required"):
            _fill(field)
    form.locator("[type=submit]").first.click()
    with _told(f"the form on {path} was sent, and said no thanks"):
        way.page.locator(THANKS).first.wait_for()


WALKS: tuple[tuple[str, Walk], ...] = ((PAGE, _page), (SEARCH, _search), (FORM, _form))


def _fill(field: sync_api.Locator) -> None:
    kind = field.evaluate("field => field.type")
    if kind in {"checkbox", "radio"}:
        field.check()
    elif kind.startswith("select"):
        field.select_option(index=1)
    else:
        field.fill(_ANSWERS.get(kind, _WORD))


@contextlib.contextmanager
def _told(sentence: str) -> Iterator[None]:
    try:
        yield
    except sync_api.TimeoutError as error:
        raise AstrayError(sentence) from error


@contextlib.contextmanager
def _window(plan: Plan) -> Iterator[Page]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise NoBrowserError("Chromium isn't installed")
    with sync_api.sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=_arguments(plan))
        except sync_api.Error as error:
            raise NoBrowserError(f"Chromium doesn't start: {_in_short(error)}") from error
        context = browser.new_context(viewport=WINDOW, ignore_https_errors=True, service_workers="block")
        context.set_default_timeout(PATIENCE_MS)
        context.route("**/*", _watch_over)
        yield context.new_page()
        browser.close()


def _arguments(plan: Plan) -> list[str]:
    """The site's name may lead elsewhere from here. Chromium's sandbox refuses to be root's."""
    arguments = ["--disable-dev-shm-usage"]
    if plan.at:
        arguments.append(f"--host-resolver-rules=MAP {urlsplit(plan.address).hostname} {plan.at}")
    return [*arguments, "--no-sandbox"] if os.geteuid() == 0 else arguments


def _watch_over(route: Route) -> None:
    """No post but to the practice form leaves this browser."""
    request = route.request
    if practice.is_form(request.method, request.url):
        sent = practice.body(request.post_data or "", secrets.token_hex(16))
        route.continue_(url=practice.led_astray(request.url), post_data=sent)
    elif practice.is_harmless(request.method):
        route.continue_()
    else:
        route.abort()


def _photograph(way: Way) -> None:
    with contextlib.suppress(sync_api.Error):
        way.page.screenshot(path=way.plan.picture, type="jpeg", quality=60, timeout=5000)


def _longest(text: str) -> str:
    """Words of letters alone: others are cut differently by a search."""
    return max(re.findall(r"[^\W\d_]{4,}", text), key=len, default="")


def _in_short(error: Exception) -> str:
    """Playwright tells a whole log; its first line says what it waited for."""
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
