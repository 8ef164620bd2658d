from __future__ import annotations

from portico.recover.entries import tally
from portico.recover.posting import Posted


def posted(token: str, *, acknowledged: bool = True) -> Posted:
    return Posted(token, 0.0, 0.1, 200 if acknowledged else 503, acknowledged)


def test_each_acknowledged_post_that_is_there_once_is_well():
    found = tally([posted("a"), posted("b")], ["b", "a"])
    assert (found.lost, found.twice, found.entries) == ((), (), 2)


def test_an_acknowledged_post_that_is_not_there_is_lost():
    assert tally([posted("a"), posted("b")], ["a"]).lost == ("b",)


def test_a_post_that_is_there_twice_is_told_whether_acknowledged_or_not():
    assert tally([posted("a"), posted("b", acknowledged=False)], ["a", "a", "b", "b"]).twice == ("a", "b")


def test_a_post_that_was_taken_and_not_acknowledged_is_nobodys_harm():
    found = tally([posted("a", acknowledged=False), posted("b", acknowledged=False)], ["a"])
    assert (found.lost, found.twice, found.unsaid, found.data["not_acknowledged"]) == ((), (), 1, 2)
