"""The page of real visitors: with many visits, with few, and with none; and our browser's pictures."""

from __future__ import annotations

import pytest

from portico.console.pages import visitors
from portico.kit.errors import PorticoError
from portico.watch.visitors.quartile import Buckets
from portico.watch.visitors.vitals import LARGEST
from support import browsing, consoles, visited

SIZES = [(360, 780, "dark"), (1440, 900, "light")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with consoles.told(tmp_path_factory.mktemp("visitors")) as made:
        visited.tell(made)
        yield made


@pytest.fixture
def bare(tmp_path):
    with consoles.told(tmp_path, "empty") as made:
        yield made


def fast(visits: int) -> Buckets:
    return Buckets(dict.fromkeys((*LARGEST.bounds, float("inf")), visits))


def test_few_visits_are_told_as_few_and_judged_by_nobody():
    few = visitors.cell({("lcp", "phone", "home"): fast(99)}, LARGEST, 100)
    assert (few.value, few.tone, few.word) == (None, "none", "too few")
    many = visitors.cell({("lcp", "phone", "home"): fast(100)}, LARGEST, 100)
    assert (many.said, many.tone) == ("750 ms", "good")


def test_kinds_stand_in_the_order_of_their_visits():
    tallies = {("lcp", "phone", "home"): fast(5), ("lcp", "desktop", "page"): fast(9)}
    assert [kind for kind, _ in visitors.kinds(tallies, 1)] == ["page", "home"]
    assert [kind for kind, _ in visitors.kinds(tallies, 1, "phone")] == ["home"]


def test_the_page_tells_both_devices_each_kind_and_what_the_probes_saw(desk):
    page = consoles.client(desk).get("/visitors").text
    for word in ("Phones", "Desktops", "Largest paint", "article", "Probes", "Our own browser"):
        assert word in page
    assert "found nothing" in page
    assert "2 times in a row" in page


def test_an_unknown_device_is_no_page(desk):
    with pytest.raises(PorticoError, match="no device"):
        visitors.look(desk, type("Asked", (), {"query_params": {"device": "tv"}}))


def test_a_picture_is_shown_to_whoever_is_signed_in_and_no_other_file(desk):
    gate = consoles.Let()
    client = consoles.client(desk, gate=gate)
    picture = f"/visitors/pictures/{visited.PICTURE}"
    assert client.get(picture).headers["content-type"] == "image/jpeg"
    assert client.get("/visitors/pictures/2026-11-23T02-41-11.jpg").status_code == 404
    assert client.get("/visitors/pictures/..%2f..%2fledger.db").status_code == 404
    gate.who_is = None
    assert client.get(picture).status_code == 401


def test_it_stands_on_phones_and_desktops_and_before_anything_was_told(desk, bare, tmp_path):
    with browsing.chromium() as browser:
        for story, told, sizes in (("told", desk, SIZES), ("bare", bare, SIZES[:1])):
            with consoles.served(told) as address:
                for width, height, scheme in sizes:
                    size = {"width": width, "height": height}
                    page = browser.new_page(viewport=size, color_scheme=scheme)
                    page.goto(f"{address}/visitors")
                    if told is desk:
                        page.locator("#course-2 canvas").wait_for()
                    page.screenshot(path=tmp_path / f"{story}-{width}.png", full_page=True)
                    assert page.evaluate("document.documentElement.scrollWidth") <= width
                    assert axe(page) == []
                    page.close()


def axe(page) -> list[str]:
    if not browsing.AXE.exists():
        pytest.skip("axe-core is not installed: ./portico test prepares it where there is npm")
    page.evaluate(browsing.AXE.read_text())
    found = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]
