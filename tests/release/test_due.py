"""What is published, and what is left: decided from what the studio says and what is remembered."""

import pytest

from portico.release import due
from portico.release.due import AGAIN_S, Known
from portico.release.studio import Answer

LIVE, OTHER = "1" * 64, "2" * 64
KNOWN = Known(7, "b1", LIVE)


def is_due(known=KNOWN, *, revision=7, build="b1", live=LIVE, now=1000.0):
    return due.is_due(Answer(revision, build=build), known, live, now)


def test_nothing_new_is_left_alone():
    assert not is_due()


def test_a_newer_revision_is_published():
    assert is_due(revision=8)


def test_another_build_is_published():
    assert is_due(build="b2")


def test_a_freezer_that_knows_nothing_publishes():
    assert is_due(Known(), live=None)


def test_a_database_from_a_backup_is_published_too():
    assert is_due(revision=3)


def test_what_somebody_went_back_from_is_not_published_for_a_new_build():
    assert not is_due(build="b2", live=OTHER)


def test_after_an_undo_only_a_newer_revision_is_published():
    back = KNOWN.went_back(9)
    assert not is_due(back, revision=9)
    assert is_due(back, revision=10)


def test_what_failed_is_tried_again_after_a_pause_or_when_something_changed():
    failing = KNOWN.failing(Answer(8, build="b1"), 1000.0)
    assert not is_due(failing, revision=8, now=1001.0)
    assert is_due(failing, revision=8, now=1000.0 + AGAIN_S)
    assert is_due(failing, revision=9, now=1001.0)


def test_a_clock_that_was_set_back_keeps_nothing_from_being_tried():
    assert is_due(KNOWN.failing(Answer(8, build="b1"), 1000.0), revision=8, now=10.0)


@pytest.mark.parametrize("known", [Known(), KNOWN, KNOWN.went_back(9), KNOWN.failing(Answer(None), 3.0)])
def test_what_is_remembered_survives_a_restart(known):
    assert due.load(due.dump(known)) == known


def test_only_the_search_index_of_the_same_build_is_behind_what_was_published():
    assert due.is_behind(Answer(8, content=7, build="b1"), KNOWN)
    assert not due.is_behind(Answer(9, content=8, build="b1"), KNOWN)
    assert not due.is_behind(Answer(8, content=7, build="b2"), KNOWN)
    assert not due.is_behind(Answer(8, build="b1"), KNOWN)
