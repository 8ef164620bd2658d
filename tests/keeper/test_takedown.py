"""What was taken down is gone from every store, and stays gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portico.config.home import Home
from portico.config.models import Settings
from portico.edge import livemap, tls
from portico.keeper import decide, jobs, publishing, steps, wanted
from portico.keeper.hands import Hands
from portico.keeper.orders import jobs as orders
from portico.keeper.orders.move import Situation
from portico.keeper.stack import Stack
from portico.keeper.world import EdgeSeen, Memory, ReplicaSeen, World
from portico.ledger.ledger import Ledger
from portico.model import MIRROR, Digest, Order
from portico.release import takedown
from portico.store import read, signing
from portico.store.layout import Store
from support import snapshots
from support.snapshots import HTML

WHERE = ("a", "b", MIRROR)


@dataclass
class Kept:
    stack: Stack
    ledger: Ledger
    hands: Hands

    @property
    def stores(self) -> dict[str, Store]:
        home = self.stack.home
        return {"origin": Store(home.origin), **{name: Store(home.store(name)) for name in WHERE}}

    def publish(self, *paths: str) -> Digest:
        home = self.stack.home
        pages = {path: (HTML, f"<h1>{path}</h1>".encode()) for path in paths}
        made = snapshots.build(Store(home.origin), signing.load_private(home.signing_key), pages)
        for name in WHERE:
            publishing.bring(self.stack, name, made, None)
        self.ledger.want("snapshot", made)
        self.ledger.record("released", made)
        return made

    def order(self, *paths: str) -> Order:
        live = self.ledger.wanted()["snapshot"]
        args = takedown.args(self.stack.home, paths, live=live, keep=10)
        return self.ledger.get_order(self.ledger.order("takedown", args, by="ada"))

    def situation(self) -> Situation:
        remembered = self.ledger.wanted()
        said = self.ledger.seen(jobs.KEY)
        return Situation(
            World(self.ledger._now(), {}, EdgeSeen()),
            wanted.wanted_of(self.stack.settings.clusters, remembered),
            soak_s=0,
            most=4,
            job=said[0] if said else {},
            barred=wanted.barred(remembered),
        )

    def carry_out(self, order: Order) -> dict:
        """As the loop does it: move after move."""
        progress: dict = {}
        for _ in range(9):
            move = orders.take_down(order, progress, self.situation())
            progress = dict(move.progress)
            for key, value in move.want.items():
                self.ledger.want(key, value)
            for step in move.steps:
                self.hands.act(step)
            if move.done or move.why:
                return {"done": move.done, "why": move.why, **move.result}
        raise AssertionError("it never ended")

    def take_down(self, *paths: str) -> dict:
        return self.carry_out(self.order(*paths))

    def holding(self, path: str) -> set[str]:
        """The places where some snapshot answers the path."""
        return {
            name
            for name, store in self.stores.items()
            for snapshot in store.list_snapshots()
            if read.Reader(store, self.stack.key).lookup(snapshot, path)
        }


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    home = Home(tmp_path).create()
    signing.create_keys(home.signing_key, home.public_key)
    for root in (home.origin, *(home.store(name) for name in WHERE)):
        Store(root).create()
    key = signing.load_public(home.public_key)
    tls.provide(home, ("localhost",), None, datetime.now(UTC))
    livemap.write(home.root, None)
    stack = Stack(home, Settings(), None, key, "https://localhost/", "http://localhost/", None)
    ledger = Ledger(home.ledger)
    yield Kept(stack, ledger, Hands(stack, ledger, None))
    ledger.close()


def test_no_store_answers_it_any_more(kept: Kept):
    kept.publish("/", "/secret", "/old")
    kept.publish("/")
    assert kept.take_down("/secret")["done"]
    assert kept.holding("/secret") == set()
    assert kept.holding("/old") == {"origin", *WHERE}


def test_its_body_is_gone_from_every_disk(kept: Kept):
    kept.publish("/", "/secret")
    digest = read.Reader(kept.stores["a"], kept.stack.key).lookup(
        kept.stores["a"].list_snapshots()[0], "/secret"
    )
    kept.publish("/")
    kept.take_down("/secret")
    assert digest
    assert [name for name, store in kept.stores.items() if store.body(digest.digest).exists()] == []


def test_each_store_acknowledges_and_the_ledger_says_it(kept: Kept):
    kept.publish("/", "/secret")
    kept.publish("/")
    kept.take_down("/secret")
    assert [event.subject for event in kept.ledger.events(kind="takedown.acknowledged")] == [
        *WHERE,
        "origin",
        "edge",
    ]
    assert [event.data["paths"] for event in kept.ledger.events(kind="taken.down")] == [["/secret"]]


def test_taking_down_twice_does_no_harm(kept: Kept):
    kept.publish("/", "/secret", "/old")
    kept.publish("/")
    order = kept.order("/secret")
    assert kept.carry_out(order)["done"]
    kept.ledger.see(jobs.KEY, {})
    assert kept.carry_out(order)["done"]
    assert kept.holding("/secret") == set()


def test_what_is_live_again_meanwhile_is_not_taken_down(kept: Kept):
    old = kept.publish("/", "/secret")
    kept.publish("/")
    order = kept.order("/secret")
    kept.ledger.want("snapshot", old)
    assert "visitors get" in kept.carry_out(order)["why"]
    assert "/secret" in {path for path, _ in read.Reader(kept.stores["a"], kept.stack.key).entries(old)}


def test_a_store_that_was_away_lets_go_of_it_when_it_is_back(kept: Kept):
    old = kept.publish("/", "/secret", "/old")
    kept.publish("/")
    away = {file: file.read_bytes() for file in kept.stores["b"].root.rglob("*") if file.is_file()}
    kept.take_down("/secret")
    for file, data in away.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        file.write_bytes(data)
    assert kept.holding("/secret") == {"b"}

    seen = ReplicaSeen("b1", "b", 1, alive=True, answered=True, snapshots=(old,))
    world = World(0.0, {"b1": seen}, EdgeSeen(alive=True))
    due = decide.decide(world, kept.situation().wanted, Memory(), soak_s=0)
    [step] = [step for step in due if isinstance(step, steps.RemoveBarred)]
    kept.hands.act(step)
    assert kept.holding("/secret") == set()


def test_what_replaced_a_snapshot_may_be_replaced_in_turn():
    known = wanted.barring({}, {"s0": "s1"})
    assert wanted.barring(known, {"s1": "s2"}) == {"s0": "s2", "s1": "s2"}
    assert wanted.barring(known, {"s1": None}) == {"s0": None, "s1": None}


def test_only_the_newest_thousand_are_remembered():
    many = {str(number): None for number in range(wanted.MOST_BARRED + 5)}
    assert next(iter(wanted.barring({}, many))) == "5"
