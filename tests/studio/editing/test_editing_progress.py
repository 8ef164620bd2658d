"""What the editor reads after Publish: about the own change alone, and plain when something is wrong."""

import itertools
import json
import time
from dataclasses import replace

import pytest
from wagtail.models import Locale

from portico.studio.editing import progress, published, revision
from portico.studio.editing.own import Own
from portico.studio.models import Topic

pytestmark = pytest.mark.usefixtures("time_stands_still")

NOW = 1_000_000.0
MINE = Own(revision=7, at=NOW - 1, what="About us")
STEPS = ("frozen", "checked", "in cluster a", "in cluster b", "live")


def publish(revision=7, state="live", **words):
    steps = tuple(published.Step(name, 0.1) for name in words.pop("steps", ()))
    return published.Publish(revision, state, steps=steps, at=NOW - 1, **words)


def told(now, *history, at=NOW):
    return published.Published(now, tuple(history), told_at=at)


def test_a_publish_that_is_live_reads_as_its_steps_and_its_time():
    said = progress.tell(told(publish(steps=STEPS, seconds=0.61)), MINE, NOW)
    assert said.state == progress.OVER
    assert said.line == "frozen, checked, in cluster a, in cluster b, live, 0.6 s"


def test_on_the_way_it_says_what_is_done_already():
    said = progress.tell(told(publish(state="publishing", steps=STEPS[:3])), MINE, NOW)
    assert (said.state, said.steps) == (progress.WORKING, ("frozen", "checked", "in cluster a"))


def test_somebody_elses_earlier_publish_is_never_shown_as_ones_own():
    said = progress.tell(told(publish(revision=6, steps=STEPS, seconds=0.3)), MINE, NOW)
    assert said.state == progress.WAITING
    assert "live" not in said.line


def test_while_another_one_is_on_its_way_ones_own_is_next():
    said = progress.tell(told(publish(revision=6, state="checking")), MINE, NOW)
    assert said.line == "Another publish is on its way, yours is next."


def test_a_later_publish_that_has_ones_change_in_it_counts():
    said = progress.tell(told(publish(revision=9, steps=STEPS, seconds=0.5)), MINE, NOW)
    assert said.state == progress.OVER


def test_a_later_failure_of_somebody_else_takes_nothing_back():
    later = publish(revision=8, state="failed", why="home.html: uses the time of day")
    said = progress.tell(told(later, publish(seconds=0.6)), MINE, NOW)
    assert said.state == progress.OVER


def test_a_failure_says_why_and_what_helps_and_what_visitors_get():
    failed = publish(state="failed", why="home.html: uses the time of day", hint="Take {% now %} out of it.")
    said = progress.tell(told(failed), MINE, NOW)
    assert said.state == progress.BROKEN
    assert "Visitors still get what was there before" in said.line
    assert (said.why, said.hint) == ("home.html: uses the time of day", "Take {% now %} out of it.")


def test_a_freezer_that_doesnt_answer_is_named_with_the_time_since_when():
    quiet = told(publish(revision=6), at=NOW - 60)
    said = progress.tell(quiet, MINE, NOW + 10)
    assert said.state == progress.STUCK
    assert "The freezer doesn't answer since 13:45:40" in said.line
    assert "saved" in said.hint


def test_a_freezer_that_died_in_the_middle_is_named_too():
    half = told(publish(state="publishing", steps=STEPS[:2]), at=NOW)
    assert progress.tell(half, MINE, NOW + 60).state == progress.STUCK


def test_before_the_first_publish_ever_one_waits():
    assert progress.tell(None, MINE, NOW).state == progress.WAITING
    assert progress.tell(None, MINE, NOW + 60).state == progress.STUCK


def test_a_takedown_is_told_as_one():
    gone = Own(7, NOW - 1, "About us", gone=True)
    said = progress.tell(told(publish(seconds=0.8)), gone, NOW)
    assert said.line == "“About us” is gone from every cluster, the mirror and the edge, 0.8 s."


def test_what_was_undone_says_who_did_it():
    said = progress.tell(told(publish(state="rolled back", undone_by="Ben")), MINE, NOW)
    assert said.line == "It was live; then Ben undid the publish."


@pytest.fixture
def change(edit, add_page):
    def changed(button="action-publish", name="ada", **changes):
        return edit(name, add_page(), button, **changes)

    return changed


def ask(client):
    return json.loads(client.get("/studio/publishing/progress/").content)


def test_after_publishing_the_panel_is_on_the_page_and_answers_after_a_reload(change, publish_told):
    publish_told(revision=0)
    client = change(title="New").client
    for _reload in range(2):
        assert b'id="portico-publish"' in client.get("/studio/").content
    assert ask(client)["state"] == "waiting"

    steps = [{"name": name, "seconds": 0.1} for name in STEPS]
    publish_told(revision=revision.number(), steps=steps, seconds=0.61)
    assert ask(client)["line"] == "frozen, checked, in cluster a, in cluster b, live, 0.6 s"


def test_a_draft_that_is_saved_shows_no_panel(change, publish_told):
    publish_told(revision=0)
    client = change(button="", title="New").client
    assert b'id="portico-publish"' not in client.get("/studio/").content
    assert ask(client) == {"state": "nothing", "over": True}


def test_unpublishing_is_followed_too(sign_in, add_page, publish_told):
    publish_told(revision=0)
    page, client = add_page("Old news"), sign_in("ada")
    assert "It is gone everywhere" in client.get(f"/studio/pages/{page.pk}/unpublish/").content.decode()
    client.post(f"/studio/pages/{page.pk}/unpublish/")
    publish_told(revision=10_000, seconds=0.7)
    assert ask(client)["line"].startswith("“Old news” is gone from every cluster")


def test_deleting_a_page_is_followed_too(sign_in, add_page, publish_told):
    publish_told(revision=0)
    page, client = add_page("Old news"), sign_in("ada")
    assert "It is gone everywhere" in client.get(f"/studio/pages/{page.pk}/delete/").content.decode()
    client.post(f"/studio/pages/{page.pk}/delete/")
    assert ask(client)["state"] == "waiting"


def test_a_setting_goes_live_at_once_and_is_followed(sign_in, publish_told):
    publish_told(revision=0)
    topic = Topic.objects.create(name="Trains", slug="trains", locale=Locale.get_default())
    client = sign_in("ada")
    client.post(
        f"/studio/snippets/studio/topic/edit/{topic.pk}/", {"name": "Railways", "slug": "trains", "rank": "1"}
    )
    topic.refresh_from_db()
    assert topic.name == "Railways"
    assert ask(client)["state"] == "waiting"


def test_dismissing_it_ends_it(change, publish_told):
    publish_told(revision=0)
    client = change(title="New").client
    assert client.post("/studio/publishing/dismiss/").status_code == 204
    assert ask(client)["state"] == "nothing"


def test_half_a_file_is_read_as_none(settings, tmp_path):
    file = tmp_path / "published.json"
    file.write_text('{"revision": 1, "sta')
    settings.HERE = replace(settings.HERE, published=file)
    assert published.read() is None


def test_what_was_over_a_while_ago_is_shown_no_longer(change, publish_told, monkeypatch):
    publish_told(revision=10_000)
    client = change(title="New").client
    assert ask(client)["state"] == "over"
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 60)
    assert b'id="portico-publish"' not in client.get("/studio/").content


def test_the_next_publish_is_followed_though_the_one_before_was_over_long_ago(
    sign_in, add_page, publish_told, monkeypatch
):
    publish_told(revision=10_000)
    first, second, client = add_page("First"), add_page("Second"), sign_in("ada")
    client.post(f"/studio/pages/{first.pk}/unpublish/")
    assert ask(client)["state"] == "over"
    real, numbers = time.time, itertools.count(20_000)
    monkeypatch.setattr(time, "time", lambda: real() + 60)
    monkeypatch.setattr(revision, "number", lambda: next(numbers))  # PostgreSQL's rises at the commit
    client.post(f"/studio/pages/{second.pk}/unpublish/")
    assert b'id="portico-publish"' in client.get("/studio/").content
