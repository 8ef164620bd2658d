"""The pages that order, as a browser shows them: on a phone, in the dark, by keyboard, for everybody."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from portico.ledger import asks, incidents
from portico.ledger.asks import Question
from portico.ledger.incidents import Member
from portico.model import Severity
from support import browsing, consoles

pytestmark = pytest.mark.timeout(300)

PATHS = (
    "/incidents",
    "/incidents/2",
    "/alerts",
    "/alerts/cluster-down",
    "/runbooks/cluster-down",
    "/orders",
    "/orders/1",
    "/publishes",
    "/publishes/1",
    "/diff",
    "/operate",
    "/drills",
    "/drills/cluster",
)
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def browser():
    with browsing.chromium() as opened:
        yield opened


@contextlib.contextmanager
def asking(folder):
    """Cluster b is down, and Portico asks about it."""
    with consoles.told(folder, "incident") as told:
        words = "Restart cluster b: one replica at a time."
        asked = Question("restart-replica", "restart", {"target": "b", "touches": "b"}, "c", words, 2)
        asks.create(told.ledger, asked, consoles.NOW + 600)
        yield told


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with asking(tmp_path_factory.mktemp("console")) as told:
        yield told


@pytest.fixture(scope="module")
def address(desk):
    with consoles.served(desk) as found:
        yield found


def complaints(page):
    """What axe finds in it."""
    page.evaluate(browsing.AXE.read_text())
    found = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_each_page_fits_is_for_everybody_and_breaks_no_rule(browser, address, tmp_path, size, scheme):
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PATHS:
        page.goto(address + path, wait_until="load")
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        assert complaints(page) == [], path
        page.screenshot(path=str(tmp_path / f"{path.strip('/').replace('/', '-')}.png"), full_page=True)
    context.close()
    assert [one for one in said if "Content Security Policy" in one or "Error" in one] == []


def test_what_is_being_written_stays_while_the_page_is_kept_current(browser, address, desk):
    page = browser.new_page()
    page.goto(f"{address}/incidents/2")
    page.locator("#danger-ask-1 summary").click()
    field = page.get_by_label("Write b to go on")
    field.fill("b")
    desk.ledger.order("restart", {"target": "b1", "incident": 2, "action": "restart-replica"}, by="mara")
    page.get_by_text("by mara at").wait_for()
    assert field.is_visible()
    assert field.input_value() == "b"
    page.close()


def test_an_open_incidents_page_follows_what_it_is_about(browser, tmp_path):
    with consoles.told(tmp_path, "incident") as desk, consoles.served(desk) as address:
        page = browser.new_page()
        page.goto(f"{address}/incidents/2")
        late = Member("disk-low", Severity.WARNING, "The disk fills.", desk.now)
        known = incidents.get(desk.ledger, 2)
        more = replace(known, title="All is off", members=(*known.members, late))
        incidents.put(desk.ledger, more)
        expect(page.get_by_role("heading", level=1)).to_have_text("All is off")
        expect(page.get_by_role("heading", name="Runbook: disk-low")).to_be_visible()
        page.close()


def test_a_dangerous_button_is_reached_and_pressed_by_the_keyboard_alone(browser, tmp_path):
    with asking(tmp_path) as desk, consoles.served(desk) as address:
        page = browser.new_page()
        page.goto(f"{address}/incidents/2")
        page.locator("#danger-ask-1 summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("b")
        page.keyboard.press("Enter")
        page.wait_for_url("**/orders/*")
        assert asks.get(desk.ledger, 1).by == "ada (console)"
        page.close()


def test_what_was_written_is_in_its_form_again_after_the_proof(browser, desk):
    gate = consoles.Let()
    gate.is_fresh = False
    with consoles.served(desk, gate) as address:
        page = browser.new_page()
        page.goto(f"{address}/incidents/2")
        page.locator("#danger-ask-1 summary").click()
        page.get_by_label("Write b to go on").fill("b")
        page.keyboard.press("Enter")
        page.wait_for_url("**/prove?next=*")
        gate.is_fresh = True
        page.goto(f"{address}/incidents/2")
        field = page.get_by_label("Write b to go on")
        field.wait_for()
        assert field.input_value() == "b"
        assert page.get_by_text("press once more").is_visible()
        assert page.evaluate("document.activeElement.textContent").startswith("Yes")
        assert complaints(page) == []
        page.close()
