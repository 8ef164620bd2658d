from __future__ import annotations

from portico.board import age

NOW = 1000.0


def test_who_told_of_the_world_just_now_is_not_silent():
    assert age.judge(NOW - 1, NOW - 3, NOW).silent == ()


def test_a_keeper_that_fell_silent_is_named_with_how_long():
    (heard,) = age.judge(NOW - 240, NOW - 3, NOW).silent
    assert (heard.name, heard.silent_s) == ("keeper", 240.0)
    assert "Visitors are served all the same" in heard.means


def test_keeper_and_watcher_may_both_be_silent():
    assert [heard.name for heard in age.judge(None, NOW - 99, NOW).silent] == ["keeper", "watcher"]


def test_where_nobody_ever_looked_nothing_has_begun():
    assert not age.judge(None, None, NOW).begun
    assert age.judge(None, NOW, NOW).begun


def test_a_clock_that_was_set_back_makes_nobody_silent():
    assert age.judge(NOW + 50, NOW + 50, NOW).silent == ()
