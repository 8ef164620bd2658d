"""The freezer brings what the studio froze to visitors, and back, whoever dies meanwhile."""

import json
import signal
import subprocess
import sys

import pytest

from portico.config import load
from portico.kit import unixsocket
from portico.release import due
from portico.release.loop import SEEN, Freezer
from support import backserver, frozenstudio
from support.stack import PATIENCE_S, running_stack, until

SETTINGS = '[source]\nkind = "studio"\n[studio]\nenabled = false\n'


class Desk:
    """A studio that a test writes in, and the freezer that asks it."""

    def __init__(self, stack, studio):
        self.stack, self.studio = stack, studio
        self.home, self.ledger = stack.home, stack.ledger()
        self.revision, self.wishes, self.trouble, self.takedown = 1, [], None, []
        self.content = None
        studio.frozen = self.answer
        self.restart()

    def restart(self):
        self.freezer = Freezer(self.home, self.settings, self.ledger, lambda: None)

    @property
    def settings(self):
        return load.load(self.stack.settings, self.home.root, cwd=self.home.root).settings

    def answer(self, _body):
        said = {"revision": self.revision, "build": "b1", "by": "Ada", "at": self.ledger.now - 0.1}
        said |= {"wishes": self.wishes, "changed": ["/"], "takedown": self.takedown}
        said["content"] = self.content or self.revision
        return (422, {**said, **self.trouble}) if self.trouble else (200, said)

    def edit(self, title):
        self.revision += 1
        frozenstudio.freeze(self.home.studio, site(title), revision=self.revision)

    def look(self):
        self.freezer.look()

    def publish(self, title):
        self.edit(title)
        self.look()
        return self.live

    @property
    def told(self):
        return json.loads(self.home.published.read_text())

    @property
    def live(self):
        return self.ledger.wanted()["snapshot"]

    @property
    def page(self):
        return self.stack.get("/").body

    def orders(self, kind):
        return [event for event in self.ledger.events(kind="order.given") if event.subject == kind]

    def wish(self, number, snapshot=""):
        self.wishes = [{"id": number, "kind": "undo", "by": "Grace", "snapshot": snapshot}]


def site(title):
    return {"index.html": frozenstudio.page(title), "about/index.html": frozenstudio.page("About")}


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    place = tmp_path_factory.mktemp("freezer")
    frozenstudio.freeze(place / "home" / "studio", site("First"), revision=1)
    with running_stack(None, place, SETTINGS) as running:
        yield running


@pytest.fixture
def desk(stack):
    with backserver.running(stack.home.studio_socket) as studio:
        desk = Desk(stack, studio)
        seen = desk.ledger.seen(SEEN)
        desk.revision = max((due.load(seen[0] if seen else None).revision or 0), 1) + 1
        frozenstudio.freeze(stack.home.studio, site(f"At {desk.revision}"), revision=desk.revision)
        desk.look()
        yield desk
        desk.ledger.close()


def test_an_edit_goes_live_and_the_editor_is_told_each_step(desk):
    desk.publish("A new headline")
    assert b"A new headline" in desk.page
    told = desk.told
    assert (told["state"], told["revision"], told["by"], told["changed"]) == (
        "live",
        desk.revision,
        "Ada",
        ["/"],
    )
    assert [step["name"] for step in told["steps"]] == [
        "frozen", "checked", "in cluster a", "in cluster b", "in the mirror", "live",
    ]  # fmt: skip
    assert 0 < told["seconds"] < 60
    assert told["snapshot"] == desk.live
    assert told["history"][0]["revision"] == desk.revision - 1


def test_the_chain_says_who_published(desk):
    desk.publish("By Ada")
    assert desk.orders("publish")[-1].data["by"] == "Ada"
    assert desk.ledger.last_of(["edit.live"]).data["revision"] == desk.revision


def test_the_first_publish_of_a_freezer_that_knows_nothing_is_no_edit(desk):
    desk.ledger.see(SEEN, None)
    desk.restart()
    desk.publish("As it lay there")
    assert desk.orders("publish")[-1].data["args"]["snapshot"] == desk.live
    assert desk.ledger.last_of(["edit.live"]).data["revision"] < desk.revision


def test_what_did_not_change_is_not_published_again(desk):
    desk.publish("Once")
    before = len(desk.orders("publish"))
    desk.look()
    desk.revision += 1
    desk.look()
    assert len(desk.orders("publish")) == before
    assert (desk.told["state"], desk.told["revision"]) == ("live", desk.revision)
    assert desk.told["before"]


def test_a_studio_that_is_down_changes_nothing(stack):
    ledger = stack.ledger()
    before = ledger.wanted()["snapshot"]
    settings = load.load(stack.settings, stack.home.root, cwd=stack.home.root).settings
    Freezer(stack.home, settings, ledger, lambda: None).look()
    assert ledger.wanted()["snapshot"] == before
    ledger.close()


def test_a_site_that_cannot_be_frozen_is_told_once_and_what_is_live_stays(desk):
    before = desk.live
    desk.revision += 1
    desk.trouble = {"what": "it prints the time", "where": "studio/news.html", "hint": "take now out"}
    desk.look()
    desk.look()
    told = desk.told
    assert (told["state"], told["why"]) == ("failed", "the studio: studio/news.html: it prints the time")
    assert told["hint"] == "take now out"
    assert (
        len([one for one in desk.ledger.events(kind="edit.failed") if one.data["revision"] == desk.revision])
        == 1
    )
    assert desk.live == before
    desk.trouble = None
    desk.publish("Mended")
    assert desk.told["state"] == "live"


def test_an_undo_goes_back_at_once_and_holds_until_something_newer_is_published(desk):
    before = desk.publish("Good")
    undone = desk.publish("Bad")
    desk.wish(1, undone)
    desk.look()
    assert desk.live == before
    assert b"Good" in desk.page
    assert desk.studio.wishes == [{"id": 1, "ok": True, "said": desk.studio.wishes[0]["said"]}]
    assert (desk.told["state"], desk.told["undone"]["by"]) == ("rolled back", "Grace")
    assert desk.orders("rollback")[-1].data["by"] == "Grace"
    desk.wishes = []
    desk.look()
    desk.restart()
    desk.look()
    assert desk.live == before
    assert desk.publish("Better") not in {before, undone}
    assert desk.told["history"][0]["state"] == "rolled back"


def test_what_was_undone_is_not_undone_twice(desk):
    desk.publish("One")
    undone = desk.publish("Two")
    desk.wish(11, undone)
    desk.look()
    live = desk.live
    desk.wish(12, live)
    desk.look()
    assert desk.live == live
    assert desk.studio.wishes[-1] == {"id": 12, "ok": False, "said": "The last publish was undone already."}


def test_an_undo_that_was_asked_for_before_the_search_index_followed_is_granted(desk):
    before = desk.publish("Right")
    undone = desk.publish("Wrong")
    desk.content = desk.revision
    followed = desk.publish("Wrong, and found by the search")
    assert followed != undone
    desk.wish(13, undone)
    desk.look()
    assert desk.studio.wishes[-1]["ok"], desk.studio.wishes[-1]["said"]
    assert desk.live == before


def test_a_wish_that_comes_too_late_is_refused(desk):
    old = desk.publish("Old")
    live = desk.publish("New")
    desk.wish(21, old)
    desk.look()
    assert desk.live == live
    assert desk.studio.wishes[-1]["said"] == "Something else was published meanwhile."


def test_a_freezer_killed_before_it_answered_a_wish_grants_it_once(desk):
    desk.publish("Before")
    known = desk.ledger.seen(SEEN)[0]
    before = desk.live
    undone = desk.publish("After")
    latest = desk.ledger.seen(SEEN)[0]
    desk.wish(31, undone)
    desk.look()
    orders = len(desk.orders("rollback"))
    desk.ledger.see(SEEN, latest)
    desk.restart()
    desk.look()
    assert len(desk.orders("rollback")) == orders
    assert desk.live == before
    assert [wish["ok"] for wish in desk.studio.wishes] == [True, True]
    assert known["revision"] < latest["revision"]


def test_a_freezer_killed_after_the_flip_tells_that_it_is_live(desk):
    known = desk.ledger.seen(SEEN)[0]
    desk.publish("Flipped")
    orders = len(desk.orders("publish"))
    desk.ledger.see(SEEN, known)
    desk.restart()
    desk.look()
    assert len(desk.orders("publish")) == orders
    assert (desk.told["state"], desk.told["revision"]) == ("live", desk.revision)


def test_an_order_from_before_an_interruption_is_followed_not_given_again(desk):
    desk.edit("Interrupted")
    frozen = desk.freezer._freeze()
    desk.ledger.order("publish", {"snapshot": frozen.id}, by="Ada")
    orders = len(desk.orders("publish"))
    desk.look()
    assert len(desk.orders("publish")) <= orders
    assert desk.live == frozen.id


def test_an_operators_rollback_is_respected_and_told(desk):
    desk.publish("Fine")
    desk.publish("Not fine")
    assert desk.stack.cli("rollback").returncode == 0
    back = desk.live
    desk.look()
    desk.restart()
    desk.look()
    assert desk.live == back
    assert desk.told["state"] == "rolled back"
    desk.publish("Fine again")
    assert desk.told["state"] == "live"


def test_the_search_index_that_follows_undoes_no_undo(desk):
    before = desk.publish("Right")
    desk.publish("Wrong")
    desk.content = desk.revision
    with_index = desk.publish("Wrong, with its index")
    assert (desk.told["revision"], desk.told["snapshot"]) == (desk.content, with_index), "no news"
    desk.wish(71, with_index)
    desk.look()
    desk.wishes = []
    assert desk.live == before, "the index is a part of the publish that it follows"
    desk.publish("Wrong, with another index")
    assert desk.live == before, "nobody published since"
    desk.content = None
    desk.publish("Right again")
    assert b"Right again" in desk.page


def test_what_was_unpublished_is_taken_down_everywhere(desk):
    desk.publish("With")
    desk.revision += 1
    frozenstudio.freeze(
        desk.home.studio, {"index.html": frozenstudio.page("Without")}, revision=desk.revision
    )
    desk.takedown = ["/about/", "/"]
    desk.look()
    assert desk.orders("takedown")[-1].data["args"]["paths"] == ["/about/"], "what is live stays"
    until(lambda: desk.ledger.events(kind="taken.down"), what="every store acknowledges")
    desk.takedown = []
    assert desk.stack.cli("rollback").returncode == 0
    assert b"With" in desk.page
    assert desk.stack.get("/about/").status == 404
    desk.publish("As before")


def test_a_freezer_that_died_before_a_takedown_orders_it_again(desk):
    known = desk.ledger.seen(SEEN)[0]
    desk.takedown = ["/gone/"]
    desk.publish("Without it")
    until(lambda: not desk.ledger.open_orders())
    before = len(desk.orders("takedown"))
    desk.ledger.see(SEEN, known)
    desk.restart()
    desk.look()
    assert len(desk.orders("takedown")) == before + 1
    desk.takedown = []


def test_a_real_freezer_is_woken_by_a_poke_and_ended_by_a_signal(desk, tmp_path):
    command = [sys.executable, "-m", "portico.release", str(desk.home.root), str(desk.stack.settings)]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, cwd=desk.home.root, stderr=log) as process,
    ):
        try:
            until(desk.home.freezer_socket.exists)
            desk.edit("Poked")
            unixsocket.poke(desk.home.freezer_socket)
            until(lambda: b"Poked" in desk.page)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0, (tmp_path / "log").read_text()
