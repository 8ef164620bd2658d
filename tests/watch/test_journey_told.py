"""What a journey tells across the border of its process, what becomes of it, and where its post may go."""

from __future__ import annotations

import json
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from portico.config.models import Settings
from portico.config.visitors import Journey
from portico.watch import signal
from portico.watch.alerts.judge import Judge
from portico.watch.alerts.table import ALERTS
from portico.watch.collect import journey as collect
from portico.watch.collect.journey import Diary, JourneyCollector
from portico.watch.door import Door
from portico.watch.journey import __main__ as program
from portico.watch.journey import guide, practice
from portico.watch.journey import plan as planning
from portico.watch.journey.plan import Result, Step, Walked
from portico.watch.recent import Recent
from portico.watch.view import View
from support import collecting
from support.collecting import NOW

WENT = Walked((Step("page", Result.WENT, 0.5), Step("form", Result.SKIPPED, why="no page has a form")))
FAILED = Walked((Step("page", Result.WENT, 0.5), Step("search", Result.FAILED, 12.0, "found nothing")))
SKIPPED = Walked(why="Chromium isn't installed")


def line(**told: object) -> str:
    return json.dumps(told)


def test_steps_are_understood_in_their_order():
    lines = [
        line(begin="page"),
        line(step={"name": "page", "result": "went", "seconds": 0.5, "why": ""}),
        line(begin="search"),
        line(step={"name": "search", "result": "failed", "seconds": 12.0, "why": "found nothing"}),
    ]
    walked = guide.understood(lines, "never")
    assert walked == FAILED
    assert (walked.result, walked.told) == (Result.FAILED, "search: found nothing")


@pytest.mark.parametrize("cut", ["", '{"step": {"name": "se', "null", "[]"])
def test_a_step_that_never_ended_failed_and_a_cut_line_says_nothing(cut):
    walked = guide.understood([line(begin="page"), cut], "not over within 60 s")
    assert walked.told == "page: not over within 60 s"


def test_a_missing_browser_is_a_reason_and_no_failure():
    walked = guide.understood([line(skipped="Chromium isn't installed")], "never")
    assert (walked.result, walked.told) == (Result.SKIPPED, "Chromium isn't installed")


def test_where_memory_is_short_no_browser_is_started():
    assert program.too_small(program.ROOM) is None
    assert "512 MiB of memory are available" in (program.too_small(512 << 20) or "")


def test_a_process_that_said_nothing_is_no_failure_of_the_site():
    assert guide.understood([], "the browser's process ended with 1").result is Result.SKIPPED


def test_a_site_without_search_and_form_is_gone_as_far_as_it_is():
    assert WENT.result is Result.WENT


def test_only_failures_in_a_row_count_and_skipping_changes_nothing():
    diary = Diary()
    for walked, failed in ((FAILED, 1), (SKIPPED, 1), (FAILED, 2), (WENT, 0), (FAILED, 1)):
        diary.note(walked, NOW, "")
        assert diary.failed == failed


def test_a_watcher_goes_on_counting_where_the_one_before_was():
    diary = Diary()
    diary.note(FAILED, NOW, "2026-11-23T03-00-00.jpg")
    known = collect.diary(json.loads(json.dumps(diary.as_json())))
    known.note(FAILED, NOW, "")
    assert known.failed == 2
    assert [result for _, result, _ in known.last] == ["failed", "failed"]


def findings(diary: Diary) -> dict[str, str]:
    recent = Recent()
    recent.add(NOW, {one.key: one.value for one in collect.signals(diary, 3)})
    judge = Judge({"journey-failed": ALERTS["journey-failed"]})
    return {key: found.sentence for key, found in judge.findings(View(NOW, recent)).items()}


def test_somebody_is_told_after_as_many_failures_as_were_set():
    diary = Diary()
    for number in range(3):
        assert findings(diary) == {}, number
        diary.note(FAILED, NOW, "")
    assert "3 times in a row at the step search" in findings(diary)["journey-failed"]
    diary.note(WENT, NOW, "")
    assert findings(diary) == {}


def test_a_post_is_led_to_the_practice_form_without_a_word_of_the_form():
    url = practice.led_astray("https://www.example.com/-/intake/contact?x=1")
    assert url == "https://www.example.com/-/intake/portico-probe"
    body = practice.body("name=Ada&email=ada%40example.com&_key=k&_proof=p.1", "0" * 32)
    assert parse_qs(body) == {"_key": ["k"], "_proof": ["p.1"], "token": ["0" * 32]}


def test_what_else_the_page_would_send_is_told_from_what_it_asks():
    assert practice.is_form("POST", "https://x.example/-/intake/contact")
    assert not practice.is_form("POST", "https://x.example/elsewhere")
    assert not practice.is_form("GET", "https://x.example/-/intake/contact")
    assert practice.is_harmless("GET")
    assert not any(map(practice.is_harmless, ("POST", "PUT", "DELETE", "PATCH")))


def test_the_browser_knocks_where_the_watcher_is_though_the_name_leads_elsewhere():
    door = Door("https://www.example.com/", None, ("::1", 443))
    made = planning.plan(Journey(form="/hello/"), door, "seen.jpg")
    assert (made.address, made.at, made.form) == ("https://www.example.com", "[::1]:443", "/hello/")


class Guide:
    """Comes back at once with what is in `walked`."""

    def __init__(self) -> None:
        self.walked = FAILED
        self.plans: list[planning.Plan] = []

    def walk(self, plan: planning.Plan, _timeout_s: float) -> Walked:
        self.plans.append(plan)
        if self.walked.result is Result.FAILED:
            Path(plan.picture).write_bytes(b"\xff\xd8")
        return self.walked

    def end(self) -> None:
        return


class Pool:
    def submit(self, act, *args) -> Future:
        done: Future = Future()
        done.set_result(act(*args))
        return done

    def shutdown(self, **_: object) -> None:
        return


@pytest.fixture
def collector(tmp_path):
    settings = Settings.model_validate({"journey": {"keep": 2}})
    with collecting.watched(tmp_path, settings) as watched:
        made = JourneyCollector(watched)
        made.close()
        made._guide, made._pool = Guide(), Pool()
        yield made


def test_it_sets_out_after_a_while_and_each_while_and_keeps_the_last_pictures(collector):
    watched = collector._watched
    at = NOW
    collecting.numbers(collector, at)
    watched.ledger.see("status", {"address": "https://localhost:8443/", "snapshot": "5e" * 32})
    at += collect.FIRST_S
    for number in range(1, 5):
        collecting.numbers(collector, at)
        numbers = collecting.numbers(collector, at + 5)
        assert numbers[signal.of(collect.FAILED.name, 0).key] == number
        at += watched.settings.journey.every_s
    told = watched.ledger.seen(collect.SEEN)[0]
    pictures = [one.name for one in guide.pictures(watched.home.journey)]
    assert len(pictures) == 2
    assert told["picture"] == pictures[0]


def test_nothing_is_gone_before_anything_is_published(collector):
    for at in (NOW, NOW + 1000, NOW + 2000):
        collecting.numbers(collector, at)
    assert collector._guide.plans == []


def test_who_switched_it_off_has_no_journey_and_no_numbers(tmp_path):
    settings = Settings.model_validate({"journey": {"enabled": False}})
    with collecting.watched(tmp_path, settings) as watched:
        made = JourneyCollector(watched)
        assert collecting.numbers(made) == {}
        made.close()
