from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from portico.board import board, document, mended, words
from portico.board.board import Board
from portico.board.past import Past
from portico.board.seen import Looker
from portico.ledger import incidents
from portico.model import Severity
from support import consoles
from support.paperstack import BEFORE, LIVE, NOW, STORIES


def told(story: str = "quiet") -> Board:
    return board.of(consoles.seen(story))


@pytest.mark.parametrize("story", STORIES)
def test_every_story_can_be_told_as_json(story: str):
    found = json.loads(json.dumps(document.of(told(story))))
    assert len(found["columns"]) == 9
    assert all(cell["value"] or "not measured" in cell["says"] for cell in found["columns"])


def test_the_newest_publish_is_the_one_that_is_live():
    first, second, *_ = told().publishes
    assert (first.snapshot, first.now, first.took) == (LIVE, True, 0.43)
    assert (second.snapshot, second.now) == (BEFORE, False)


def test_each_publish_leads_to_its_page():
    ids = [one.order for one in told().publishes]
    with tempfile.TemporaryDirectory() as folder, consoles.told(Path(folder)) as desk:
        page = consoles.client(desk).get("/").text
    assert all(f'href="/publishes/{number}"' in page for number in ids)
    assert None not in ids


def test_nothing_is_marked_live_when_visitors_see_another_snapshot():
    seen = consoles.seen()
    seen = replace(seen, state={**seen.state, "snapshot": BEFORE})
    assert not any(one.now for one in board.of(seen).publishes)


def test_the_worst_incident_stands_first():
    found = told("incident")
    assert [one.title for one in found.incidents] == ["Cluster b is down", "Pages are slow"]
    assert found.urgent


def test_an_incident_of_a_drill_is_not_urgent():
    found = told("drill")
    assert found.incidents
    assert not found.urgent


def test_a_drills_incident_stands_below_a_real_one_and_paints_nothing(tmp_path: Path):
    with consoles.told(tmp_path, "incident") as desk:
        critical, warning = Past(incidents=tuple(incidents.current(desk.ledger))).open
        incidents.put(desk.ledger, replace(critical, data={**critical.data, "drill": "cluster-down"}))
        found = board.of(Looker(desk).look())
        page = consoles.client(desk).get("/").text
    assert [one.id for one in found.incidents] == [warning.id, critical.id]
    assert 'id="incidents" class="sheet urgent fair-edge"' in page


def test_error_budgets_say_how_long_was_measured(tmp_path: Path):
    with consoles.told(tmp_path) as desk:
        page = consoles.client(desk).get("/").text
    budgets = page.split('id="promises"')[1].split("</section>")[0]
    (state, *_) = told().promises
    assert not state.whole
    assert f'<span class="soft small">in {words.span(state.measured_s)}</span>' in budgets


def test_what_was_done_about_an_incident_names_action_and_person():
    (cluster,) = [one for one in told().mended if one.what.startswith("Cluster b")]
    assert cluster.did == "restart cluster b, by itself; ada looked after it"
    assert cluster.took == pytest.approx(55.0, abs=3)
    assert cluster.href.startswith("/incidents/")


def test_a_cause_that_says_what_the_title_says_is_not_said_twice():
    machine = incidents.Incident(
        3, NOW, None, Severity.WARNING, "The disk is full.", "the machine: the disk is full.", None, "", {}
    )
    (one,) = [one for one in mended.of(Past(incidents=(machine,))) if one.href == "/incidents/3"]
    assert (one.what, one.did, one.took) == ("The disk is full", "nothing yet", None)


def test_what_the_keeper_mended_alone_is_told_without_an_incident():
    assert "a1 died or hung" in [one.what for one in told().mended]


def test_what_is_not_back_is_not_called_mended():
    assert not any("b1" in one.what for one in told("incident").mended)


def test_the_picture_tells_the_same_in_words():
    picture = told("incident").picture
    assert [part.name for part in picture.places] == ["a", "b", "mirror"]
    assert [part.tone for part in picture.places] == ["good", "bad", "good"]
    assert "b is down" in picture.words


def test_a_stack_that_was_never_started_is_not_painted_as_broken():
    picture = told("empty").picture
    assert {part.tone for part in (picture.edge, *picture.places)} == {"none"}


def test_traffic_that_nobody_measured_now_is_unknown_not_zero():
    picture = told("keeper_dead").picture
    assert picture.asked is None
    assert set(picture.sent.values()) == {None}


def test_nobody_knows_that_a_part_is_well_for_which_no_keeper_looks():
    picture = told("keeper_dead").picture
    assert [tone for place in picture.places for _, tone in place.replicas if tone == "good"] == []
    assert "good" not in {picture.edge.tone, *(place.tone for place in picture.places)}


def test_news_of_the_ledger_is_seen_at_the_next_look(tmp_path: Path):
    with consoles.told(tmp_path) as desk:
        looker = Looker(desk)
        assert not board.of(looker.look()).incidents
        made = incidents.Incident(0, NOW, None, Severity.CRITICAL, "New", "", None, "", {})
        incidents.put(desk.ledger, made)
        assert [one.title for one in board.of(looker.look()).incidents] == ["New"]
