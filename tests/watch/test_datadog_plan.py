"""What is done at Datadog, decided from what is wanted, what is there, and what the ledger says."""

from __future__ import annotations

import pytest

from portico.watch.export.datadog.account import plan
from portico.watch.export.datadog.account.compare import Change, changes
from portico.watch.export.datadog.account.thing import DASHBOARD, MONITOR, SLO, Found, Thing
from portico.watch.export.datadog.book import Made

BODY = {"name": "errors", "query": "q > 1", "tags": ["a:1", "b:2"]}
WANTED = Thing(MONITOR, "monitor-errors", BODY)
MADE = {"monitor-errors": Made(MONITOR, "7")}


def there(id_: str = "7", slug: str = "monitor-errors", **more: object) -> Found:
    return Found(MONITOR, id_, slug, {"id": int(id_), "overall_state": "OK", **BODY, **more})


def whats(steps: list[plan.Step]) -> list[tuple[str, str]]:
    return [(step.what, step.id) for step in steps]


def test_what_is_missing_is_created():
    assert whats(plan.plan([WANTED], [], {})) == [("create", "")]


def test_what_is_as_it_shall_be_is_unchanged_whatever_the_service_adds():
    steps = plan.plan([WANTED], [there(options={"new_host_delay": 300})], MADE)
    assert whats(steps) == [("unchanged", "7")]
    assert plan.is_done(steps)


def test_what_drifted_is_put_back_and_named_field_by_field():
    [step] = plan.plan([WANTED], [there(query="q > 99")], MADE)
    assert (step.what, step.changes) == ("update", (Change("query", "q > 99", "q > 1"),))


def test_what_is_wanted_no_longer_is_deleted_by_its_marks_and_the_ledger():
    assert whats(plan.plan([], [there()], MADE)) == [("delete", "7")]


def test_what_somebody_deleted_there_is_created_again_or_forgotten():
    assert whats(plan.plan([WANTED], [], MADE)) == [("create", "")]
    assert whats(plan.plan([], [], MADE)) == [("forget", "7")]


def test_what_the_ledger_does_not_know_is_left_alone_though_it_bears_our_marks():
    assert whats(plan.plan([], [there("8")], {})) == [("leave", "8")]
    assert whats(plan.plan([WANTED], [there("8")], {})) == [("leave", "8")]


def test_a_copy_of_ours_is_left_alone_and_ours_is_not_taken_for_it():
    assert whats(plan.plan([WANTED], [there("8"), there("7")], MADE)) == [("unchanged", "7"), ("leave", "8")]
    assert whats(plan.plan([], [there("8"), there("7")], MADE)) == [("delete", "7"), ("leave", "8")]


def test_what_was_made_before_its_id_was_noted_is_known_again():
    begun = {"monitor-errors": Made(MONITOR)}
    [step] = plan.plan([WANTED], [there("8")], begun)
    assert (step.what, step.id, step.adopted) == ("unchanged", "8", True)
    assert not plan.is_done([step])
    assert whats(plan.plan([WANTED], [], begun)) == [("create", "")]
    assert whats(plan.plan([], [there("8")], begun)) == [("delete", "8")]


def test_two_that_claim_to_be_the_one_are_both_left_alone():
    begun = {"monitor-errors": Made(MONITOR)}
    steps = plan.plan([WANTED], [there("8"), there("9")], begun)
    assert {step.what for step in steps} == {"leave"}
    assert "2 objects" in steps[0].why


def test_after_the_ledger_was_lost_ours_are_taken_over_when_asked():
    [step] = plan.plan([WANTED], [there("8")], {}, adopt=True)
    assert (step.what, step.id, step.adopted) == ("unchanged", "8", True)


def test_whose_marks_were_taken_off_is_not_touched_any_more():
    """The list asks by the marks, so it isn't found."""
    assert whats(plan.plan([], [], MADE)) == [("forget", "7")]


def test_what_others_refer_to_comes_first_and_goes_last():
    kinds = [Thing(kind, kind, {}) for kind in (DASHBOARD, MONITOR, SLO)]
    assert [step.kind for step in plan.plan(kinds, [], {})] == [SLO, MONITOR, DASHBOARD]
    made = {kind: Made(kind, "1") for kind in (SLO, DASHBOARD, MONITOR)}
    found = [Found(kind, "1", kind, {}) for kind in made]
    assert [step.kind for step in plan.plan([], found, made)] == [DASHBOARD, MONITOR, SLO]


def test_a_reference_to_what_is_gone_is_a_difference():
    burn = Thing(MONITOR, "burn", {"query": 'burn_rate("{id:slo}")'})
    found = [Found(MONITOR, "2", "burn", {"query": 'burn_rate("abc")'})]
    made = {"burn": Made(MONITOR, "2"), "slo": Made(SLO, "abc")}
    [gone, put] = plan.plan([Thing(SLO, "slo", {}), burn], found, made)
    assert (gone.what, put.what) == ("create", "update")
    found.append(Found(SLO, "abc", "slo", {}))
    assert plan.is_done(plan.plan([Thing(SLO, "slo", {}), burn], found, made))


@pytest.mark.parametrize(
    ("ours", "theirs", "where"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, ["a.b"]),
        ({"a": {"b": 1}}, {}, ["a"]),
        ({"a": [1, 2]}, {"a": [1]}, ["a"]),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1, "id": 9}, {"b": 3}]}, ["a[1].b"]),
        ({"tags": ["x", "y"]}, {"tags": ["y", "x"]}, []),
        ({"tags": ["x", "y"]}, {"tags": ["y", "x", "z"]}, ["tags"]),
        ({"n": 1}, {"n": 1.0}, []),
        ({"n": 1}, {"n": True}, ["n"]),
        ({"type": "query alert"}, {"type": "metric alert"}, []),
        ({"message": "x"}, {"message": "x\n"}, []),
        ({"a": None}, {}, []),
    ],
)
def test_only_what_we_want_is_compared(ours: dict, theirs: dict, where: list[str]):
    assert [change.where for change in changes(ours, theirs)] == where
