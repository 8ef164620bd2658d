from __future__ import annotations

import json
import math
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portico.watch.answer import What
from portico.watch.probes import far, targets
from portico.watch.probes.expected import Expectations
from portico.watch.probes.intake import Intake
from portico.watch.probes.prober import Prober
from portico.watch.probes.wire import MOST_BYTES, Tasks
from portico.watch.watched import Watched
from support import probing

SETTINGS = probing.settings(probes={"places": ["paris", "oslo"]})


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with probing.watched(tmp_path, SETTINGS) as (made, _):
        yield made


@pytest.fixture
def intake(watched: Watched) -> Intake:
    return Intake(watched)


@pytest.fixture
def token(intake: Intake, watched: Watched) -> str:
    return watched.home.probe_token.read_text().strip()


def sent(**changes: Any) -> dict[str, Any]:
    told = {
        "target": "edge",
        "what": "unreachable",
        "sentence": "/: no answer in time.",
        "age_s": 0.5,
        "since_s": 6.0,
        "good_s": 8.0,
        "fails": 3,
        "phases": {"total": 2.0},
        "looks": {"right": 10, "unreachable": 3},
    }
    return {**told, **changes}


def post(*reports: dict[str, Any], **changes: Any) -> bytes:
    told = {"place": "paris", "sequence": 1, "sent_at": time.time(), "reports": reports or [sent()]}
    return json.dumps({**told, **changes}).encode()


def test_a_report_is_kept_and_told_beside_our_own_with_times_by_our_clock(
    intake: Intake, watched: Watched, token: str
):
    before = time.time()
    assert intake.take(post(), token) == 204
    report = next(one for one in Prober(watched).reports() if one.place == "paris")
    assert (report.target, report.what, report.fails) == ("edge", What.UNREACHABLE, 3)
    assert before - 1 < report.at < time.time()
    assert 5 < report.at - report.since < 6
    assert report.good_at
    assert report.good_at < report.since
    assert report.confirmed
    keys = {one.key: one.value for one in Prober(watched).signals(0)}
    assert keys['portico_probe_looks_total{place="paris",result="unreachable",target="edge"}'] == 3


def test_reports_survive_the_watcher(intake: Intake, watched: Watched, token: str):
    intake.take(post(sequence=7), token)
    assert far.sequence(watched.home.watch, "paris") == 7
    assert Intake(watched).take(post(sequence=7), token) == 409
    assert Intake(watched).take(post(sequence=8), token) == 204


def test_the_token_is_made_once_for_its_owner_alone(intake: Intake, watched: Watched, token: str):
    assert stat.S_IMODE(watched.home.probe_token.stat().st_mode) == 0o600
    assert len(token) >= 32
    Intake(watched)
    assert watched.home.probe_token.read_text().strip() == token


@pytest.mark.parametrize("shown", ["", "x", "é", "x" * 5000])
def test_without_the_token_nothing_is_said_and_nothing_is_taken(intake: Intake, watched: Watched, shown: str):
    assert intake.expected(shown) == (401, b"")
    assert intake.take(post(), shown) == 401
    assert far.load(watched.home.watch, "paris") == far.Kept()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"[]", 422),
        (b"{" * 10000, 422),
        (b"x" * (MOST_BYTES + 1), 413),
        (post(extra=1), 422),
        (post(sequence=0), 422),
        (post(sent(target="a")), 422),
        (post(sent(what="fine")), 422),
        (post(sent(sentence="x" * 601)), 422),
        (post(sent(age_s=-1)), 422),
        (post(sent(fails=-1)), 422),
        (post(sent(phases={'x"}': 1.0})), 422),
        (post(sent(phases={"total": 1e300})), 422),
        (post(sent(looks={"right": -1})), 422),
        (post(sent(bad=["no-path"])), 422),
        (post(*[sent()] * 5), 422),
        (post(place="rome"), 403),
        (post(place="../keys"), 403),
        (post(place="here"), 403),
        (post(sent_at=math.nan), 422),
        (post(sent_at=0.0), 409),
        (post(sent_at=time.time() + 3600), 409),
    ],
)
def test_what_is_not_a_report_of_an_expected_place_is_refused(
    intake: Intake, watched: Watched, token: str, body: bytes, status: int
):
    assert intake.take(body, token) == status
    assert not list(watched.home.watch.rglob("*.json"))


def test_a_report_that_comes_again_or_too_late_changes_nothing(intake: Intake, watched: Watched, token: str):
    first = post(sent(sentence="first"), sequence=5)
    assert intake.take(first, token) == 204
    assert intake.take(first, token) == 409
    assert intake.take(post(sent(sentence="older"), sequence=4), token) == 409
    assert far.load(watched.home.watch, "paris").reports[0].sentence == "first"


def test_controls_in_a_sentence_are_left_out(intake: Intake, watched: Watched, token: str):
    intake.take(post(sent(sentence="evil\x1b[31m\n\u202etxt")), token)
    assert far.load(watched.home.watch, "paris").reports[0].sentence == "evil[31mtxt"


def test_what_a_place_sent_is_for_its_owners_eyes(intake: Intake, watched: Watched, token: str):
    intake.take(post(), token)
    (kept,) = watched.home.watch.rglob("*.json")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_torn_file_of_a_place_is_as_none(intake: Intake, watched: Watched, token: str):
    intake.take(post(), token)
    next(watched.home.watch.rglob("paris.json")).write_text('{"reports": [{')
    assert not [one for one in Prober(watched).reports() if one.place == "paris"]
    assert intake.take(post(sequence=2), token) == 204


def test_before_a_publish_there_are_no_tasks(intake: Intake, token: str):
    assert intake.expected(token)[0] == 503


def tasks(intake: Intake, token: str) -> Tasks:
    status, body = intake.expected(token)
    assert status == 200
    return Tasks.model_validate_json(body)


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Watched]:
    with probing.watched(tmp_path, SETTINGS) as (made, keys):
        stage = probing.Stage(made, keys)
        stage.publish(probing.site(home=probing.WELCOME + b"before"))
        stage.publish(probing.SITE)
        made.ledger.see("status", {"address": "https://example.com/", "http": "http://example.com/"})
        yield made


def test_the_tasks_say_what_is_right_and_what_other_snapshots_had(published: Watched):
    intake = Intake(published)
    found = tasks(intake, published.home.probe_token.read_text().strip())
    assert found.address == "https://example.com/"
    assert found.places == ("paris", "oslo")
    assert found.sequences == {"paris": 0, "oslo": 0}
    home = next(task for task in found.pages if task.expected.path == "/")
    live = Expectations(published).live()
    assert live
    assert home.expected == Expectations(published).expect(live.snapshot, "/")
    assert home.sketch.segments
    assert len(home.others) == 1
    assert {"/about", "/old", "/404.html"} < {task.expected.path for task in found.pages}
    assert next(task for task in found.pages if task.expected.path == "/old").expected.location == "/about"


def test_all_places_are_given_the_same_pages_and_those_that_are_bad_anywhere(published: Watched):
    intake = Intake(published)
    token = published.home.probe_token.read_text().strip()
    first = tasks(intake, token)
    assert [task.expected for task in tasks(intake, token).pages] == [one.expected for one in first.pages]
    intake.take(post(sent(what="defaced", bad=["/some/page"])), token)
    assert "/some/page" in {task.expected.path for task in tasks(intake, token).pages}
    intake.take(post(sent(what="right", fails=0), sequence=2), token)
    assert "/some/page" not in {task.expected.path for task in tasks(intake, token).pages}


def test_no_far_place_is_called_as_the_watchers_own():
    with pytest.raises(ValueError, match="expected other places than here"):
        probing.settings(probes={"places": ["paris", "here"]})


def test_the_targets_of_a_stack_are_named_after_its_clusters_without_a_clash(tmp_path: Path):
    told = probing.settings(clusters={"names": ["edge", "west"]})
    with probing.watched(tmp_path, told) as (watched, _):
        names = [target.name for target in targets.of_stack(watched, Expectations(watched))]
    assert names == ["edge", "cluster-edge", "west", "mirror", "redirect", "dns", "certificate"]
