"""What the promises count of looks: a bad one only where enough places see it."""

from __future__ import annotations

from portico.watch import signal
from portico.watch.answer import What
from portico.watch.probes.agreed import Agreed, Rule
from portico.watch.probes.report import CERTIFICATE, EDGE

GOOD, BAD, NOBODY = What.RIGHT, What.CERTIFICATE, frozenset[str]()


class Places:
    """Places that look twice a round of five seconds, and what is counted of it."""

    def __init__(self, *names: str, agree: int) -> None:
        self.now = 0.0
        self._agreed = Agreed(Rule(agree, len(names), window_s=10))
        self._counts = {name: {EDGE: dict.fromkeys((GOOD, BAD), 0)} for name in names}
        self.round()

    def round(self, silent=NOBODY, **seen: What | None) -> None:
        self.now += 5
        for name, what in seen.items():
            if what:
                self._counts[name][EDGE][what] += 2
        self._agreed.note(self.now, self._counts, silent)

    def restart(self, name: str) -> None:
        self._counts[name] = {EDGE: dict.fromkeys((GOOD, BAD), 0)}

    def counted(self) -> tuple[float, float]:
        """Good looks, and bad ones."""
        found = {signal.parse(one.key)[1]: one.value for one in self._agreed.signals()}
        return tuple(found[("result", what), ("target", EDGE)] for what in (GOOD, BAD))


def test_a_single_place_is_believed_at_once():
    places = Places("here", agree=1)
    places.round(here=BAD)
    assert places.counted() == (0, 2)


def test_a_far_place_with_a_bad_network_burns_nothing():
    places = Places("here", "paris", agree=2)
    for _ in range(20):
        places.round(here=GOOD, paris=BAD)
    assert places.counted() == (40, 0)


def test_here_alone_burns_nothing_while_far_places_see_the_site():
    places = Places("here", "paris", agree=2)
    for _ in range(20):
        places.round(here=BAD, paris=GOOD)
    assert places.counted() == (40, 0)


def test_what_enough_places_see_counts_as_each_of_them_saw_it():
    places = Places("here", "paris", "rome", agree=2)
    for _ in range(4):
        places.round(here=BAD, paris=BAD, rome=GOOD)
    assert places.counted() == (8, 16)


def test_a_far_place_that_reports_a_round_later_still_agrees():
    places = Places("here", "paris", agree=2)
    places.round(here=BAD)
    assert places.counted() == (0, 0)
    places.round(here=GOOD, paris=BAD)
    assert places.counted() == (2, 4)


def test_where_far_places_fell_silent_those_that_look_decide():
    """An outage often silences the far places, too: they can't hand in what they see."""
    places = Places("here", "paris", agree=2)
    places.round(here=GOOD, paris=GOOD)
    for _ in range(5):
        places.round(here=BAD)
    assert places.counted() == (4, 4), "the latest wait until others had the time to report"


def test_a_watcher_that_stood_still_for_a_while_forgets_nobodys_looks():
    places = Places("here", "paris", agree=2)
    places.round(here=GOOD, paris=BAD)
    places.now += 600
    places.round(here=GOOD, paris=GOOD)
    assert places.counted() == (6, 0)


def test_a_place_that_is_blind_alone_neither_counts_nor_votes():
    places = Places("here", "paris", agree=1)
    places.round(silent={"paris"}, here=GOOD, paris=BAD)
    assert places.counted() == (2, 0)


def test_a_far_place_that_began_anew_is_counted_on():
    places = Places("here", "paris", agree=1)
    places.round(paris=BAD)
    places.round(paris=BAD)
    places.restart("paris")
    places.round(paris=BAD)
    assert places.counted() == (0, 6)


def test_targets_without_a_promise_are_not_counted():
    agreed = Agreed(Rule(1, 1, 10))
    agreed.note(0, {"here": {CERTIFICATE: {GOOD: 1}}}, NOBODY)
    assert not list(agreed.signals())
