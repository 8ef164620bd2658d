"""Keeper, guard and watcher die as others do: mended unseen twice, told the third time within an hour."""

from __future__ import annotations

import pytest

from portico.model import Finding, Severity
from support.pages import ROOT
from support.stories import BEGAN, Story

PARTS = ("keeper", "guard", "watcher")


@pytest.fixture
def story(tmp_path):
    made = Story(tmp_path / "ledger.db")
    yield made
    made.ledger.close()


def restart(story: Story, part: str, **data) -> None:
    story.happen(f"{part}.died", part, pid=1, **data)
    story.now += 0.2
    story.happen(f"{part}.started", part, pid=2)


@pytest.mark.parametrize("part", PARTS)
def test_a_death_that_was_mended_is_an_incident_that_nobody_is_told_of(story, part):
    restart(story, part)
    assert story.one.severity is Severity.INFO
    assert story.one.title == f"The {part} died, and was started again 0.2 s later."


@pytest.mark.parametrize("part", PARTS)
def test_the_third_death_within_an_hour_is_told_with_a_runbook(story, part):
    for minute in (0, 20, 40):
        restart(story.at(minute * 60), part)
    newest = story.all[-1]
    assert newest.severity is Severity.WARNING
    assert newest.title.startswith(f"The {part} died, its third failure within 1 h")
    assert (ROOT / "docs" / "runbooks" / f"{newest.members[0].alert}.md").exists()


def test_a_start_without_a_death_is_no_trouble(story):
    for part in PARTS:
        story.happen(f"{part}.started", part, pid=2)
    assert story.all == []


def test_a_keeper_was_away_since_its_last_sign_of_life(story):
    restart(story.at(10), "keeper", since=BEGAN + 9)
    assert story.one.title == "The keeper died, and was started again 1.2 s later."


def test_after_a_power_cut_all_that_was_dead_is_one_incident_called_by_its_cause(story):
    story.happen("stack.absent", "stack", since=BEGAN - 42)
    story.restart_edge()
    for name in ("a1", "a2", "b1", "b2", "mirror"):
        story.restart(name, after=0.1)
    told = Finding(
        "stack-restarted", Severity.CRITICAL, "Portico was not running for 42 s.", {"part": "stack"}
    )
    story.found["watch"][told.key] = told
    story.at(2).ledger.reconcile_findings(story.found["watch"], source="watch")
    story.at(3).find("slo-burning-fast:availability", Severity.CRITICAL)
    assert story.one.title == told.sentence
    assert "not running for 42 s" in story.one.cause
    story.at(62).over(told.key)
    story.over("slo-burning-fast:availability")
    story.at(120).keep()
    assert not story.one.open


def test_parts_that_die_minutes_apart_are_different_incidents(story):
    for minute, part in enumerate(PARTS):
        restart(story.at(minute * 120), part)
    assert len(story.all) == len(PARTS)
