"""An editor's form and Wagtail's saves by themselves, in a real browser, told by its events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

import portico.studio
from support import browsing

STUDIO = "http://studio.example"
SCRIPT = Path(portico.studio.__file__).parent / "static/studio_admin/autosave.js"
FORM = """<!doctype html><title>Edit</title>
<form data-controller="w-unsaved w-autosave" data-w-autosave-interval-value="{pause}"
method="post" action="/sent">
<input name="title" value="News"><button name="action-publish" value="yes">Publish</button></form>
<script src="/autosave.js"></script>"""


class Editor:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.sent: list[str | None] = []
        page.route(f"{STUDIO}/**", self._answer)

    def opens(self, *, pause: int) -> None:
        self._form = FORM.format(pause=pause)
        self.page.goto(f"{STUDIO}/edit/")

    def saves(self, state: str) -> None:
        """As the form's controller tells."""
        self.page.evaluate(
            "state => document.forms[0].dispatchEvent(window.last = new CustomEvent("
            "`w-autosave:${state}`, {bubbles: true, cancelable: state === 'save'}))",
            state,
        )

    def publishes(self) -> None:
        """The button is disabled at once, as Wagtail's is."""
        self.page.evaluate(
            "() => { const one = document.querySelector('button'); one.click(); one.disabled = true }"
        )

    def _answer(self, route: Route) -> None:
        if route.request.method == "POST":
            self.sent.append(route.request.post_data)
            route.fulfill(body="sent", content_type="text/html")
        elif route.request.url.endswith(".js"):
            route.fulfill(path=SCRIPT, content_type="text/javascript")
        else:
            route.fulfill(body=self._form, content_type="text/html")


@pytest.fixture
def editor() -> Iterator[Editor]:
    with browsing.chromium() as browser:
        yield Editor(browser.new_page())


def test_what_is_published_waits_for_the_save_by_itself_that_is_on_its_way(editor: Editor):
    """It would be stored after what is live, as a draft."""
    editor.opens(pause=0)
    editor.saves("save")
    editor.publishes()
    assert editor.page.evaluate("1 + 1") == 2, "whatever the press began has been begun"
    assert editor.sent == []
    editor.saves("save")
    assert editor.page.evaluate("last.defaultPrevented"), "nothing is saved by itself any more"
    with editor.page.expect_navigation():
        editor.saves("success")
    assert editor.sent == ["title=News&action-publish=yes"]


def test_a_save_that_only_waits_for_a_pause_is_not_needed_any_more(editor: Editor):
    editor.opens(pause=600_000)
    editor.saves("save")
    with editor.page.expect_navigation():
        editor.page.get_by_role("button").click()
    assert editor.sent == ["title=News&action-publish=yes"]


def test_a_save_that_never_ends_holds_nobody_up(editor: Editor):
    editor.page.clock.install()
    editor.opens(pause=0)
    editor.saves("save")
    editor.publishes()
    assert editor.sent == []
    with editor.page.expect_navigation():
        editor.page.clock.fast_forward(6_000)
    assert len(editor.sent) == 1
