"""A real stack operated from a real browser: what is pressed is carried out, and seen without a reload."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from portico.config import console, load
from support import browsing, operators_made
from support.stack import Stack, running_stack

EDITIONS = ("first edition", "second edition")
pytestmark = pytest.mark.timeout(300)

RESULT = re.compile("passed|failed|void")
"""What it comes to is for the drills to say, on a machine of their own."""


def write(folder, text):
    (folder / "index.html").write_text(f"<!doctype html><title>{text}</title><p>{text}", encoding="utf-8")


@pytest.fixture
def stack(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    write(site, EDITIONS[0])
    with running_stack(site, tmp_path, "[keeper]\nsoak_s = 0\n[console]\nenabled = true\n") as running:
        write(site, EDITIONS[1])
        published = running.cli("publish")
        assert published.returncode == 0, published.stderr
        yield running


def sign_in(page: Page, stack: Stack, at: str) -> None:
    ledger = stack.ledger()
    secret = operators_made.with_password(operators_made.book(stack.home, ledger))
    ledger.close()
    page.goto(at)
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(operators_made.PASSWORD)
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(at)


def ends_well(page: Page) -> None:
    """The page of the order that was given turns to done by itself."""
    expect(page.locator("#order-one .facts .chip")).to_have_text("done")


def test_a_cluster_is_drained_by_its_name_and_brought_back_a_publish_rolled_back_and_a_drill_run(
    stack, tmp_path
):
    settings = load.load(stack.settings, stack.home.root, cwd=tmp_path).settings
    base = console.address(stack.home, settings.console)
    with browsing.chromium() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        sign_in(page, stack, f"{base}operate")
        looking = context.new_page()
        looking.goto(f"{base}operate")

        page.locator("#danger-drain-a summary").click()
        danger = page.locator("#danger-drain-a")
        expect(danger).to_contain_text("cluster b serves alone, with 2 replicas")
        danger.get_by_label("Write a to go on").fill("a")
        danger.get_by_role("button", name="Drain a").click()
        ends_well(page)
        expect(page.locator("#order-one")).to_contain_text("ordered by ada (console)")
        expect(looking.locator("section[aria-labelledby=cluster-a] header")).to_contain_text("drained")
        expect(looking.locator("#operate-clusters")).to_contain_text("b is the last healthy cluster")

        looking.get_by_role("button", name="Bring a back").click()
        ends_well(looking)

        page.goto(f"{base}publishes")
        expect(page.locator("#publishes-back")).to_contain_text("1 path changes")
        page.get_by_role("button", name="Roll back", exact=True).click()
        ends_well(page)
        assert EDITIONS[0] in stack.get("/").body.decode()
        page.goto(f"{base}publishes")
        expect(page.locator("#publishes-list tbody tr").first).to_contain_text("Roll back to snapshot")
        expect(page.locator("#publishes-list tbody tr").first).to_contain_text("live")

        page.goto(f"{base}drills/replica")
        page.locator("#danger-run summary").click()
        page.get_by_label("Write replica to go on").fill("replica")
        page.locator("#danger-run").get_by_role("button", name="Run the drill").click()
        expect(page.locator("#drill-one header .chip")).to_have_text(RESULT)
