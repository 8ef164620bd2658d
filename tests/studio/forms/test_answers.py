from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from portico.studio.back.routes import ROUTES
from portico.studio.forms import answers, delivery, names
from portico.studio.models.forms import Delivery, Form


def test_an_entry_is_taken_once_however_often_it_comes(sent):
    body = sent()
    assert answers.deliver(body) == (200, {"new": True})
    assert answers.deliver(body) == (200, {"new": False})
    [entry] = Delivery.objects.filter(key=body["key"])
    assert entry.fields == body["fields"]
    assert entry.sender == "ada@example.com"
    assert entry.received_at.timestamp() == body["received_at"]


def test_an_entry_of_an_unknown_form_is_refused_for_ever(sent):
    status, said = answers.deliver(sent(form="nowhere"))
    assert (status, "nowhere" in said["what"]) == (422, True)


@pytest.mark.parametrize(
    "broken", [{"key": None, "fields": []}, {"received_at": "soon"}, {"received_at": 1e99}]
)
def test_what_is_no_entry_is_refused_for_ever(sent, broken):
    assert answers.deliver(sent(**broken))[0] == 400


def test_a_database_that_is_away_is_told_apart(sent, monkeypatch):
    def locked(_sent):
        raise OperationalError("database is locked")

    monkeypatch.setattr(delivery, "take", locked)
    assert answers.deliver(sent())[0] == 503


def test_entries_are_kept_for_as_long_as_the_form_says(form_page, sent):
    form_page.keep_days = 7
    form_page.save()
    answers.deliver(sent())
    entry = Delivery.objects.get()
    assert entry.erase_at - entry.received_at == timedelta(days=7)


def test_spam_is_kept_apart_and_mailed_to_nobody(sent):
    answers.deliver(sent(spam=True, why="honeypot"))
    entry = Delivery.objects.get()
    assert (entry.spam, entry.why, entry.mail_after) == (True, "honeypot", None)


def test_an_entry_of_a_page_that_is_gone_is_kept(form_page, sent):
    body = sent()
    form_page.delete()
    assert answers.deliver(body) == (200, {"new": True})
    assert Delivery.objects.get().mail_after is None


def test_the_watchers_post_leaves_nothing(sent):
    assert answers.deliver(sent(form=names.PROBE, fields={"token": "x"}))[0] == 200
    assert not Delivery.objects.exists()
    assert not Form.objects.filter(name=names.PROBE).exists()


def test_a_person_is_given_everything_and_nobody_elses(sent):
    mine, other = sent(), sent(fields={"your_name": "Bob", "e_mail": "bob@example.com"})
    for body in (mine, other):
        answers.deliver(body)
    _, said = answers.export({"address": " ADA@example.com"})
    assert [entry["key"] for entry in said["entries"]] == [mine["key"]]
    assert said["entries"][0]["fields"]["message"] == "Hello\nthere"


def test_an_address_is_found_in_any_field(sent):
    answers.deliver(sent(fields={"e_mail": "bob@example.com", "message": "ada@example.com"}))
    assert len(answers.export({"address": "ada@example.com"})[1]["entries"]) == 1


def test_what_is_erased_is_gone_and_does_not_come_back(sent):
    body = sent()
    answers.deliver(body)
    assert answers.erase({"address": "ada@example.com"}) == (200, {"erased": 1})
    assert answers.deliver(body) == (200, {"new": False})
    entry = Delivery.objects.get()
    assert (entry.fields, entry.sender, entry.mail_after) == ({}, "", None)
    assert answers.export({"address": "ada@example.com"})[1]["entries"] == []


def test_entries_are_forgotten_when_their_time_is_over(sent):
    for age in (91, 89):
        answers.deliver(sent(received_at=(timezone.now() - timedelta(days=age)).timestamp()))
    assert answers.forget({}) == (200, {"erased": 1})
    assert Delivery.objects.kept().count() == 1


def test_the_relay_finds_all_its_questions_answered():
    paths = {path for method, path in ROUTES if method == "POST"}
    assert {"/deliver", "/mail", "/forget", "/export", "/erase"} <= paths


def test_a_drills_entries_are_counted_and_then_gone_and_shown_to_nobody(form_page, sent):
    for token in ("run-1", "run-2", "run-2", "other-1"):
        answers.deliver(sent(form=names.DRILL, fields={"token": token}))
    assert sorted(answers.drilled({"run": "run"})[1]["tokens"]) == ["run-1", "run-2", "run-2"]
    answers.drilled({"run": "run", "forget": True})
    assert answers.drilled({"run": "run"})[1]["tokens"] == []
    assert Delivery.objects.count() == 1
    assert not form_page.get_submissions().exists()
