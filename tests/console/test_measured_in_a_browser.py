"""The pages of what was measured, as a browser shows them: on a phone and a desk, by day and by night."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from support import browsing, consoles

pytestmark = pytest.mark.timeout(300)

PATHS = (
    "/traffic",
    "/latency",
    "/clusters",
    "/clusters/b",
    "/clusters/a1",
    "/metrics",
    "/metrics?metric=portico_edge_responses_total",
    "/events",
    "/settings",
)
WIDE = ("/traffic", "/latency", "/clusters/a1", "/events")
"""Each kind of part once; the phone shows them all."""
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def browser():
    with browsing.chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with consoles.told(tmp_path_factory.mktemp("console"), "incident") as told:
        yield told


@pytest.fixture(scope="module")
def address(desk):
    with consoles.served(desk) as found:
        yield found


def opened(browser, size, scheme="light"):
    """A page, and what the browser complained of."""
    page, said = browser.new_context(viewport=size, color_scheme=scheme).new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


@pytest.mark.parametrize(("size", "scheme", "paths"), [(PHONE, "dark", PATHS), (DESK, "light", WIDE)])
def test_each_measured_page_fits_is_for_everybody_and_breaks_no_rule(
    browser, address, tmp_path, size, scheme, paths
):
    page, said = opened(browser, size, scheme)
    for path in paths:
        page.goto(address + path, wait_until="load")
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        assert browsing.axe(page) == [], path
        page.screenshot(path=str(tmp_path / f"{path[1:].replace('/', '-')[:20]}.png"), full_page=True)
    page.context.close()
    assert said == []


def test_charts_are_drawn_from_the_numbers_and_follow_the_choice(browser, address):
    page, said = opened(browser, DESK)
    page.goto(f"{address}/metrics?metric=portico_edge_responses_total")
    page.locator("figure canvas").wait_for()
    expect(page.locator(".u-legend .u-series")).to_have_count(5)
    page.get_by_label("code").select_option("code=5xx")
    page.locator("select[name=span]").select_option("15m")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**label=code%3D5xx**")
    page.locator("figure canvas").wait_for()
    page.get_by_role("link", name="Link to this very time").click()
    page.wait_for_url("**from=**")
    page.locator("figure canvas").wait_for()
    page.context.close()
    assert said == []


def test_a_slash_goes_to_the_search_and_an_event_opens_by_the_keyboard(browser, address):
    page, _ = opened(browser, DESK)
    page.goto(f"{address}/events")
    page.keyboard.press("/")
    page.keyboard.type("a1")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=a1**")
    page.locator(".events summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".events pre").first).to_be_visible()
    page.context.close()


def test_what_was_opened_stays_open_while_the_page_is_kept_current(browser, address, desk):
    page, _ = opened(browser, PHONE)
    page.goto(f"{address}/clusters/a1")
    first = page.locator("#happened details").last
    first.locator("summary").click()
    desk.ledger.record("replica.started", "a1", cluster="a", pid=4242)
    page.get_by_text("pid 4242").wait_for()
    assert first.get_attribute("open") is not None
    page.context.close()


def test_a_page_that_there_is_not_stays_still(browser, address):
    page, _ = opened(browser, DESK)
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    page.goto(f"{address}/clusters/z9")
    page.goto(f"{address}/nowhere")
    page.get_by_role("heading", name="Not here").wait_for()
    page.wait_for_load_state("networkidle")
    assert len(loads) == 2
    page.context.close()


def painted(page, figure):
    """How many points of a chart's picture have any colour."""
    return page.evaluate(
        """(figure) => {
            const canvas = document.querySelector(`${figure} canvas`);
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return data.filter((value, place) => place % 4 === 3 && value > 0).length;
        }""",
        figure,
    )


def number(text):
    """Of `12.3/s`, `1 204`."""
    return float(re.match(r"[\d.\s\u202f]+", text)[0].replace("\u202f", "").replace(" ", ""))


@pytest.mark.parametrize("path", ["/traffic", "/latency"])
def test_on_a_phone_no_column_of_numbers_is_cut(browser, address, path):
    page, _ = opened(browser, PHONE)
    page.goto(address + path)
    page.locator("summary", has_text="In words").first.click() if path == "/latency" else None
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".scroll, .heat, .sheet")]
            .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
            .map((box) => `${box.className} ${box.ariaLabel} ${box.scrollWidth}/${box.clientWidth}`)"""
    )
    assert cut == []
    page.context.close()


def test_a_chart_tells_times_in_the_pages_zone_wherever_its_reader_is(browser, address):
    page = browser.new_context(viewport=DESK, timezone_id="America/New_York").new_page()
    page.goto(f"{address}/latency?span=1h")
    page.locator("#quantiles canvas").wait_for()
    page.locator("#quantiles .u-over").hover()
    moment = page.locator("#quantiles .u-legend .u-series .u-value").first
    expect(moment).to_have_text(re.compile(r"2026-11-23 0[23]:\d\d:\d\d"))
    expect(page.locator(".zone")).to_have_text("Times are told in UTC.")
    page.context.close()


def test_a_chart_and_its_table_tell_the_same_numbers(browser, address):
    page, said = opened(browser, DESK)
    with page.expect_response("**/data/series?**") as answered:
        page.goto(f"{address}/metrics?metric=portico_edge_responses_total")
    page.locator("#course canvas").wait_for()
    drawn = {
        one["label"]: [value for value in one["value"] if value is not None]
        for one in answered.value.json()["series"]
    }
    rows = page.get_by_role("group", name="Series in numbers").locator("tbody tr")
    told = {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows.all()}
    assert drawn.keys() == told.keys()
    for label, values in drawn.items():
        last, _mean, _least, most = map(number, told[label])
        assert last == pytest.approx(values[-1], rel=0.06, abs=0.06), label
        assert most >= max(values) * 0.94 - 0.06, label
    assert painted(page, "#course") > 500
    page.context.close()
    assert said == []


def test_a_charts_words_are_opened_by_the_keyboard_and_stay_open_while_it_is_drawn_anew(
    browser, address, desk
):
    page, said = opened(browser, PHONE)
    page.goto(f"{address}/latency")
    page.locator("#quantiles canvas").wait_for()
    before = page.locator("#quantiles").get_attribute("data-chart")
    page.locator("#quantiles summary").focus()
    page.keyboard.press("Enter")
    words = page.locator("#quantiles details > :not(summary)").first
    expect(words).to_be_visible()
    consoles.clock(desk).now += 60
    expect(page.locator("#quantiles")).not_to_have_attribute("data-chart", before)
    expect(words).to_be_visible()
    expect(page.locator("#quantiles summary")).to_be_focused()
    page.locator("#quantiles canvas").wait_for()
    assert painted(page, "#quantiles") > 500
    consoles.clock(desk).now -= 60
    page.context.close()
    assert said == []


def test_a_page_that_is_not_there_and_one_that_broke_say_what_to_do(browser, tmp_path):
    with consoles.told(tmp_path) as desk, consoles.served(desk) as address:
        desk.ledger.put("ALTER TABLE bulletins RENAME TO lost")
        page, _ = opened(browser, PHONE, "dark")
        for path, status, title in (
            ("/nowhere", 404, "Not here"),
            ("/statuspage", 500, "Something broke here"),
        ):
            answer = page.goto(address + path)
            assert answer.status == status
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            assert browsing.axe(page) == []
            page.screenshot(path=str(tmp_path / f"{status}.png"))
            page.get_by_role("link", name="The first page").click()
            page.wait_for_url(f"{address}/")
        page.context.close()
