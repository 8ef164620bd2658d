"""Undo the last publish: asked for by publishers, carried out by Portico, told to everybody."""

import json
import re
from datetime import timedelta

import pytest

from portico.studio.editing import wishes
from portico.studio.models import Wish

pytestmark = pytest.mark.usefixtures("time_stands_still")

URL = "/studio/publishing/undo/"


@pytest.fixture
def waiting(people):
    return wishes.undo(people["ada"], "new")


def test_it_says_what_will_happen_before_it_happens(sign_in, publish_told, add_page):
    page = add_page("About us")
    publish_told(changed=[page.url_path.replace("/home/", "/")], by="Ben")
    text = sign_in("ada").get(URL).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
    assert "The last publish is by Ben" in text
    assert "About us" in text
    assert "stay gone" in text
    assert not Wish.objects.exists()


def test_a_publishers_yes_becomes_a_wish_that_the_freezer_is_handed(sign_in, publish_told):
    publish_told()
    client = sign_in("ada")
    client.post(URL, {"snapshot": "new"})
    assert wishes.open_ones() == [
        {"id": Wish.objects.get().pk, "kind": "undo", "by": "ada", "snapshot": "new"}
    ]
    assert (
        json.loads(client.get("/studio/publishing/progress/").content)["line"] == "Undoing the last publish …"
    )


def test_pressed_twice_it_is_one_wish(sign_in, publish_told):
    publish_told()
    client = sign_in("ada")
    for _press in range(2):
        client.post(URL, {"snapshot": "new"})
    assert Wish.objects.count() == 1


def test_what_somebody_published_meanwhile_is_not_undone_by_mistake(sign_in, publish_told, said):
    publish_told(snapshot="newer")
    client = sign_in("ada")
    answer = client.post(URL, {"snapshot": "new"})
    assert answer.url == URL
    assert "Meanwhile something else was published" in said(client)
    assert not Wish.objects.exists()


@pytest.mark.parametrize(
    "state", [{"state": "publishing"}, {"before": None}, {"state": "rolled back", "before": None}]
)
def test_there_is_nothing_to_undo_while_publishing_nor_the_first_time_nor_twice(sign_in, publish_told, state):
    publish_told(**state)
    client = sign_in("ada")
    client.post(URL, {"snapshot": "new"})
    assert not Wish.objects.exists()
    assert "Undo the last publish</a>" not in client.get("/studio/").content.decode()


@pytest.mark.parametrize("name", ["author", "editor"])
def test_who_is_no_publisher_cannot_undo(sign_in, publish_told, name):
    publish_told()
    client = sign_in(name)
    client.post(URL, {"snapshot": "new"})
    assert not Wish.objects.exists()
    assert "Undo the last publish</a>" not in client.get("/studio/").content.decode()


def test_what_became_of_it_is_told_once(waiting):
    assert wishes.answer({"id": waiting.pk, "ok": True, "said": "Undone in 0.2 s."}) == (200, {"ok": True})
    wishes.answer({"id": waiting.pk, "ok": False, "said": "too late"})
    waiting.refresh_from_db()
    assert (waiting.ok, waiting.said) == (True, "Undone in 0.2 s.")
    assert wishes.open_ones() == []


def test_an_answer_to_no_wish_is_refused(studio):
    assert wishes.answer({"id": 4711, "ok": True})[0] == 404


def test_the_person_sees_what_became_of_it(sign_in, publish_told):
    publish_told()
    client = sign_in("ada")
    client.post(URL, {"snapshot": "new"})
    wishes.answer(
        {"id": Wish.objects.get().pk, "ok": False, "said": "Something else was published meanwhile."}
    )
    told = json.loads(client.get("/studio/publishing/progress/").content)
    assert (told["state"], told["why"]) == ("broken", "Something else was published meanwhile.")


def test_a_wish_that_nobody_answers_names_the_freezer(sign_in, publish_told):
    publish_told()
    client = sign_in("ada")
    client.post(URL, {"snapshot": "new"})
    wish = Wish.objects.get()
    Wish.objects.update(asked_at=wish.asked_at - timedelta(minutes=1))
    told = json.loads(client.get("/studio/publishing/progress/").content)
    assert told["line"].startswith("The freezer doesn't answer since")


def test_afterwards_the_dashboard_says_who_undid_it_and_what_comes_back(sign_in, publish_told, add_page):
    page = add_page("About us")
    path = page.url_path.replace("/home/", "/")
    undone = {"by": "Ben", "at": 1_000_000.0}
    publish_told(
        state="rolled back", snapshot="old", before=None, changed=[path, "/feed.atom"], undone=undone
    )
    html = sign_in("editor").get("/studio/").content.decode()
    assert "Undone by Ben at 13:46." in html
    assert "The next publish brings back what was undone" in html
    assert f"/studio/pages/{page.pk}/history/" in html
    assert "/feed.atom" in html
