"""A real browser at a real site: ours goes a visitor's way, and a visitor's tells how fast it was."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import psutil
import pytest
from playwright import sync_api

from portico.config.models import Settings
from portico.store import signing
from portico.watch.collect.vitals import VitalsCollector
from portico.watch.journey.guide import Guide
from portico.watch.journey.plan import STEPS, Plan, Result
from portico.watch.watched import Watched
from support import collecting, edging, studiostack
from support.stack import Stack

pytestmark = [
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium on this machine"),
    pytest.mark.timeout(600),  # whoever comes first migrates, seeds and freezes the studio
]

SEEN = "portico_visitor_"
TAKEN = f'{SEEN}visits_total{{result="taken"}}'


@pytest.fixture(scope="module")
def stack(tmp_path_factory) -> Iterator[Stack]:
    with studiostack.running(tmp_path_factory.mktemp("visitors")) as made:
        yield made


@pytest.fixture
def plan(stack, tmp_path) -> Plan:
    return Plan(stack.address.rstrip("/"), None, "/", None, None, None, str(tmp_path / "seen.jpg"))


def families() -> list[psutil.Process]:
    """Browsers that were started from here and still run."""
    return [one for one in psutil.Process().children(recursive=True) if "chrom" in one.name()]


def test_the_browser_goes_from_page_to_search_to_form_and_its_post_reaches_nobody(stack, plan):
    walked = Guide().walk(plan, 90)
    assert [(step.name, step.result, step.why) for step in walked.steps] == [
        (name, Result.WENT, "") for name in STEPS
    ]
    assert all(step.seconds > 0 for step in walked.steps)
    assert not Path(plan.picture).exists()

    ledger = stack.ledger()

    def relayed() -> dict[str, int]:
        seen = ledger.seen("intake")
        return seen[0] if seen else {"probes": 0}

    edging.until(lambda: relayed()["probes"], "the practice form's post")
    assert relayed()["delivered"] == relayed()["spam"] == relayed()["mail_waiting"] == 0
    ledger.close()
    assert families() == []


def test_a_step_that_fails_ends_the_way_and_leaves_a_picture(plan):
    walked = Guide().walk(replace(plan, search="/no-such-page/"), 90)
    assert [(step.name, step.result) for step in walked.steps] == [
        ("page", Result.WENT),
        ("search", Result.FAILED),
    ]
    assert walked.told == "search: /no-such-page/ was answered 404"
    assert Path(plan.picture).read_bytes()[:2] == b"\xff\xd8"


def test_a_browser_that_takes_too_long_is_ended_with_all_that_it_started(plan):
    walked = Guide().walk(plan, 0.4)
    assert walked.result in {Result.FAILED, Result.SKIPPED}
    assert "within" in walked.told
    assert families() == []


def test_a_visitors_browser_tells_how_fast_a_page_was_and_nothing_else(stack):
    watched = Watched(
        stack.home, Settings(), None, stack.ledger(), signing.load_public(stack.home.public_key)
    )
    collector = VitalsCollector(watched)
    collecting.numbers(collector)
    try:
        sent = visit(stack.address)
        edging.until(lambda: collecting.numbers(collector)[TAKEN] == 1, "the beacon")
        numbers = collecting.numbers(collector)
    finally:
        collector.close()
    home = 'device="phone",kind="home"'
    for vital in ("largest_paint_seconds", "first_byte_seconds", "layout_shift_ratio", "interaction_seconds"):
        assert numbers[f"{SEEN}{vital}_count{{{home}}}"] == 1, json.dumps(numbers, indent=1)
    assert numbers[f"{SEEN}largest_paint_seconds_sum{{{home}}}"] < 30
    path, _, body = sent.partition(" ")
    told = parse_qs(body)
    assert path == "/-/vitals"
    assert {name: told.pop(name) for name in ("kind", "device")} == {"kind": ["home"], "device": ["phone"]}
    assert set(told) == {"lcp", "cls", "inp", "ttfb"}
    assert all(value.isdecimal() for (value,) in told.values())


NOTING = """
Math.random = () => 0;
const send = navigator.sendBeacon.bind(navigator);
navigator.sendBeacon = (path, body) => {
    sessionStorage.sent = `${path} ${body}`;
    return send(path, body);
};
"""


def visit(address: str) -> str:
    """A phone that looks at the homepage, taps, and goes on: where it sent what. It keeps nothing else."""
    args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-blink-features=AutomationControlled"]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=args)
        page = browser.new_page(viewport={"width": 390, "height": 844}, ignore_https_errors=True)
        page.add_init_script(NOTING)
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        with page.expect_response("**/web-vitals.*.js"):
            page.goto(address)
        page.locator("h1").click()
        page.evaluate("() => new Promise(done => requestIdleCallback(() => setTimeout(done, 0)))")
        page.goto(f"{address}about/")
        sent: str = page.evaluate("sessionStorage.sent ?? ''")
        assert complaints == []
        assert page.context.cookies() == []
        assert page.evaluate("localStorage.length") == 0
        browser.close()
    return sent
