from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portico.cli import orders
from portico.cli.orders import Desk
from portico.config.home import Home
from portico.kit import process
from portico.kit.errors import PorticoError, UnavailableError
from portico.ledger.ledger import Ledger
from portico.model import Event, Order


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    home = Home(tmp_path / "home").create()
    ledger = Ledger(home.ledger)
    yield Desk(home, ledger)
    ledger.close()


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """A desk whose keeper is alive: this process stands in for it."""
    me = process.of(os.getpid())
    assert me
    process.remember(desk.home.record("keeper"), me)
    return desk


def keeping(desk: Desk, act: Callable[[Ledger, Order], None]) -> threading.Thread:
    """A keeper that takes the first order and carries it out, over its own connection."""

    def run() -> None:
        ledger = Ledger(desk.home.ledger)
        while not (waiting := ledger.open_orders()):
            pass
        ledger.take(waiting[0])
        act(ledger, waiting[0])
        ledger.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_an_order_is_followed_until_it_is_done_and_its_events_are_told_once(kept: Desk):
    told: list[Event] = []

    def publish(ledger: Ledger, order: Order) -> None:
        for step in ("check", "copy:a", "flip"):
            ledger.record("publish.step", "s", order=order.id, step=step, seconds=0.1)
        ledger.record("publish.step", "s", order=order.id + 1, step="check", seconds=0.1)
        ledger.settle(order, "done", snapshot="s")

    keeper = keeping(kept, publish)
    order = kept.follow(kept.give("publish", {"snapshot": "s"}), told.append, timeout=30)
    keeper.join()
    assert order.state == "done"
    assert order.result == {"snapshot": "s"}
    assert [event.data["step"] for event in told if event.kind == "publish.step"] == [
        "check",
        "copy:a",
        "flip",
    ]


def test_a_refusal_is_told_in_the_keepers_words(kept: Desk):
    keeper = keeping(
        kept, lambda ledger, order: ledger.settle(order, "failed", why="a is the last", hint="heal b")
    )
    with pytest.raises(PorticoError) as refused:
        kept.follow(kept.give("drain", {"cluster": "a"}), timeout=30)
    keeper.join()
    assert (refused.value.what, refused.value.hint) == ("a is the last", "heal b")
    assert refused.value.where == "drain (order 1)"


def test_an_order_that_nobody_takes_says_how_to_have_it_carried_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(orders, "ORPHANED_S", 0.05)
    with pytest.raises(UnavailableError, match="the keeper doesn't run") as told:
        desk.follow(desk.give("drain", {"cluster": "a"}), timeout=30)
    assert "portico keeper --once" in told.value.hint
    assert desk.ledger.get_order(1).state == "waiting"


def test_an_order_that_takes_too_long_goes_on_by_itself(kept: Desk):
    with pytest.raises(UnavailableError, match="still waiting") as told:
        kept.follow(kept.give("drain", {"cluster": "a"}), timeout=0.05)
    assert told.value.temporary


def test_who_gave_an_order_stands_in_the_ledger(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LOGNAME", "ada")
    desk.give("drain", {"cluster": "a"})
    assert desk.ledger.get_order(1).by == "ada"


def test_a_user_without_a_name_gives_orders_too(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def nobody() -> str:
        raise KeyError("uid not found: 4711")

    monkeypatch.setattr(orders.getpass, "getuser", nobody)
    desk.give("drain", {"cluster": "a"})
    assert desk.ledger.get_order(1).by == "unknown"
