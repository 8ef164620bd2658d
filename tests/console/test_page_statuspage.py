"""The console's page of the status page: a draft with one press, a look at it, and the public only then."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from portico.console.desk import Desk
from portico.ledger import bulletins, incidents
from portico.operators.operator import Role
from support import browsing, consoles, pressing
from support.consoles import TOKEN

WORDS = {"kind": "incident", "title": "Pages are slow", "text": "We look into it.", "affected": "site"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with consoles.told(tmp_path, "drill") as made:
        yield made


def pressed(desk: Desk, path: str, role: Role = Role.OPERATOR, **fields: str):
    return consoles.client(desk, role).post(f"/statuspage{path}", data={"_token": TOKEN, **fields})


def publish(desk: Desk, number: int):
    return pressing.press(consoles.client(desk), f"/statuspage/{number}", f"/statuspage/{number}/publish")


def drafted(desk: Desk) -> int:
    assert pressed(desk, "/new", **WORDS).status_code == 303
    return bulletins.drafts(desk.ledger)[-1].id


@pytest.mark.parametrize("story", sorted(consoles.STORIES))
def test_the_page_is_shown_whatever_is_known(story: str, tmp_path: Path):
    with consoles.told(tmp_path, story) as desk:
        answer = consoles.client(desk).get("/statuspage")
    assert answer.status_code == 200, answer.text


def test_who_waits_for_a_mail_to_confirm_is_told_and_for_how_long(desk: Desk):
    desk.ledger.see("status_page", {"address": "https://status.example.com/", "at": 0, "lacking": {}})
    kept = {"confirmed": 40, "pending": 450, "waiting": 2, "failed": 0, "queued": 450, "turned_away": 0}
    desk.ledger.see("subscribers", kept)
    page = consoles.client(desk).get("/statuspage").text
    assert "450 addresses wait for the mail by which one confirms" in page
    assert "The last comes within 3 h" in page
    desk.ledger.see("subscribers", kept | {"queued": 0})
    assert "the mail by which one confirms" not in consoles.client(desk).get("/statuspage").text


PUBLISHED = {
    "address": "https://status.example.com/",
    "at": 0,
    "lacking": {},
    "headline": "The website can't be reached",
    "parts": [{"name": "Website", "state": "is down", "uptime": 0.9712}],
}


def test_what_visitors_read_is_what_was_published_whatever_is_measured_since(desk: Desk):
    desk.ledger.see("status_page", PUBLISHED)
    for later_s, visitors in ((100, False), (100, False), (200, True)):
        consoles.clock(desk).now += later_s
        page = unescape(consoles.client(desk).get("/statuspage").text)
        assert "The website can't be reached" in page
        assert "97.12 %" in page
        assert ("visitors are told that it is old" in page) is visitors
    assert '<a href="/runbooks/status-page-old">' in page


def test_what_an_older_keeper_published_is_not_made_up(desk: Desk):
    desk.ledger.see("status_page", {name: PUBLISHED[name] for name in ("address", "at", "lacking")})
    page = consoles.client(desk).get("/statuspage").text
    assert "https://status.example.com/" in page
    assert '<p class="cause">' not in page


def test_a_draft_is_looked_at_before_the_public_does(desk: Desk):
    number = drafted(desk)
    page = consoles.client(desk).get(f"/statuspage/{number}").text
    assert "What visitors will read" in page
    assert bulletins.published(desk.ledger) == []
    publish(desk, number)
    [found] = bulletins.published(desk.ledger)
    assert (found.title, found.affected, found.by) == ("Pages are slow", ("site",), "ada (console)")


@pytest.mark.parametrize("other", [{"title": "All is lost"}, {"text": "No."}, {"affected": "search"}])
def test_words_that_were_changed_since_they_were_looked_at_are_not_published(
    desk: Desk, other: dict[str, str]
):
    number, client = drafted(desk), consoles.client(desk)
    form = pressing.offered(client.get(f"/statuspage/{number}"))[f"/statuspage/{number}/publish"]
    pressed(desk, f"/{number}/save", **(WORDS | other))
    answer = client.post(form.action, data=form.fields, headers={"referer": f"{pressing.HERE}/statuspage"})
    assert "changed meanwhile" in pressing.told(client, answer)
    assert bulletins.published(desk.ledger) == []


def test_who_speaks_to_the_public_proved_lately_who_they_are(desk: Desk):
    number, gate = drafted(desk), consoles.Let()
    gate.is_fresh = False
    for path in ("publish", "update"):
        answer = consoles.client(desk, gate=gate).post(f"/statuspage/{number}/{path}", data={"_token": TOKEN})
        assert answer.headers["location"].startswith("/prove?")


def test_a_draft_begins_from_an_open_incident_with_one_press_and_claims_nothing(desk: Desk):
    incident = incidents.last(desk.ledger, 1)[0]
    pressed(desk, f"/from/{incident.id}")
    [draft] = bulletins.drafts(desk.ledger)
    assert draft.incident == incident.id
    assert incident.cause not in draft.updates[0].text or not incident.cause
    pressed(desk, f"/from/{incident.id}")
    assert len(bulletins.drafts(desk.ledger)) == 1


def test_a_draft_is_rewritten_and_discarded(desk: Desk):
    number = drafted(desk)
    pressed(desk, f"/{number}/save", **(WORDS | {"title": "Pages are very slow", "state": "identified"}))
    assert bulletins.get(desk.ledger, number).title == "Pages are very slow"
    pressed(desk, f"/{number}/discard")
    assert bulletins.drafts(desk.ledger) == []


def test_more_is_said_about_what_is_public(desk: Desk):
    number = drafted(desk)
    publish(desk, number)
    pressed(desk, f"/{number}/update", state="resolved", text="All is well again.")
    assert bulletins.get(desk.ledger, number).over
    assert "All is well again." in consoles.client(desk).get(f"/statuspage/{number}").text


@pytest.mark.parametrize(("silent_s", "promised"), [(0, True), (60, False)])
def test_nothing_is_promised_while_nobody_renews_the_page(desk: Desk, *, silent_s: float, promised: bool):
    consoles.clock(desk).now += silent_s
    number, client = drafted(desk), consoles.client(desk)
    said = {"state": "resolved", "text": "All is well again."}
    for path, fields in (("publish", {}), ("update", said)):
        answer = pressing.press(client, f"/statuspage/{number}", f"/statuspage/{number}/{path}", **fields)
        told = pressing.told(client, answer)
        assert ("within seconds" in told) is promised
        assert ("it stands on the page once that is back" in told) is not promised


def test_planned_work_has_its_times_in_the_zone_of_the_settings(desk: Desk):
    times = {"starts": "2026-12-01T22:00", "ends": "2026-12-01T23:30"}
    pressed(desk, "/new", **(WORDS | {"kind": "planned"}), **times)
    [draft] = bulletins.drafts(desk.ledger)
    assert (draft.ends or 0) - draft.starts == 5400
    assert "22:00 to 23:30" in consoles.client(desk).get(f"/statuspage/{draft.id}").text


@pytest.mark.parametrize("ends", ["9999-12-31T23:59", "2036-01-01T00:00", "0001-01-01T00:00"])
def test_planned_work_beyond_any_plan_is_refused(desk: Desk, ends: str):
    client = consoles.client(desk)
    data = {"_token": TOKEN, **WORDS, "kind": "planned", "starts": "2026-12-01T22:00", "ends": ends}
    assert "within five years" in pressing.told(client, client.post("/statuspage/new", data=data))
    assert bulletins.drafts(desk.ledger) == []


def test_who_only_looks_says_nothing_to_the_public(desk: Desk):
    assert pressed(desk, "/new", Role.VIEWER, **WORDS).status_code == 403
    assert 'action="/statuspage/new"' not in consoles.client(desk, Role.VIEWER).get("/statuspage").text


def test_what_is_missing_is_said_and_nothing_is_kept(desk: Desk):
    for wrong in ({"title": ""}, {"affected": "moon"}, {"kind": "planned"}):
        pressed(desk, "/new", **(WORDS | wrong))
    assert bulletins.drafts(desk.ledger) == []


@pytest.mark.parametrize(("width", "height", "scheme"), [(360, 780, "dark"), (1440, 900, "light")])
def test_everybody_can_write_to_the_public_on_any_screen(desk: Desk, width: int, height: int, scheme: str):
    number = drafted(desk)
    size = {"width": width, "height": height}
    with browsing.chromium() as browser, consoles.served(desk) as address:
        page = browser.new_page(viewport=size, color_scheme=scheme)
        for path in ("/statuspage", f"/statuspage/{number}"):
            page.goto(f"{address}{path}")
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert browsing.axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="Publish it").click()
        page.wait_for_url("**/statuspage/*")
        assert "Say more" in page.locator("main").inner_text()


def test_words_are_said_in_german_too_and_stand_in_what_is_looked_at(desk: Desk):
    more = {"title_de": "Seiten sind langsam", "text_de": "Wir sehen nach."}
    assert pressed(desk, "/new", **WORDS, **more).status_code == 303
    [draft] = bulletins.drafts(desk.ledger)
    page = consoles.client(desk).get(f"/statuspage/{draft.id}").text
    assert '<span lang="de">Seiten sind langsam</span>' in page
    assert '<p lang="de">Wir sehen nach.</p>' in page
    publish(desk, draft.id)
    said = {"state": "resolved", "text": "All is well.", "text_de": "Alles ist gut."}
    pressing.press(consoles.client(desk), f"/statuspage/{draft.id}", f"/statuspage/{draft.id}/update", **said)
    [found] = bulletins.published(desk.ledger)
    assert (found.language, found.titles) == ("en", {"de": "Seiten sind langsam"})
    assert [update.texts for update in found.updates] == [{"de": "Wir sehen nach."}, {"de": "Alles ist gut."}]


def test_german_words_that_are_left_empty_are_none(desk: Desk):
    pressed(desk, "/new", **WORDS, title_de="", text_de=" ")
    [draft] = bulletins.drafts(desk.ledger)
    assert (draft.titles, draft.updates[0].texts) == ({}, {})
