"""What editors do, in a real browser, until visitors see it in both clusters."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from support import newsroom, stack
from support.newsroom import PATIENCE_MS, PATIENCE_S, Newsroom, Person

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom.opened(tmp_path_factory.mktemp("newsroom")) as opened:
        yield opened


@pytest.fixture(scope="module")
def publisher(room: Newsroom) -> Person:
    return room.hire("paula", "publisher")


def number_of(person: Person, title: str) -> int:
    """The id of a page, by way of the studio's own search."""
    page = person.go(f"/studio/pages/search/?q={title}")
    link = page.get_by_role("link", name=title, exact=True).first.get_attribute("href")
    return int(re.search(r"/pages/(\d+)/", link or "")[1])


def headline(page: Page, text: str) -> None:
    page.locator("[name=headline]").fill(text)


def test_an_author_writes_an_editor_reviews_a_publisher_approves_and_visitors_see_it(
    room: Newsroom, publisher: Person
):
    author, editor = room.hire("ann", "author"), room.hire("eddie", "editor")
    home = number_of(author, "Home")

    page = author.edit(home)
    headline(page, "Written by Ann")
    page.get_by_role("button", name="Toggle preview").click()
    frame = page.frame_locator("iframe[title='Preview']").first
    expect(frame.get_by_role("heading", level=1)).to_have_text("Written by Ann", timeout=PATIENCE_MS)
    sizes = page.locator("input[name=preview-size]").evaluate_all("all => all.map(one => one.value)")
    assert {"phone", "desktop"} <= set(sizes)
    expect(page.locator("button[name='action-publish']")).to_have_count(0)
    author.choose("action-submit")
    expect(page.get_by_text("submitted for moderation")).to_be_visible(timeout=PATIENCE_MS)
    assert b"Written by Ann" not in room.stack.get("/").body

    for person in (editor, publisher):
        person.edit(home)
        person.approve()
    room.seen("Written by Ann")


def test_a_publisher_follows_the_own_publish_until_it_is_live(room: Newsroom, publisher: Person):
    page = publisher.edit(number_of(publisher, "Home"))
    headline(page, "Published at once")
    publisher.choose("action-publish")
    publisher.told("frozen, checked, in cluster a, in cluster b, in the mirror, live")
    room.seen("Published at once")
    ledger = room.stack.ledger()
    assert "paula" in {event.data["by"] for event in ledger.events(kind="edit.live")}
    ledger.close()


def test_a_publisher_undoes_the_last_publish(room: Newsroom, publisher: Person):
    page = publisher.edit(number_of(publisher, "Home"))
    headline(page, "A slip of the pen")
    publisher.choose("action-publish")
    room.seen("A slip of the pen")
    publisher.told("live")

    publisher.go("/studio/").get_by_role("link", name="Undo the last publish").click()
    publisher.page.get_by_role("button", name="Yes, undo the last publish").click()
    room.seen("Published at once")
    assert b"A slip" not in room.stack.get("/").body
    publisher.go("/studio/")
    expect(publisher.page.locator("main")).to_contain_text("undone", timeout=PATIENCE_MS, ignore_case=True)


def test_what_is_scheduled_goes_live_by_itself(room: Newsroom, publisher: Person):
    page = publisher.edit(number_of(publisher, "A company the size of a mill"))
    page.locator("[name=title]").fill("About, from now on")
    due = datetime.now(UTC) + timedelta(days=1)
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").first.click()
    field = page.locator("#id_go_live_at")
    field.fill(due.strftime("%Y-%m-%d %H:%M"))
    field.press("Tab")
    page.get_by_role("button", name="Save schedule").evaluate(
        "one => one.click()"
    )  # its calendar is in the way
    expect(field).not_to_be_visible()
    publisher.choose("action-publish")
    expect(page.get_by_text("scheduled").first).to_be_visible(timeout=PATIENCE_MS)
    assert b"from now on" not in room.stack.get("/about/").body
    its_time_comes(room)
    room.seen("About, from now on", "/about/")


def its_time_comes(room: Newsroom) -> None:
    """A day later, for whatever is scheduled."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    file = room.stack.home.root / "studio" / "studio.db"
    with closing(sqlite3.connect(file, timeout=60)) as database, database:
        database.execute(
            "UPDATE wagtailcore_revision"
            " SET approved_go_live_at = ?, content = json_set(content, '$.go_live_at', ?)"
            " WHERE approved_go_live_at IS NOT NULL",
            (now.isoformat(" "), f"{now.isoformat()}Z"),
        )


def test_what_is_unpublished_is_gone_and_no_rollback_brings_it_back(room: Newsroom, publisher: Person):
    assert room.stack.get("/promise/").status == 200
    number = number_of(publisher, "Our promise to rivers")
    page = publisher.go(f"/studio/pages/{number}/unpublish/")
    expect(page.get_by_text("gone everywhere")).to_be_visible()
    page.get_by_role("button", name="Yes, unpublish it").click()
    room.gone("/promise/")
    ledger = room.stack.ledger()
    stack.until(lambda: ledger.events(kind="taken.down"), PATIENCE_S, "everybody acknowledges")
    ledger.close()
    assert room.stack.cli("rollback").returncode == 0
    assert room.stack.get("/promise/").status == 404


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_visitor_writes_and_the_studio_has_it_once(room: Newsroom, publisher: Person, *, scripts: bool):
    page = room.visitor(java_script_enabled=scripts)
    page.goto("/contact/")
    words = f"We have a weir, {'with' if scripts else 'without'} scripts."
    form = page.locator("form[action^='/-/intake/']")
    for field in form.locator("input:visible, textarea:visible, select:visible").all():
        answer(field, words)
    if scripts:
        page.wait_for_timeout(3000)  # people take longer than that, and haste is taken for a machine's
    form.get_by_role("button").click()
    if scripts:
        expect(page.locator("[data-thanks]")).to_be_visible(timeout=PATIENCE_MS)
        expect(form).not_to_be_visible()
    else:
        expect(page).to_have_url(re.compile("/contact/thanks/"), timeout=PATIENCE_MS)

    def delivered() -> bool:
        publisher.go("/studio/forms/")
        publisher.page.get_by_role("link", name="Tell us about your weir").first.click()
        return publisher.page.get_by_text(words).count() == 1

    stack.until(delivered, PATIENCE_S, "the entry reaches the studio")


def answer(field, words: str) -> None:
    kind = field.evaluate("one => one.tagName === 'INPUT' ? one.type : one.tagName")
    if kind in {"checkbox", "radio"}:
        field.check()
    elif kind == "SELECT":
        field.select_option(index=1)
    else:
        by_kind = {"email": "ada@example.com", "url": "https://example.com/", "number": "3"}
        field.fill(by_kind.get(kind, words if kind == "TEXTAREA" else "Ada Weir"))
