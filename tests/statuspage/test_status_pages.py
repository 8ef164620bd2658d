"""What the status page says: only what was measured, and what people wrote."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from portico.config.models import Settings, Source
from portico.intake import schema
from portico.ledger import bulletins
from portico.ledger.bulletins import Bulletin
from portico.ledger.ledger import Ledger
from portico.statuspage import facts, feed, forms, gather, german, pages, render, words
from portico.statuspage.facts import Facts, State
from portico.watch import uptime
from portico.watch.uptime import DAY_S, Day, Measured
from support import statusfacts
from support.statusfacts import NOW

ATOM = "{http://www.w3.org/2005/Atom}"


def text(html: bytes) -> str:
    bare = re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", " ", html.decode(), flags=re.DOTALL)
    return " ".join(unescape(bare).split())


def test_a_quiet_page_says_that_everything_works_and_since_when_it_is_known():
    page = text(pages.made(statusfacts.quiet())["/"])
    assert "Everything works" in page
    assert "As of 23 November 2025, 12:13 UTC" in page
    assert "out of date after 12:18 UTC" in page


def test_an_open_incident_stands_on_the_page_with_its_newest_word_first():
    page = text(pages.made(statusfacts.in_trouble())["/"])
    assert page.index("We know what it is") < page.index("reach us later than usual")
    assert "Affects: Contact forms" in page


def test_what_is_open_is_not_forgotten_where_nothing_else_was_reported():
    page = text(pages.made(replace(statusfacts.in_trouble(), bulletins=(statusfacts.OPEN,)))["/"])
    assert "No other incident was reported" in page
    assert "No incident was reported" not in page


def test_a_part_leads_to_what_people_say_of_it_now():
    """It may well work by all that is measured, and then a stranger asks whom to believe."""
    under_way = replace(
        statusfacts.WORK, updates=(statusfacts.update(15, "under way", "We have begun.", 60),)
    )
    found = replace(statusfacts.quiet(), bulletins=(statusfacts.OPEN, under_way, statusfacts.OVER))
    made = pages.made(found)
    cards = {
        card.split("<span", 1)[0]: re.findall(r'<p class="see">See: <a href="([^"]+)">', card)
        for card in made["/"].decode().split('<div class="head"><h3>')[1:]
    }
    assert cards == {
        "Website</h3>": ["/incidents/8/"],
        "Contact forms</h3>": ["/incidents/7/", "/incidents/8/"],
    }
    assert "Siehe: Messages" in text(made["/de/"])
    told = json.loads(made["/status.json"])["parts"]
    base = f"{statusfacts.BASE}incidents/"
    assert [part["see"] for part in told] == [[f"{base}8/"], [f"{base}7/", f"{base}8/"]]


@pytest.mark.parametrize("story", ["quiet", "before_work"])
def test_a_part_leads_nowhere_for_what_is_over_or_to_come(story: str):
    assert b'class="see"' not in pages.made(getattr(statusfacts, story)())["/"]


def test_no_words_about_a_cause_are_made_by_the_machine():
    down = [Measured("site", 0, 60, statusfacts.days(5))]
    found = facts.parts(down, age_s=1, now=NOW, days=90)
    page = text(pages.made(replace(statusfacts.empty(), parts=found))["/"])
    assert "The website can't be reached" in page
    assert "because" not in page


@pytest.mark.parametrize(
    ("good", "total", "age_s", "state"),
    [
        (60, 60, 3, State.WORKS),
        (59, 60, 3, State.PROBLEMS),
        (20, 60, 3, State.DOWN),
        (0, 0, 3, State.UNKNOWN),
        (60, 60, 300, State.UNKNOWN),
        (60, 60, -3600, State.UNKNOWN),
    ],
)
def test_a_parts_state_is_what_the_last_looks_saw(good: float, total: float, age_s: float, state: State):
    [part] = facts.parts([Measured("site", good, total, statusfacts.days(3))], age_s=age_s, now=NOW, days=90)
    assert part.state is state


def test_what_nobody_measures_now_is_not_said_to_work():
    quiet = statusfacts.quiet()
    parts = tuple(replace(one, state=State.UNKNOWN) if one.key == "forms" else one for one in quiet.parts)
    assert quiet.headline == "Everything works"
    assert replace(quiet, parts=parts).headline == "What is measured works"


def test_a_day_that_was_not_measured_is_neither_good_nor_bad():
    today = NOW // DAY_S * DAY_S
    days = (Day(today - 2 * DAY_S, 90, 100), Day(today, 100, 100))
    [part] = facts.parts([Measured("site", 1, 1, days)], age_s=1, now=NOW, days=4)
    assert part.days == (None, 0.9, None, 1.0)
    assert part.uptime == pytest.approx(0.95)
    assert part.measured_days == 2


def test_what_was_never_measured_is_not_named():
    assert [part.key for part in facts.parts([], age_s=1, now=NOW, days=90)] == []


@pytest.mark.parametrize(
    ("share", "said"), [(1.0, "100 %"), (0.99999, "99.99 %"), (0.5, "50 %"), (None, "not measured")]
)
def test_a_share_is_never_rounded_up(share: float | None, said: str):
    assert words.percent(share) == said


def test_a_days_height_tells_what_its_colour_does():
    assert [bar.height for bar in words.bars([1.0, 0.99, 0.5, None])] == [40, 26, 14, 3]


def test_planned_work_comes_in_the_order_of_its_beginning():
    later = replace(statusfacts.WORK, id=9, starts=NOW + 9 * DAY_S, ends=NOW + 9 * DAY_S + 60)
    found = replace(statusfacts.quiet(), bulletins=(later, statusfacts.WORK))
    assert [one.id for one in found.planned] == [8, 9]


def test_every_bulletin_has_a_page_and_what_is_over_stands_in_the_history():
    made = pages.made(statusfacts.in_trouble())
    assert {"/incidents/7/", "/incidents/3/"} <= made.keys()
    history = text(made["/history/"])
    assert "November 2025" in history
    assert "Pages loaded slowly" in history
    assert "arrive late" not in history


def test_while_no_cluster_takes_posts_nobody_is_let_subscribe():
    page = pages.made(statusfacts.in_trouble())["/"]
    assert b"<form" not in page
    assert "Subscribing isn't possible at the moment" in text(page)


def test_without_a_mail_channel_there_is_no_form_at_all():
    made = pages.made(replace(statusfacts.quiet(), mail=False))
    assert b"<form" not in made["/"]
    assert not [path for path in made if path.startswith("/-/") or "subscribe" in path]


def test_with_mail_switched_off_nobody_can_subscribe_and_whoever_is_there_can_leave():
    """Links in mails that were sent before go on working, in each language."""
    made = pages.made(replace(statusfacts.quiet(), mail=False, mailed=True))
    assert b"<form" not in made["/"]
    leaving = {f"{below}/unsubscribe/{then}" for below in ("", "/de") for then in ("", "done/")}
    schemas = {f"{forms.PATH}{forms.LEAVE}{behind}" for behind in ("", "-de")}
    assert {path for path in made if "subscribe" in path} == leaving
    assert {path for path in made if path.startswith("/-/")} == schemas
    assert not [path for path in made if "confirm" in path]
    assert f'action="{forms.PATH}{forms.LEAVE}"'.encode() in made["/unsubscribe/"]


def test_confirming_and_leaving_is_a_button_and_nothing_happens_by_looking():
    made = pages.made(statusfacts.quiet())
    for path, form in (("/confirm/", forms.CONFIRM), ("/unsubscribe/", forms.LEAVE)):
        assert f'method="post" action="/-/intake/{form}"'.encode() in made[path]
        assert b"submit()" not in made[path]


def test_the_forms_are_such_as_replicas_hold_posts_to():
    for path, data in forms.schemas(("en", "de")).items():
        assert schema.parse(data).form == path.removeprefix(forms.PATH)


def test_the_feed_has_an_entry_for_each_thing_that_was_said():
    found = ET.fromstring(feed.made(statusfacts.in_trouble()))  # noqa: S314 - our own
    entries = found.findall(f"{ATOM}entry")
    assert len(entries) == 4
    assert entries[0].findtext(f"{ATOM}title") == "Messages from our contact forms arrive late: identified"
    assert len({one.findtext(f"{ATOM}id") for one in entries}) == 4


def test_a_feed_in_which_nothing_was_said_yet_is_of_today():
    """Readers sort by it, and 1970 is nobody's."""
    updated = [
        ET.fromstring(feed.made(replace(statusfacts.empty(), at=at))).findtext(f"{ATOM}updated")  # noqa: S314 - our own
        for at in (NOW, NOW + 60)
    ]
    assert updated == ["2025-11-23T00:00:00Z"] * 2


def test_what_people_write_is_text_and_no_markup():
    evil = statusfacts.incident(5, "<script>alert(1)</script>", statusfacts.update(1, "resolved", "<b>&", 60))
    found = replace(statusfacts.quiet(), bulletins=(evil,))
    for path, data in pages.made(found).items():
        if path != pages.DATA:
            assert b"<script>alert" not in data, path
    ET.fromstring(feed.made(found))  # noqa: S314 - our own


def test_only_pages_that_say_the_time_change_with_it():
    """So a minute costs what is current, not all that ever happened."""
    earlier, later = statusfacts.in_trouble(), replace(statusfacts.in_trouble(), at=NOW + 60)
    one, other = pages.made(earlier), pages.made(later)
    changed = {path for path in one if one[path] != other[path]}
    assert changed == {"/", "/incidents/7/", "/de/", "/de/incidents/7/", "/status.json"}


@pytest.mark.parametrize(
    ("story", "path"), [("in_trouble", "/incidents/7/"), ("before_work", "/incidents/8/")]
)
def test_a_bulletins_page_says_as_of_when_it_is_and_until_when_it_is_good(story: str, path: str):
    page = text(pages.made(getattr(statusfacts, story)())[path])
    assert "As of 23 November 2025, 12:13 UTC" in page
    assert "out of date after 12:18 UTC" in page


def test_one_that_is_long_over_says_since_when_and_where_to_look_for_what_is_now():
    page = pages.made(statusfacts.quiet())["/incidents/3/"]
    assert "Over since 20 November 2025" in text(page)
    assert "As of" not in text(page)
    assert b'<a href="/">How everything is now</a>' in page


def test_one_that_ended_just_now_goes_on_telling_its_age():
    ended = replace(statusfacts.OVER, updates=(statusfacts.update(5, "resolved", "All is well.", 60),))
    assert "As of" in text(pages.made(replace(statusfacts.quiet(), bulletins=(ended,)))["/incidents/3/"])


def test_programs_read_the_same_as_people():
    told = json.loads(pages.made(statusfacts.in_trouble())["/status.json"])
    assert (told["state"], told["takes_posts"]) == ("Not everything works", False)
    assert [one["title"] for one in told["open"]] == ["Messages from our contact forms arrive late"]
    assert {part["name"]: part["state"] for part in told["parts"]}["Contact forms"] == "is down"


def test_a_page_is_small():
    assert len(pages.made(statusfacts.in_trouble())["/"]) < 30_000


def test_a_long_history_keeps_its_months_apart():
    ago = [
        statusfacts.incident(n, f"No {n}", statusfacts.update(n, "resolved", "x", n * 31 * DAY_S))
        for n in (1, 2)
    ]
    found: tuple[Bulletin, ...] = tuple(ago)
    assert [month for month, _ in pages.months(replace(statusfacts.quiet(), bulletins=found))] == [
        "October 2025",
        "September 2025",
    ]


def test_a_folder_of_files_has_no_forms_whatever_was_measured(tmp_path: Path):
    ledger = Ledger(tmp_path / "ledger.db", now=lambda: NOW)
    ledger.see(uptime.SEEN, uptime.told(statusfacts.measured()))
    with_studio = Settings()
    folder = Settings(source=Source(kind="folder"))
    names = [
        [part.name for part in gather.gathered(ledger, one, statusfacts.BASE, takes_posts=True).parts]
        for one in (with_studio, folder)
    ]
    assert names == [["Website", "Contact forms"], ["Website"]]
    ledger.close()


def test_a_page_knows_from_the_relay_that_there_may_be_mails_that_lead_to_it(tmp_path: Path):
    """Settings that name no channel say nothing of those of before."""
    ledger, without = Ledger(tmp_path / "ledger.db", now=lambda: NOW), Settings()
    assert not gather.gathered(ledger, without, statusfacts.BASE, takes_posts=True).may_leave
    ledger.see("subscribers", {"confirmed": 0})
    found = gather.gathered(ledger, without, statusfacts.BASE, takes_posts=True)
    assert (found.mail, found.may_leave) == (False, True)
    ledger.close()


def test_a_page_is_made_at_once_for_news_and_not_for_the_time_alone():
    quiet = statusfacts.quiet()
    assert gather.news(quiet) == gather.news(replace(quiet, at=NOW + 30))
    assert gather.news(quiet) != gather.news(statusfacts.before_work())
    assert gather.news(quiet) != gather.news(replace(quiet, takes_posts=False))


def test_what_was_published_is_kept_in_the_words_that_visitors_read():
    kept = json.loads(json.dumps(gather.kept(statusfacts.in_trouble())))
    assert (kept["headline"], kept["address"]) == ("Not everything works", statusfacts.BASE)
    assert [(part["name"], part["state"]) for part in kept["parts"]] == [
        ("Website", "works"),
        ("Contact forms", "is down"),
    ]


def in_both() -> Facts:
    """Said in both languages, but for the second thing."""
    first, second = statusfacts.OPEN.updates
    one = replace(
        statusfacts.OPEN,
        titles={"de": "Nachrichten kommen spät an"},
        updates=(replace(first, texts={"de": "Nachrichten erreichen uns später als sonst."}), second),
    )
    return replace(statusfacts.in_trouble(), bulletins=(one, statusfacts.OVER))


def test_each_page_is_there_in_each_language_and_leads_to_the_other():
    made = pages.made(statusfacts.before_work())
    english = [path for path in made if path.endswith("/") and not path.startswith("/de/")]
    for path in english:
        for there in (path, f"/de{path}"):
            page = made[there].decode()
            assert f'hreflang="en" href="{statusfacts.BASE[:-1]}{path}"' in page
            assert f'hreflang="de" href="{statusfacts.BASE[:-1]}/de{path}"' in page
            assert f'hreflang="x-default" href="{statusfacts.BASE[:-1]}{path}"' in page
        assert '<html lang="de">' in made[f"/de{path}"].decode()
        assert f'<a href="/de{path}" lang="de" hreflang="de">Deutsch</a>' in made[path].decode()
    assert "/de/404.html" in made


def test_the_page_says_its_own_words_in_german():
    page = text(pages.made(in_both())["/de/"])
    for words_of_ours in (
        "Nicht alles funktioniert",
        "Stand: 23. November 2025, 12:13 UTC",
        "wird untersucht",
        "Betrifft: Kontaktformulare",
        "Jetzt und in den letzten 90 Tagen",
        "ist ausgefallen",
        "99,56 % verfügbar, 90 Tage gemessen",
    ):
        assert words_of_ours in page


def test_what_people_said_in_a_language_is_read_in_it_and_else_as_they_wrote_it():
    made = pages.made(in_both())
    english, german = made["/incidents/7/"].decode(), made["/de/incidents/7/"].decode()
    assert "Nachrichten" not in english
    assert "<h1>Nachrichten kommen spät an</h1>" in german
    assert "<p>Nachrichten erreichen uns später als sonst.</p>" in german
    assert '<p lang="en">We know what it is, and are mending it.</p>' in german
    assert "<title>Nachrichten kommen spät an: wird untersucht</title>" in made["/de/feed.atom"].decode()


def test_a_page_that_was_written_in_german_reads_so_in_english_too():
    one = replace(statusfacts.OPEN, language="de", title="Alles steht")
    found = replace(statusfacts.in_trouble(), bulletins=(one,), languages=("de", "en"))
    made = pages.made(found)
    assert '<h1><span lang="de">Alles steht</span></h1>' in made["/en/incidents/7/"].decode()
    assert '<html lang="de">' in made["/"].decode()


def test_a_page_in_one_language_speaks_of_no_other():
    made = pages.made(replace(statusfacts.quiet(), languages=("de",)))
    assert b"hreflang" not in made["/"]
    assert not [path for path in made if path.startswith(("/de", "/en"))]
    assert [path for path in made if path.startswith(forms.PATH)] == list(forms.schemas(("de",)))


def test_a_form_leads_on_in_its_language():
    found = schema.parse(pages.made(statusfacts.quiet())["/-/intake/status-subscribe-de"])
    assert (found.language, found.thanks, found.problem) == (
        "de",
        "/de/subscribe/sent/",
        "/de/subscribe/problem/",
    )
    assert b'action="/-/intake/status-leave-de"' in pages.made(statusfacts.quiet())["/de/unsubscribe/"]


def test_every_word_of_ours_has_its_german_and_no_german_is_left_over():
    """Looked up in the templates, and among what facts can be called."""
    named = re.compile(r'say\("([^"]+)"(?: if [^,]*? else "([^"]+)")?|else say\("([^"]+)"')
    asked = {
        one
        for file in render.TEMPLATES.glob("*.html")
        for found in named.findall(file.read_text())
        for one in found
    } - {""}
    headlines = set(re.findall(r'return "([A-Z][^"]+)"', Path(facts.__file__).read_text()))
    states = {state for known in bulletins.STATES.values() for state in known}
    ours = asked | headlines | states | set(State) | set(facts.NAMES.values()) | {"not measured"}
    assert ours == set(german.WORDS)


def test_no_german_word_asks_for_what_the_english_does_not_give():
    for english, spoken in german.WORDS.items():
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", spoken)), english
