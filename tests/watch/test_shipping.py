"""A destination that is slow, away or picky costs nobody else anything, and loses no more than it must."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from portico.watch.export.shipping import INBOX, LaterError, Limits, Parcel, RefusedError, Shipper
from support.edging import until

QUICK = Limits(first_s=0.01, longest_s=0.02)


class Destination:
    """Takes parcels, or does what it was told to do instead."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.tried = 0
        self.instead: Callable[[Parcel], None] | None = None

    def send(self, parcel: Parcel) -> None:
        self.tried += 1
        if self.instead:
            self.instead(parcel)
        self.got.append(parcel.body.decode())


def raising(error: Exception) -> Callable[[Parcel], None]:
    def act(parcel: Parcel) -> None:
        raise error

    return act


def pack(text: str) -> Iterator[Parcel]:
    if text == "bad":
        raise ValueError("no number")
    yield Parcel(text.encode(), count=len(text))


@pytest.fixture
def there() -> Destination:
    return Destination()


@pytest.fixture
def shipper(there: Destination) -> Iterator[Shipper[str]]:
    made = Shipper("there", pack, there.send, QUICK)
    yield made
    there.instead = None
    made.close()


def test_what_is_told_arrives_in_order(shipper: Shipper[str], there: Destination):
    for text in "abc":
        shipper.tell(text)
    until(lambda: there.got == ["a", "b", "c"], "all to arrive")
    until(lambda: shipper.health().sent == 3, "it to be counted")
    assert shipper.health().failing_s == 0


def test_what_can_t_be_sent_now_is_sent_later_in_the_same_order(shipper: Shipper[str], there: Destination):
    there.instead = raising(LaterError("it is away"))
    for text in "abc":
        shipper.tell(text)
    until(lambda: there.tried >= 3, "some tries")
    health = shipper.health()
    assert health.trouble == "it is away"
    assert health.failing_s > 0
    there.instead = None
    until(lambda: there.got == ["a", "b", "c"], "all to arrive")
    until(lambda: not shipper.health().failing_s, "it to be well again")


def test_what_is_refused_is_given_up_and_told(shipper: Shipper[str], there: Destination):
    there.instead = raising(RefusedError("400: no such tenant"))
    shipper.tell("abc")
    until(lambda: shipper.health().refused == 3, "it to be refused")
    assert there.tried == 1
    there.instead = None
    shipper.tell("d")
    until(lambda: there.got == ["d"], "the next one to arrive")
    assert shipper.health().loss == "400: no such tenant"


def test_while_a_sending_hangs_nobody_waits_and_the_newest_is_kept(shipper: Shipper[str], there: Destination):
    hangs = threading.Event()
    there.instead = lambda _: (hangs.wait(60), None)[1]
    shipper.tell("first")
    until(lambda: there.tried == 1, "it to hang")
    for number in range(INBOX + 5):
        shipper.tell(f"{number:02}")
    assert shipper.health().dropped == 5
    hangs.set()
    until(lambda: there.got == ["first", *(f"{number:02}" for number in range(5, INBOX + 5))], "the rest")


def test_a_full_queue_loses_its_oldest_and_counts_them(there: Destination):
    there.instead = raising(LaterError("it is away"))
    shipper = Shipper("there", pack, there.send, Limits(0.01, 0.02, room=10))
    for text in ("aaaa", "bbbb", "cccc"):
        shipper.tell(text)
    until(lambda: shipper.health().dropped == 4, "the oldest to be dropped")
    there.instead = None
    until(lambda: there.got == ["bbbb", "cccc"], "the others to arrive")
    shipper.close()


def test_the_pause_that_the_destination_asks_for_is_kept(there: Destination):
    there.instead = raising(LaterError("too many", after_s=3600))
    shipper = Shipper("there", pack, there.send, QUICK)
    shipper.tell("a")
    until(lambda: there.tried == 1, "a try")
    for text in "bcdef":
        shipper.tell(text)
    until(lambda: shipper.health().waiting == 6, "all to wait")
    assert there.tried == 1
    there.instead = None
    shipper.close()


def test_what_can_t_be_packed_costs_only_itself(shipper: Shipper[str], there: Destination):
    shipper.tell("bad")
    shipper.tell("good")
    until(lambda: there.got == ["good"], "the good one")
    assert "no number" in shipper.health().loss


def test_a_mistake_of_the_sender_s_own_doesn_t_end_the_sending(shipper: Shipper[str], there: Destination):
    there.instead = raising(KeyError("x"))
    shipper.tell("a")
    until(lambda: shipper.health().refused == 1, "it to be given up")
    there.instead = None
    shipper.tell("b")
    until(lambda: there.got == ["b"], "the next one")


def test_what_is_held_when_it_ends_is_tried_once_more(there: Destination):
    there.instead = raising(LaterError("it is away", after_s=600))
    shipper = Shipper("there", pack, there.send, QUICK)
    shipper.tell("a")
    until(lambda: there.tried == 1, "a try")
    there.instead = None
    shipper.tell("b")
    shipper.leave()
    until(lambda: there.got == ["a", "b"], "both to arrive")
