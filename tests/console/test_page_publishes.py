"""What went live, what differs, and the one press back."""

from __future__ import annotations

import re

import pytest

from portico.console.pages import publishes
from portico.release import snapshots
from portico.snapshot.diff import Diff
from portico.store import copy, signing
from support import consoles, pressing
from support.snapshots import HTML, build

HOME = {"/": (HTML, b"<h1>Home")}


@pytest.fixture
def desk(tmp_path):
    with consoles.told(tmp_path, "fresh") as told:
        yield told


@pytest.fixture
def published(desk):
    """Two snapshots in every store, published one after the other; their ids."""
    home = desk.home
    signing.create_keys(home.signing_key, home.public_key)
    stores = snapshots.stores(home, desk.settings.clusters.names)
    origin = stores["origin"].create()
    key = signing.load_private(home.signing_key)
    before = build(origin, key, {**HOME, "/old": (HTML, b"<p>old")})
    live = build(origin, key, {**HOME, "/new": (HTML, b"<p>new")})
    for name in ("a", "b", "mirror"):
        for digest in (before, live):
            copy.snapshot(origin, stores[name].create(), digest, signing.load_public(home.public_key))
    previous = None
    for digest in (before, live):
        number = desk.ledger.order("publish", {"snapshot": digest}, by="mara (studio)")
        desk.ledger.record("released", digest, before=previous, order=number)
        done = {
            "snapshot": digest,
            "before": previous,
            "seconds": 0.4,
            "steps": {"check": 0.1, "flip": 0.002},
        }
        desk.ledger.settle(desk.ledger.get_order(number), "done", **done)
        desk.ledger.want("snapshot", digest)
        previous = digest
    return before, live


def test_the_history_tells_who_when_and_how_long_each_step_took(desk, published):
    text = consoles.client(desk).get("/publishes").text
    assert "mara (studio)" in text
    assert re.search(r"checked 0\.10 s, live 2(\.0)? ms", text)
    assert text.count("live</span>") == 1


def test_the_way_back_says_what_it_will_do_and_is_one_press(desk, published):
    before, live = published
    client = consoles.client(desk)
    text = client.get("/publishes").text
    assert f"Every visitor gets {before[:12]} instead of {live[:12]} at once: 1 path comes, 1 goes." in text
    pressing.press(client, "/publishes", "/publishes/back")
    (order,) = desk.ledger.open_orders()
    assert (order.kind, order.args) == ("rollback", {"snapshot": before, "instead_of": live})


def test_who_published_meanwhile_does_not_lose_it_by_a_late_press(desk, published):
    before, _ = published
    client = consoles.client(desk)
    form = pressing.offered(client.get("/publishes"))["/publishes/back"]
    desk.ledger.want("snapshot", before)
    done = client.post("/publishes/back", data=form.fields, headers={"referer": f"{pressing.HERE}/publishes"})
    assert "another snapshot went live meanwhile" in pressing.told(client, done)
    assert desk.ledger.open_orders() == []


def test_a_snapshot_that_a_store_lost_is_no_way_back(desk, published):
    before, _ = published
    snapshots.stores(desk.home, ("a", "b"))["b"].remove_snapshot(before)
    client = consoles.client(desk)
    assert "/publishes/back" not in pressing.offered(client.get("/publishes"))
    data = {"_token": consoles.TOKEN, "snapshot": before, "instead_of": ""}
    assert "not every store holds" in pressing.told(client, client.post("/publishes/back", data=data))


def test_one_publish_shows_what_changed_by_it(desk, published):
    first = consoles.client(desk).get("/publishes/1").text
    second = consoles.client(desk).get("/publishes/2").text
    assert "There was nothing before it." in first
    assert "Roll back to it" in first
    assert "<code>/new</code>" in second
    assert "It is what visitors get now." in second


def test_any_two_snapshots_are_compared(desk, published):
    before, live = published
    text = consoles.client(desk).get(f"/diff?before={live}&after={before}").text
    assert "1 path comes, 1 goes." in text
    assert "not held any more" in consoles.client(desk).get(f"/diff?before={live}&after={'0' * 64}").text


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Diff(("/a",), (), (), 1, 0, rules=False), "1 path comes"),
        (Diff(("/a", "/b"), ("/c",), (), 1, 0, rules=False), "2 paths come, 1 changes"),
        (Diff((), (), (), 0, 0, rules=True), "only redirects or error pages differ"),
        (Diff((), (), (), 0, 0, rules=False), "nothing differs"),
    ],
)
def test_what_changes_is_counted_in_words(found, said):
    assert publishes.changes(publishes.shown(found)) == said


def test_of_a_large_diff_only_what_is_shown_is_kept():
    paths = tuple(f"/{number:04}" for number in range(1000))
    kept = publishes.shown(Diff(paths, (), ("/gone",), 1, 0, rules=False))
    assert [(kind.count, len(kind.paths)) for kind in kept.kinds] == [(1000, 200), (1, 1)]
    assert publishes.changes(kept) == "1,000 paths come, 1 goes"
